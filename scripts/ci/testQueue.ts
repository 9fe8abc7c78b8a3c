/**
 * `npm run test:queue`: many processes prove one run, with a real Redis between them, and things that fail: kills, lost connections, a full
 * disk, workers that lie. Ends with `N passed, N failed`, or with `skipped: …` where there is no Redis and none can be installed.
 *
 * TRAINPROOF_REDIS_SERVER names another redis-server. Arguments go to mocha: `npm run test:queue -- -g disk`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const redis = process.env["TRAINPROOF_REDIS_SERVER"] ?? "redis-server";

const run = (command: string, args: string[], env: Record<string, string> = {}): boolean =>
  spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 14 * 60_000,
    env: { ...process.env, ...env },
  }).status === 0;

const answers = (): boolean => spawnSync(redis, ["--version"], { stdio: "ignore" }).status === 0;

/** Debian's package, where this is a Debian and we may install it. Its service is not started: tests have their own. */
function installRedis(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("installing redis-server with apt-get");
  const quiet = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "redis-server"];
  return (
    run("apt-get", install, quiet) ||
    (run("apt-get", ["update", "-qq"], quiet) && run("apt-get", install, quiet))
  );
}

if (!answers() && !(installRedis() && answers())) {
  console.log(
    "skipped: the queue's tests need redis-server (Debian: apt-get install redis-server; or TRAINPROOF_REDIS_SERVER)",
  );
  process.exit(0);
}
const work = mkdtempSync(path.join(os.tmpdir(), "trainproof-queue-"));
let [passed, failed] = [0, 1];
try {
  const report = path.join(work, "mocha.json");
  const ok = run(process.execPath, [
    path.join(root, "node_modules/.bin/mocha"),
    ...["--config", "test/queue/redis/.mocharc.json"],
    ...["--reporter", path.join(root, "scripts/ci/mochaReporter.cjs")],
    ...["--reporter-option", `output=${report}`],
    ...process.argv.slice(2),
  ]);
  if (existsSync(report)) {
    const { stats } = JSON.parse(readFileSync(report, "utf8")) as {
      stats: { passes: number; failures: number };
    };
    passed = stats.passes;
    failed = ok && passed > 0 ? stats.failures : Math.max(1, stats.failures);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
