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
import { haveRedis, NO_REDIS } from "../lib/redisServer.ts";

const root = path.resolve(import.meta.dirname, "../..");

const run = (command: string, args: string[], env: Record<string, string> = {}): boolean =>
  spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 14 * 60_000,
    env: { ...process.env, ...env },
  }).status === 0;

if (!haveRedis(console.log)) {
  console.log(`skipped: ${NO_REDIS}`);
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
