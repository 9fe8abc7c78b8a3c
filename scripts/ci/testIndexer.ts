/**
 * `npm run test:indexer`: installs the indexer's own packages, checks its types, and runs it against a real node. Ends with
 * `N passed, N failed`, or with `skipped: …` where its packages cannot be had.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const folder = path.join(root, "indexer");
const bin = (name: string) => path.join(root, "node_modules/.bin", name);

function run(command: string, args: string[], cwd = root) {
  return spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 10 * 60_000,
    stdio: ["ignore", "inherit", "pipe"],
  });
}

/** The listing that npm leaves in node_modules is newer than the lock file it was made from. */
function isInstalled(): boolean {
  const listing = path.join(folder, "node_modules/.package-lock.json");
  if (!existsSync(listing)) return false;
  return statSync(listing).mtimeMs >= statSync(path.join(folder, "package-lock.json")).mtimeMs;
}

/** What npm says when it cannot reach its registry. */
const unreachable = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT)|network|ENOTCACHED/;

function install(): void {
  if (isInstalled()) return;
  console.log("installing the indexer's packages: npm ci in indexer/");
  const { status, stderr, error } = run("npm", ["ci", "--no-audit", "--no-fund"], folder);
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split("\n").slice(-3).join("; ");
  // A lock file that does not fit is a fault; a registry that cannot be reached is the machine's.
  if (error === undefined && !unreachable.test(stderr)) {
    console.log(`${stderr}\nFAIL npm ci in indexer/\n0 passed, 1 failed`);
    process.exit(1);
  }
  console.log(`skipped: the indexer's tests need its packages, and npm ci failed: ${reason}`);
  process.exit(0);
}

let [passed, failed] = [0, 0];
function check(name: string, { status, stderr }: ReturnType<typeof run>): void {
  const ok = status === 0;
  console.log(`${ok ? "ok" : "FAIL"} ${name}`);
  if (!ok) console.log(stderr);
  if (ok) passed += 1;
  else failed += 1;
}

function mochaSuite(): void {
  const work = mkdtempSync(path.join(os.tmpdir(), "trainproof-test-indexer-"));
  try {
    const report = path.join(work, "mocha.json");
    const { status, stderr } = run(process.execPath, [
      bin("mocha"),
      ...["--config", "indexer/.mocharc.json"],
      ...["--reporter", path.join(root, "scripts/ci/mochaReporter.cjs")],
      ...["--reporter-option", `output=${report}`],
    ]);
    if (stderr !== "") console.log(stderr);
    const { stats } = existsSync(report)
      ? (JSON.parse(readFileSync(report, "utf8")) as {
          stats: { passes: number; failures: number };
        })
      : { stats: { passes: 0, failures: 1 } };
    passed += stats.passes;
    failed += status === 0 && stats.passes > 0 ? stats.failures : Math.max(1, stats.failures);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("skipped: the indexer's tests need Anvil for Linux x64");
  process.exit(0);
}
install();
const node = process.execPath;
check("the indexer's types", run(node, [bin("tsc"), "-p", "indexer/tsconfig.json"]));
check("the indexer's lint", run(node, [bin("eslint"), "indexer", "--max-warnings", "0"]));
mochaSuite();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
