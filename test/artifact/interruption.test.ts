import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  ArtifactWriteError,
  createRun,
  hex32,
  openRun,
  type Run,
  RunFolderError,
} from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { type Failure, failingFiles } from "./failingFiles.ts";
import {
  config,
  finish,
  finishAhead,
  runAhead,
  samples,
  segmentResult,
  snapshot,
  trainedAhead,
} from "./runs.ts";

describe("interrupted runs", () => {
  const folder = temporaryFolder();
  let count = 0;
  /** The folder's parent is its own, so that leftovers beside it show. */
  const fresh = () => {
    const parent = join(folder.path, `parent${count++}`);
    fs.mkdirSync(parent);
    return join(parent, "run");
  };
  const data = { key: new Uint8Array(32).fill(1), nonce: new Uint8Array(32).fill(2) };

  /** All that a run ever writes, with a failure at one call. Returns where it stopped. */
  const attempt = (path: string, at: number, failure: Failure) => {
    const { files, calls } = failingFiles(at, failure);
    let run: Run | undefined;
    let finished = 0;
    try {
      run = createRun({ folder: path, config, data, files });
      run.writeSamples(samples, { format: "trainproof-history/1", samples: 6, phases: [] });
      for (const index of [0, 1]) {
        run.finishSegment(index, segmentResult(run, index));
        finished++;
      }
      run.publish();
    } catch (error) {
      return { error, run, finished, calls };
    }
    return { error: undefined, run, finished, calls };
  };
  const whole = attempt(fresh(), -1, { kind: "crash" });
  const total = whole.calls.length; // close() below makes one more
  whole.run!.close();

  /** Opens or creates again, goes to the end, and checks that the outcome is that of an unbroken run. */
  const complete = (path: string, finished: number) => {
    const run = fs.existsSync(path) ? openRun(path) : createRun({ folder: path, config, data });
    assert.ok(
      run.finished === finished || run.finished === finished + 1,
      `${run.finished} finished`,
    );
    const runId = hex32(run.runId);
    const { manifest } = finish(run);
    run.close();
    const files = snapshot(path);
    assert.deepEqual([...files.keys()], [...snapshot(whole.run!.folder).keys()]);
    assert.equal(manifest.runId, runId);
    openRun(path).close(); // which checks every digest again
  };

  it("has many writing calls to fail at", () => {
    assert.equal(whole.error, undefined);
    assert.ok(whole.calls.length > 100, `${whole.calls.length}`);
  });

  it("killed at any writing call, a run goes on where it was finished", () => {
    for (let at = 0; at < total; at++) {
      const path = fresh();
      const { error, finished } = attempt(path, at, { kind: "crash" });
      assert.ok(error, `call ${at}`);
      // This process lives, the killed one would not: its locks are removed by hand.
      for (const name of fs.existsSync(path) ? fs.readdirSync(path) : [])
        if (name.includes("lock")) fs.rmSync(join(path, name));
      complete(path, finished);
    }
  });

  it("with the disk full at any writing call, nothing half-written stays and the run goes on later", () => {
    for (let at = 0; at < total; at++) {
      if (
        !["openSync", "writeSync", "fsyncSync", "renameSync", "mkdirSync", "linkSync"].includes(
          whole.calls[at]!.name,
        )
      )
        continue;
      const path = fresh();
      const { error, run, finished } = attempt(path, at, { kind: "error", code: "ENOSPC" });
      assert.ok(error instanceof ArtifactWriteError, `call ${at}: ${String(error)}`);
      assert.match(error.message, /full \(ENOSPC\)\. Free space and resume/);
      run?.close();
      assert.deepEqual(
        fs
          .readdirSync(dirname(path), { recursive: true, encoding: "utf8" })
          .filter((name) => basename(name).startsWith(".")),
        [],
        `call ${at}`,
      );
      complete(path, finished);
    }
  });

  it("killed, or with the disk full, while finishing what was trained ahead, a run is before a segment or after it", () => {
    const unbroken = runAhead(fresh());
    finishAhead(unbroken);
    unbroken.publish();
    unbroken.close();
    for (const failure of [{ kind: "crash" }, { kind: "error", code: "ENOSPC" }] as const) {
      let failed = true;
      for (let at = 0; failed; at++) {
        const path = fresh();
        const { folder: made } = runAhead(path);
        fs.rmSync(join(made, "lock.json"));
        const { files } = failingFiles(at, failure);
        let finished = 0;
        try {
          const run = openRun(path, files);
          try {
            for (const index of [0, 1]) {
              run.finishAhead(index, segmentResult(run, index));
              finished++;
            }
            run.publish();
          } finally {
            run.close();
          }
          failed = false;
        } catch {
          for (const name of fs.readdirSync(path))
            if (name.includes("lock")) fs.rmSync(join(path, name));
        }
        const after = openRun(path);
        assert.ok([finished, finished + 1].includes(after.finished), `call ${at}`);
        assert.deepEqual(after.ahead.indices, [0, 1].slice(after.finished), `call ${at}`);
        finishAhead(after);
        assert.deepEqual(after.weights(), unbroken.weights());
        after.publish();
        after.close();
        const left = [...snapshot(path).keys()].sort();
        assert.deepEqual(left, [...snapshot(unbroken.folder).keys()].sort(), `call ${at}`);
        openRun(path).close(); // which checks every digest again
        assert.ok(at < 300);
      }
    }
  });

  it("after a failed write, a run must be opened again", () => {
    const { run } = attempt(
      fresh(),
      whole.calls.findIndex(({ args }) => String(args[0]).includes("samples")),
      {
        kind: "error",
        code: "EIO",
      },
    );
    assert.throws(
      () => run!.writeSamples(samples),
      (e) => e instanceof RunFolderError && /Open the run again/.test(e.message),
    );
    run!.close();
  });

  it("writes every byte to the disk before the rename that makes it count, and the rename after it", () => {
    const open = new Map<unknown, string>();
    let unsynced = new Set<string>();
    let renamed: string | undefined;
    const { files, calls } = failingFiles(-1, { kind: "crash" });
    const traced = new Proxy(files, {
      get:
        (target, name: keyof typeof files) =>
        (...args: unknown[]) => {
          const result: unknown = (target[name] as (...a: unknown[]) => unknown)(...args);
          if (name === "openSync") {
            open.set(result, String(args[0]));
            if (args[1] === "wx") unsynced.add(String(args[0]));
          }
          if (name === "mkdirSync") unsynced.add(String(args[0]));
          if (name === "fsyncSync") {
            unsynced.delete(open.get(args[0])!);
            if (open.get(args[0]) === renamed) renamed = undefined;
          }
          if (name === "renameSync") {
            assert.deepEqual(
              [...unsynced].filter((path) => path.startsWith(String(args[0]))),
              [],
            );
            assert.equal(renamed, undefined, "an earlier rename was not made durable");
            renamed = dirname(String(args[1]));
          }
          return result;
        },
    });
    const run = createRun({ folder: fresh(), config, files: traced });
    run.writeSamples(samples);
    run.ahead.add(0, trainedAhead(run, 0));
    finishAhead(run);
    finish(run);
    run.close();
    assert.equal(renamed, undefined);
    unsynced = new Set();
    assert.ok(calls.filter(({ name }) => name === "renameSync").length >= 8);
  });

  it("kill -9 of a real process leaves a run that goes on, and nothing beside it", function () {
    this.timeout(60_000);
    const child = join(import.meta.dirname, "killedChild.ts");
    const path = fresh();
    // Calls of the first creation, then of later openings: each child dies a little further on.
    for (const at of [3, 20, 60, 30, 45, 70]) {
      const { signal, stderr } = spawnSync(process.execPath, [child, path, String(at)], {
        encoding: "utf8",
      });
      assert.equal(signal, "SIGKILL", stderr);
      if (fs.existsSync(path)) openRun(path).close();
    }
    const { status, stderr } = spawnSync(process.execPath, [child, path, "-1"], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(fs.readdirSync(dirname(path)), ["run"]);
    openRun(path).close();
  });

  it("the system's own limit on file sizes is reported, and the run goes on without it", () => {
    const child = join(import.meta.dirname, "killedChild.ts");
    const path = fresh();
    // One block of 512 or 1024 bytes: too small for the manifest, for one.
    const limited = ["-c", 'ulimit -f 1; exec "$@"', "sh", process.execPath, child, path, "-1"];
    const { status, stderr } = spawnSync("sh", limited, { encoding: "utf8" });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /the disk or quota is full \(EFBIG\)/);
    const run = openRun(path);
    assert.equal(finish(run).manifest.segments, 2);
    run.close();
  });
});
