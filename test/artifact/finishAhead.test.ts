import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  ArtifactWriteError,
  type FileSystem,
  hex32,
  nodeFiles,
  openRun,
  type Run,
  RunFolderError,
  sha256,
} from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { bytesOf, finish, finishAhead, runAhead, snapshot, weightsAfter } from "./runs.ts";

const NAME = "weights.safetensors";

describe("finishing what was trained ahead", () => {
  const temporary = temporaryFolder();
  let count = 0;
  const started = () => runAhead(join(temporary.path, `run${count++}`));
  const aheadFile = (run: Run, index: number, name = NAME) =>
    join(run.folder, "secret/ahead", `00000${index}`, name);
  const kept = (run: Run, index: number) =>
    join(run.folder, "secret/weights", `00000${index}`, NAME);
  const proofOf = (index: number) => ({ proof: bytesOf(`proof${index}`, 500) });
  const flip = (path: string) => {
    const bytes = fs.readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(path, bytes);
  };
  const reopened = (run: Run, files?: FileSystem) => {
    run.close();
    return openRun(run.folder, files);
  };

  it("keeps the very file of exact weights, for the owner alone, with the digest that it was written with", () => {
    const run = started();
    const { ino } = fs.statSync(aheadFile(run, 0));
    run.finishAhead(0, proofOf(0));
    assert.ok(!fs.existsSync(aheadFile(run, 0)));
    const stat = fs.statSync(kept(run, 0));
    assert.deepEqual([stat.ino, stat.nlink, stat.mode & 0o777], [ino, 1, 0o600]);
    const state = fs.readFileSync(join(run.folder, "secret/state.json"), "utf8");
    const digest = hex32(sha256(fs.readFileSync(kept(run, 0))));
    assert.ok(state.includes(`{"path":"000000/${NAME}","sha256":"${digest}","size":${stat.size}}`));
    const again = reopened(run);
    const { weights, rows, blindings } = again.resume().start!;
    const bytes = [rows, blindings].map(hex32);
    const after = weightsAfter(0);
    assert.deepEqual(weights, after.weights);
    assert.deepEqual(bytes, [after.rows, after.blindings].map(hex32));
    again.close();
  });

  it("leaves the files that a run in one process leaves", () => {
    const [run, other] = [started(), started()];
    finishAhead(run);
    run.publish();
    finish(other);
    for (const each of [run, other]) {
      const again = reopened(each);
      assert.deepEqual(again.ahead.indices, []); // and what is finished is removed
      again.close();
    }
    const [names, others] = [run, other].map(({ folder }) => [...snapshot(folder).keys()]);
    assert.deepEqual(names, others);
  });

  it("takes only the first, and only where it is next", () => {
    const run = started();
    assert.throws(() => run.finishAhead(1, proofOf(1)), RangeError);
    run.finishAhead(0, proofOf(0));
    assert.throws(() => run.finishAhead(0, proofOf(0)), RangeError);
    run.finishAhead(1, proofOf(1));
    assert.throws(() => run.finishAhead(2, proofOf(2)), RangeError);
    run.close();
  });

  it("refuses rows, blindings and statements that do not fit, and leaves everything as it is", () => {
    const run = started();
    const before = snapshot(run.folder);
    const changed = (name: string, bytes: Uint8Array, expected: RegExp) => {
      const path = aheadFile(run, 0, name);
      const good = fs.readFileSync(path);
      fs.writeFileSync(path, bytes);
      assert.throws(() => run.finishAhead(0, proofOf(0)), expected);
      fs.writeFileSync(path, good);
    };
    const { rows, blindings } = weightsAfter(7);
    changed("weights-out.bin", rows, /weightsOut is not what/);
    changed("weights-blindings.bin", blindings.subarray(32), /32 of blinding for each row/);
    const next = fs.readFileSync(aheadFile(run, 1, "statement.bin"));
    changed("statement.bin", next, /does not belong to this run/);
    assert.deepEqual(snapshot(run.folder), before);
    finishAhead(run);
    run.close();
  });

  describe("where the exact weights were damaged since", () => {
    const altered = /weights\.safetensors: these weights were altered since.*Delete secret\/ahead/;

    it("says so when they are read after a restart", () => {
      const run = started();
      flip(aheadFile(run, 0));
      const again = reopened(run);
      assert.throws(() => again.ahead.read(0), altered);
      assert.doesNotThrow(() => again.ahead.read(1));
      again.close();
    });

    it("says so when the run is opened after they are finished: no damaged file gets a digest of its own", () => {
      const run = started();
      flip(aheadFile(run, 0));
      run.finishAhead(0, proofOf(0));
      assert.throws(() => reopened(run), /weights\.safetensors: this finished file was altered/);
    });

    it("does not finish a file of another size, or the last segment, whose weights are read", () => {
      const run = started();
      const path = aheadFile(run, 0);
      const good = fs.readFileSync(path);
      fs.truncateSync(path, 100);
      assert.throws(() => run.finishAhead(0, proofOf(0)), altered);
      fs.rmSync(path);
      assert.throws(() => run.finishAhead(0, proofOf(0)), altered);
      fs.writeFileSync(path, good);
      flip(aheadFile(run, 1));
      run.finishAhead(0, proofOf(0));
      assert.throws(() => run.finishAhead(1, proofOf(1)), altered);
      const again = reopened(run);
      assert.equal(again.finished, 1);
      again.close();
      fs.rmSync(join(run.folder, "secret/ahead"), { recursive: true }); // the way out
      const trainedAgain = openRun(run.folder);
      finish(trainedAgain);
      trainedAgain.close();
    });

    it("and where the note of their digest was", () => {
      const run = started();
      fs.writeFileSync(aheadFile(run, 0, "weights.json"), '{"format":"trainproof-ahead/1"}');
      const problem = (e: Error) => /weights\.json: .*Delete secret\/ahead/.test(e.message);
      assert.throws(() => run.ahead.read(0), problem);
      assert.throws(() => run.finishAhead(0, proofOf(0)), problem);
      run.close();
    });
  });

  describe("of a version that noted no digest", () => {
    const withoutNote = () => {
      const run = started();
      for (const index of [0, 1]) fs.rmSync(aheadFile(run, index, "weights.json"));
      return reopened(run);
    };

    it("takes it from the file", () => {
      const run = withoutNote();
      finishAhead(run);
      run.publish();
      const again = reopened(run);
      assert.deepEqual(again.weights(), weightsAfter(1).weights);
      again.close();
    });

    it("refuses weights of another segment", () => {
      const run = withoutNote();
      fs.copyFileSync(aheadFile(run, 1), aheadFile(run, 0));
      assert.throws(
        () => run.finishAhead(0, proofOf(0)),
        (e) => e instanceof RunFolderError && /trained for another segment/.test(e.message),
      );
      run.close();
    });
  });

  describe("where a hard link cannot be made", () => {
    const failing = (code: string): FileSystem => ({
      ...nodeFiles,
      linkSync: (from, to) => {
        if (!String(from).endsWith(NAME)) return fs.linkSync(from, to); // the lock
        throw Object.assign(new Error(code), { code });
      },
    });

    for (const code of ["EPERM", "ENOTSUP", "EXDEV", "EMLINK"])
      it(`for ${code}, copies the file`, () => {
        const run = reopened(started(), failing(code));
        const before = fs.readFileSync(aheadFile(run, 0));
        const { ino } = fs.statSync(aheadFile(run, 0));
        run.finishAhead(0, proofOf(0));
        const stat = fs.statSync(kept(run, 0));
        assert.notEqual(stat.ino, ino);
        assert.equal(stat.mode & 0o777, 0o600);
        assert.deepEqual(fs.readFileSync(kept(run, 0)), before);
        const again = reopened(run);
        finishAhead(again);
        again.close();
      });

    it("for any other reason, fails as a write does", () => {
      const run = reopened(started(), failing("EIO"));
      assert.throws(
        () => run.finishAhead(0, proofOf(0)),
        (e) => e instanceof ArtifactWriteError && e.message.includes("EIO"),
      );
      const again = reopened(run);
      assert.deepEqual([again.finished, again.ahead.indices], [0, [0, 1]]);
      finishAhead(again);
      again.close();
    });
  });
});
