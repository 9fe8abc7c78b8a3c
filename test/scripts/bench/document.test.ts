import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { replaceSection, writeDocumentPart } from "../../../scripts/bench/document.ts";
import { scalingDocument } from "../../../scripts/bench/scalingReport.ts";
import { temporaryFolder } from "../../dataset/files.ts";

const document = (...sections: string[]) =>
  sections
    .map((s) => `text\n<!-- bench ${s}: begin -->\nold ${s}\n<!-- bench ${s}: end -->\n`)
    .join("");

describe("the generated parts of docs/PERFORMANCE.md", () => {
  const folder = temporaryFolder();

  it("only what stands between a section's markers is replaced", () => {
    const once = replaceSection(document("a", "b"), { section: "b", lines: ["new"] });
    assert.ok(once.startsWith(document("a")));
    assert.ok(once.endsWith("begin -->\n\nnew\n\n<!-- bench b: end -->\n"));
    assert.equal(replaceSection(once, { section: "b", lines: ["new"] }), once);
  });

  it("markers that are missing, doubled or in the wrong order are an error", () => {
    const [begin = "", end = ""] = document("a").match(/<!--.*-->/g)!;
    for (const text of ["", begin, end, `${end}${begin}`, document("a", "a"), document("b")])
      assert.throws(() => replaceSection(text, { section: "a", lines: [] }), /needs <!-- bench a/);
  });

  it("the document has a place for every benchmark", () => {
    const file = path.resolve(import.meta.dirname, "../../../docs/PERFORMANCE.md");
    const text = fs.readFileSync(file, "utf8");
    for (const section of ["headline", "portable", "mnist", "epoch", "scaling"])
      assert.ok(replaceSection(text, { section, lines: ["x"] }).includes("\nx\n"), section);
  });

  it("the document about scale has a place for its benchmark", () => {
    const part = { document: "SCALE.md", section: "scale", lines: ["x"] };
    const file = path.resolve(import.meta.dirname, "../../../docs/SCALE.md");
    assert.ok(replaceSection(fs.readFileSync(file, "utf8"), part).includes("\nx\n"));
    folder.write("SCALE.md", document("scale"));
    writeDocumentPart(part, folder.path);
    assert.match(fs.readFileSync(path.join(folder.path, "SCALE.md"), "utf8"), /\nx\n/);
    assert.throws(() => replaceSection("", part), /docs\/SCALE.md: needs <!-- bench scale/);
  });

  it("scaling writes its tables and plots, and says what was not measured", () => {
    const figures = {
      parameters: 1000,
      stepSeconds: 0.5,
      trainStepSeconds: 0.1,
      verifySeconds: 0.3,
      proofBytes: 5000,
      peakBytes: 2 ** 30,
      predictedBytes: 2 ** 31,
    };
    const series = {
      id: "steps",
      axis: "T",
      title: "Steps",
      points: [
        { x: 1, steps: 1, figures },
        { x: 4, steps: 4, figures },
        { x: 64, steps: 64, skipped: "needs 30.0 GiB, 20.0 GiB are free" },
      ],
    };
    const machine = { device: "cpu", cpu: "x", threads: 2, portable: false };
    const part = scalingDocument({ ...machine, series: [series] });
    folder.write("PERFORMANCE.md", document("scaling"));
    writeDocumentPart({ section: "scaling", ...part }, folder.path);
    const text = fs.readFileSync(path.join(folder.path, "PERFORMANCE.md"), "utf8");
    assert.match(text, /\| 4 +\| +0\.500 s \| .*\| +1024 MiB \| +2048 MiB \| +256 MiB \|/);
    assert.match(text, /Not measured: T = 64, needs 30\.0 GiB/);
    for (const [, file] of text.matchAll(/\]\((performance\/.*?)\)/g))
      assert.match(fs.readFileSync(path.join(folder.path, file!), "utf8"), /^<svg /);
    assert.equal(Object.keys(part.plots).length, 2);
  });

  it("a series of which nothing was measured has no plot", () => {
    const points = [{ x: 1, steps: 1, skipped: "no time left" }];
    const machine = { device: "cpu", cpu: "x", threads: 2, portable: true };
    const series = [{ id: "a", axis: "A", title: "A", points }];
    assert.deepEqual(scalingDocument({ ...machine, series }).plots, {});
  });
});
