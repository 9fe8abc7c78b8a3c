import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { createRun, openRun, type Run, type TrainedAhead } from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { failingFiles } from "./failingFiles.ts";
import {
  bytesOf,
  config,
  samples,
  segmentResult,
  trainedAhead as trained,
  weightsAfter,
} from "./runs.ts";

describe("segments trained ahead", () => {
  const temporary = temporaryFolder();
  let count = 0;
  const started = () => {
    const run = createRun({ folder: join(temporary.path, `run${count++}`), config });
    run.writeSamples(samples);
    return run;
  };
  /** With plain bytes, whatever they came as. */
  const plainly = ({ weights, record, ...bytes }: TrainedAhead) => ({
    weights,
    record,
    ...Object.fromEntries(
      Object.entries(bytes).map(([k, v]) => [k, Buffer.from(v).toString("hex")]),
    ),
  });
  const aheadFolder = (run: Run) => join(run.folder, "secret", "ahead");

  it("are kept, for the owner alone, and read again when the run is opened", () => {
    const run = started();
    const segments = [0, 1].map((index) => {
      const segment = trained(run, index);
      run.ahead.add(index, segment);
      return segment;
    });
    run.ahead.addExtra(1, "proof.bin", bytesOf("proof", 100));
    run.close();
    const again = openRun(run.folder);
    assert.deepEqual(again.ahead.indices, [0, 1]);
    assert.deepEqual(plainly(again.ahead.read(1)), plainly(segments[1]!));
    assert.deepEqual(
      Buffer.from(again.ahead.extra(1, "proof.bin")!),
      Buffer.from(bytesOf("proof", 100)),
    );
    assert.equal(again.ahead.extra(0, "proof.bin"), undefined);
    assert.deepEqual(Buffer.from(again.rowsBefore(1)!), Buffer.from(segments[0]!.rows));
    for (const name of fs.readdirSync(aheadFolder(run), { recursive: true, encoding: "utf8" })) {
      const { mode } = fs.statSync(join(aheadFolder(run), name));
      assert.equal(mode & 0o077, 0, name);
    }
    again.close();
  });

  it("finish under the statement and commitments that they have, and then go", () => {
    const run = started();
    for (const index of [0, 1]) run.ahead.add(index, trained(run, index));
    for (const index of [0, 1]) run.finishAhead(index, { proof: bytesOf(`proof${index}`, 500) });
    assert.ok(!fs.existsSync(aheadFolder(run)));
    assert.equal(run.publish().manifest.segments, 2);
    run.close();
  });

  it("are dropped where they are finished already, or lie behind a gap", () => {
    const run = started();
    for (const index of [0, 1]) run.ahead.add(index, trained(run, index));
    run.close();
    fs.rmSync(join(aheadFolder(run), "000000"), { recursive: true });
    const gap = openRun(run.folder);
    assert.deepEqual(gap.ahead.indices, []);
    gap.ahead.add(0, trained(gap, 0));
    const segment = gap.ahead.read(0);
    gap.finishSegment(0, { ...segment, proof: bytesOf("proof0", 500) });
    gap.close(); // killed before the segment was removed
    const finished = openRun(run.folder);
    assert.deepEqual([finished.finished, finished.ahead.indices], [1, []]);
    assert.deepEqual(fs.readdirSync(aheadFolder(run)), []);
    finished.close();
  });

  it("come in order, one after the other", () => {
    const run = started();
    const first = trained(run, 0);
    run.ahead.add(0, first);
    assert.throws(() => run.ahead.add(0, first), /segment 0 trained ahead, 1 is next/);
    run.ahead.add(1, trained(run, 1));
    assert.throws(() => run.ahead.remove(1), /is not the first/);
    run.close();
  });

  it("cannot finish under other commitments than their statement's", () => {
    const run = started();
    const segment = trained(run, 0);
    const proof = bytesOf("proof", 500);
    const other = weightsAfter(0, "other");
    assert.throws(() => run.finishSegment(0, { ...segment, ...other, proof }), /weightsOut/);
    run.close();
  });

  it("of another run are refused, with the way out", () => {
    const [run, other] = [started(), started()];
    run.ahead.add(0, trained(run, 0));
    other.close();
    fs.cpSync(aheadFolder(run), aheadFolder(other), { recursive: true });
    const opened = openRun(other.folder);
    assert.throws(() => opened.ahead.read(0), /another segment or run.*Delete secret\/ahead/);
    opened.close();
    run.close();
  });

  it("are there whole or not at all, wherever writing fails", () => {
    for (let at = 0; ; at++) {
      const run = started();
      run.close();
      const segment = (() => {
        const open = openRun(run.folder);
        const made = trained(open, 0);
        open.close();
        return made;
      })();
      const failing = failingFiles(at, { kind: "error", code: "ENOSPC" });
      let failed = false;
      try {
        const open = openRun(run.folder, failing.files);
        try {
          open.ahead.add(0, segment);
        } finally {
          open.close();
        }
      } catch {
        failed = true;
      }
      fs.rmSync(join(run.folder, "lock.json"), { force: true });
      const after = openRun(run.folder);
      if (after.ahead.has(0)) assert.deepEqual(plainly(after.ahead.read(0)), plainly(segment));
      else assert.ok(failed, `call ${at} reported no failure`);
      const left = fs.existsSync(aheadFolder(after)) ? fs.readdirSync(aheadFolder(after)) : [];
      assert.ok(
        left.every((name) => name === "000000"),
        left.join(),
      );
      after.close();
      if (!failed) break;
      assert.ok(at < 200);
    }
  });

  it("do not hinder one who finishes the segments otherwise", () => {
    const run = started();
    run.ahead.add(0, trained(run, 0));
    run.finishSegment(0, segmentResult(run, 0, "otherwise"));
    run.close();
    const again = openRun(run.folder);
    assert.deepEqual([again.finished, again.ahead.indices], [1, []]);
    again.close();
  });
});
