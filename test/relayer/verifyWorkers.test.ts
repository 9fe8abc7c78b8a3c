import assert from "node:assert/strict";
import path from "node:path";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, startVerb } from "../e2e/verbs.ts";
import { forge, proveTiny, publish } from "./watch/publisher.ts";

interface Verified {
  ok: boolean;
  check?: string;
  segment?: number;
  reason?: string;
  steps: number;
  timings: { atATime: number; segmentSeconds: number };
}

describe("trainproof verify --workers", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let honest: string;

  before(async () => {
    honest = await proveTiny(path.join(folder.path, "owner"), { steps: 128 });
  });

  const verify = async (run: string, workers: number, code: number): Promise<Verified> => {
    const found = await runVerb(["verify", run, "--workers", String(workers), "--json"]);
    assert.equal(found.code, code, found.stderr);
    return JSON.parse(found.stdout) as Verified;
  };

  it("has the verdict that one thread has, and says how many were at work", async () => {
    for (const workers of [1, 3]) {
      const { ok, steps, timings } = await verify(honest, workers, 0);
      assert.deepEqual([ok, steps, timings.atATime], [true, 128, workers]);
      assert.ok(timings.segmentSeconds > 0);
    }
  });

  it("ends with the first segment that fails, and with the same reason", async () => {
    const forged = forge(honest, path.join(folder.path, "forged"));
    const [alone, ...others] = [
      await verify(forged, 1, 3),
      await verify(forged, 2, 3),
      await verify(forged, 5, 3),
    ];
    assert.equal(alone.segment, 1);
    for (const { check, segment, reason } of others)
      assert.deepEqual([check, segment, reason], [alone.check, alone.segment, alone.reason]);
  });

  it("ends without a verdict when it is interrupted, whatever its threads and sockets are at", async () => {
    const publisher = await publish(honest);
    try {
      const last = new Promise<void>((resolve) => {
        // The last segment's proof never comes: by then threads are at work on those before it.
        publisher.interfere(({ url }) => {
          const stalled = url?.includes("/000015/proof") === true;
          if (stalled) resolve();
          return stalled;
        });
      });
      const what = `${publisher.origin}/manifest.json`;
      const { child, ended } = startVerb(["verify", what, "--workers", "2", "--json"]);
      await Promise.race([last, ended]);
      assert.equal(child.exitCode, null);
      child.kill("SIGINT");
      const { code, stdout } = await ended;
      assert.equal(code, 2);
      assert.equal((JSON.parse(stdout) as { code: string }).code, "CANCELLED");
    } finally {
      await publisher.stop();
    }
  });
});
