import assert from "node:assert/strict";
import { digits, markdownTable, textTable } from "../../../scripts/bench/table.ts";

describe("tables of benchmarks", () => {
  const rows = [
    ["phase", "s"],
    ["κ", "1.5"],
    ["longer name", "10"],
  ];

  it("columns stand under each other, numbers at the right", () => {
    assert.deepEqual(textTable(rows), ["phase          s", "κ            1.5", "longer name   10"]);
  });

  it("short rows end early, without spaces behind", () => {
    assert.deepEqual(textTable([["a", "b"], ["c"]]), ["a  b", "c"]);
  });

  it("no rows are no lines", () => {
    assert.deepEqual(textTable([]), []);
  });

  it("Markdown has a rule under its head and no bar of its own in a cell", () => {
    assert.deepEqual(
      markdownTable([
        ["a|b", "s"],
        ["c", "1"],
      ]),
      ["| a\\|b |   s |", "| ---- | --: |", "| c    |   1 |"],
    );
  });

  it("figures have three digits, whatever their size", () => {
    const shown = [0, 0.000123456, 0.0123456, 0.123456, 1.23456, 12.3456, 123.456, 1234.56];
    assert.deepEqual(shown.map(digits), [
      ...["0", "0.000123", "0.0123", "0.123", "1.23", "12.3", "123", "1235"],
    ]);
  });
});
