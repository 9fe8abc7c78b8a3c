import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { createRun, openRun, readHistory, RunFolderError } from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { config, finish, historyOf, samples, segmentResult } from "./runs.ts";

describe("a run's history", () => {
  const folder = temporaryFolder();
  let count = 0;
  const fresh = () => createRun({ folder: join(folder.path, `run${count++}`), config });
  const whole = () => {
    const run = fresh();
    finish(run);
    run.close();
    return run.folder;
  };
  const at = (run: string, name: string) => join(run, "secret/history", name);

  it("has what data and segments cost, in order, readable by the owner alone", () => {
    const run = whole();
    const history = readHistory(run);
    assert.deepEqual(history.segments, [historyOf(0), historyOf(1)]);
    assert.equal(history.data?.samples, 6);
    assert.equal(fs.statSync(join(run, "secret/history")).mode & 0o777, 0o700);
    for (const name of fs.readdirSync(join(run, "secret/history")))
      assert.equal(fs.statSync(at(run, name)).mode & 0o777, 0o600, name);
  });

  it("a record of a segment that was not finished is forgotten when the run is opened", () => {
    const run = fresh();
    run.writeSamples(samples);
    run.finishSegment(0, segmentResult(run, 0));
    run.close();
    fs.writeFileSync(at(run.folder, "000001.json"), JSON.stringify(historyOf(1)));
    openRun(run.folder).close();
    assert.deepEqual(readHistory(run.folder).segments, [historyOf(0)]);
  });

  it("a run of an older version has none, goes on, and has it from then on", () => {
    const run = fresh();
    run.writeSamples(samples);
    const { history, ...old } = segmentResult(run, 0);
    assert.ok(history);
    run.finishSegment(0, old);
    run.close();
    fs.rmSync(join(run.folder, "secret/history"), { recursive: true });
    const again = openRun(run.folder);
    finish(again);
    again.close();
    assert.deepEqual(readHistory(run.folder), { segments: [historyOf(1)] });
  });

  it("a deleted record is missing, and nothing else", () => {
    const run = whole();
    fs.rmSync(at(run, "000000.json"));
    openRun(run).close();
    assert.deepEqual(readHistory(run).segments, [historyOf(1)]);
  });

  for (const [what, content] of Object.entries({
    "no JSON": "{",
    "another format": JSON.stringify({ ...historyOf(0), format: "trainproof-history/2" }),
    "an unknown field": JSON.stringify({ ...historyOf(0), extra: 1 }),
    "a loss that is no number": JSON.stringify({ ...historyOf(0), loss: ["1"] }),
    "a negative time": JSON.stringify({
      ...historyOf(0),
      phases: [{ phase: "x", seconds: -1, processorSeconds: 0, peakBytes: 0 }],
    }),
    nothing: "",
  }))
    it(`a record with ${what} is refused with its file and a way out`, () => {
      const run = whole();
      fs.writeFileSync(at(run, "000000.json"), content);
      assert.throws(
        () => readHistory(run),
        (e) => e instanceof RunFolderError && /000000\.json.*Delete the file/s.test(e.message),
      );
    });
});
