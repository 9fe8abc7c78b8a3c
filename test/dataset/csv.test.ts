import assert from "node:assert/strict";
import { openCsv } from "../../src/dataset/csv.ts";
import type { DataError } from "../../src/dataset/errors.ts";
import { DataFormatError, DataMismatchError } from "../../src/dataset/errors.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { temporaryFolder } from "./files.ts";

describe("CSV reader", () => {
  const folder = temporaryFolder();
  const base = { header: true, delimiter: ",", labelColumns: ["y"] as (string | number)[] };
  const open = async (text: string | Uint8Array, options = {}, limits = DATA_LIMITS) => {
    const file = folder.write("a.csv", text);
    const { features, labels } = await openCsv(file, { ...base, ...options }, limits);
    const all = (matrix: typeof features) => {
      const out = new Float64Array(matrix.rows * matrix.columns);
      matrix.read(0, matrix.rows, out);
      return [...out];
    };
    return { x: all(features), y: all(labels), features };
  };

  it("splits columns by the header's names", async () => {
    const { x, y } = await open("a,y,b\n1,2,3\n-4.5,5e-1,+6\n");
    assert.deepEqual(x, [1, 3, -4.5, 6]);
    assert.deepEqual(y, [2, 0.5]);
  });

  it("takes columns by index without a header, another delimiter, quotes, a byte order mark and CRLF", async () => {
    const { x, y } = await open('\ufeff1; "2";9\r\n3;4;9\r\n', {
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

  it("maps class names to their indices", async () => {
    const { y } = await open("y,a\nred,1\nblue,2\n", { classNames: ["blue", "red"] });
    assert.deepEqual(y, [1, 0]);
  });

  const bad = (text: string | Uint8Array, kind: typeof DataError, pattern: RegExp, options = {}) =>
    assert.rejects(
      () => open(text, options),
      (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, pattern);
        return true;
      },
    );

  it("names row and column of a cell that is no number", async () => {
    await bad("a,y\n1,2\nx,3\n", DataFormatError, /row 1, column "a": "x" is not a number/);
    await bad("a,y\n1,\n", DataFormatError, /row 0, column "y": "" is not/);
    for (const text of ["NaN", "Infinity", "0x10", "1_000", "1e999", "--1", "1 2"])
      await bad(`a,y\n${text},1\n`, DataFormatError, /is not a number/);
  });

  it("refuses lines with too many or too few cells, and open quotes", async () => {
    await bad("a,y\n1,2\n1,2,3\n", DataFormatError, /not valid CSV.*line 3/);
    await bad("a,y\n1\n", DataFormatError, /not valid CSV/);
    await bad('a,y\n"1,2\n', DataFormatError, /not valid CSV/);
  });

  it("refuses unknown columns, names without a header, and no features", async () => {
    await bad("a,b\n1,2\n", DataMismatchError, /column "y": no such column.*a, b/);
    await bad("1,2\n", DataMismatchError, /"header" is false/, { header: false });
    await bad("1,2\n", DataMismatchError, /column 2: no such column/, {
      header: false,
      labelColumns: [2],
    });
    await bad("y\n1\n", DataMismatchError, /0 feature and 1 label/);
  });

  it("refuses labels that are no class, empty files and tables beyond the limit", async () => {
    await bad("y,a\ngreen,1\n", DataMismatchError, /"green" is none of the 2 classes/, {
      classNames: ["a", "b"],
    });
    await bad("", DataFormatError, /no record/);
    await bad("a,y\n", DataFormatError, /no record/);
    const limits = { ...DATA_LIMITS, unpackedBytes: 100 };
    await assert.rejects(
      () => open("a,y\n" + "1,2\n".repeat(100), {}, limits),
      /needs 800 bytes of temporary space; the limit is 100/,
    );
  });
});
