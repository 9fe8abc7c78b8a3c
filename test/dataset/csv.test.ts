import assert from "node:assert/strict";
import { openCsv } from "../../src/dataset/csv.ts";
import type { DataError } from "../../src/dataset/errors.ts";
import { DataFormatError, DataMismatchError } from "../../src/dataset/errors.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { temporaryFolder } from "./files.ts";

describe("CSV reader", () => {
  const folder = temporaryFolder();
  const base = { header: true, delimiter: ",", labelColumns: ["y"] as (string | number)[] };
  const open = (text: string, options = {}) => {
    const { features, labels } = openCsv(folder.write("a.csv", text), { ...base, ...options });
    const all = (matrix: typeof features) => {
      const out = new Float64Array(matrix.rows * matrix.columns);
      matrix.read(0, matrix.rows, out);
      return [...out];
    };
    return { x: all(features), y: all(labels), features };
  };

  it("splits columns by the header's names", () => {
    const { x, y } = open("a,y,b\n1,2,3\n-4.5,5e-1,+6\n");
    assert.deepEqual(x, [1, 3, -4.5, 6]);
    assert.deepEqual(y, [2, 0.5]);
  });

  it("takes columns by index without a header, another delimiter, quotes, a byte order mark and CRLF", () => {
    const { x, y } = open('\ufeff1; "2";9\r\n3;4;9\r\n', {
      header: false,
      delimiter: ";",
      labelColumns: [0],
      ignoreColumns: [2],
    });
    assert.deepEqual(
      [x, y],
      [
        [2, 4],
        [1, 3],
      ],
    );
  });

  it("maps class names to their indices", () => {
    assert.deepEqual(open("y,a\nred,1\nblue,2\n", { classNames: ["blue", "red"] }).y, [1, 0]);
  });

  const bad = (text: string, kind: typeof DataError, pattern: RegExp, options = {}) =>
    assert.throws(
      () => open(text, options),
      (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, pattern);
        return true;
      },
    );

  it("names row and column of a cell that is no number", () => {
    bad("a,y\n1,2\nx,3\n", DataFormatError, /row 1, column "a": "x" is not a number/);
    bad("a,y\n1,\n", DataFormatError, /row 0, column "y": "" is not/);
    for (const text of ["NaN", "Infinity", "0x10", "1_000", "1e999", "--1", "1 2"])
      bad(`a,y\n${text},1\n`, DataFormatError, /is not a number/);
  });

  it("refuses lines with too many or too few cells, and open quotes", () => {
    bad("a,y\n1,2\n1,2,3\n", DataFormatError, /not valid CSV.*line 3/);
    bad("a,y\n1\n", DataFormatError, /not valid CSV/);
    bad('a,y\n"1,2\n', DataFormatError, /not valid CSV/);
  });

  it("refuses unknown columns, names without a header, and no features", () => {
    bad("a,b\n1,2\n", DataMismatchError, /column "y": no such column.*a, b/);
    bad("1,2\n", DataMismatchError, /"header" is false/, { header: false });
    bad("1,2\n", DataMismatchError, /column 2: no such column/, {
      header: false,
      labelColumns: [2],
    });
    bad("y\n1\n", DataMismatchError, /0 feature and 1 label/);
  });

  it("refuses labels that are no class, empty files and files beyond the limit", () => {
    bad("y,a\ngreen,1\n", DataMismatchError, /"green" is none of the 2 classes/, {
      classNames: ["a", "b"],
    });
    bad("", DataFormatError, /no record/);
    bad("a,y\n", DataFormatError, /no record/);
    const file = folder.write("big.csv", "a,y\n" + "1,2\n".repeat(100));
    assert.throws(() => openCsv(file, base, { ...DATA_LIMITS, csvBytes: 100 }), /the limit is 100/);
  });
});
