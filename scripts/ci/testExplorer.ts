/**
 * `npm run test:explorer`: the explorer in a real browser, Debian's Chromium, against a local chain and runs that the native prover
 * makes for it. Ends with `N passed, N failed`, or with `skipped: …` where there is no Chromium and none can be installed.
 *
 * TRAINPROOF_CHROMIUM names another Chromium. Screenshots of the main pages: build/explorer-screenshots.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

const root = path.resolve(import.meta.dirname, "../..");
const chromium = process.env["TRAINPROOF_CHROMIUM"] ?? "/usr/bin/chromium";
/** Of the worker's script, gzipped: reader, protocol, verifier and its WebAssembly modules. */
const LARGEST_VERIFIER = 150 * 1024;

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 10 * 60_000,
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** Debian's package, where this is a Debian and we may install it. */
function installChromium(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("installing chromium with apt-get");
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
  return (
    run("apt-get", install, quiet) ||
    (run("apt-get", ["update", "-qq"], quiet) && run("apt-get", install, quiet))
  );
}

function skip(missing: string): never {
  console.log(`skipped: the explorer's tests need ${missing}`);
  process.exit(0);
}

let [passed, failed] = [0, 0];
function check(name: string, ok: boolean): void {
  console.log(`${ok ? "ok" : "FAIL"} ${name}`);
  if (ok) passed += 1;
  else failed += 1;
}

function bundleSize(): void {
  const assets = path.join(root, "build/explorer/assets");
  const worker = readdirSync(assets).filter((name) => /^worker-.*\.js$/.test(name));
  const bytes = worker.map((name) => gzipSync(readFileSync(path.join(assets, name))).length);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  const size = `${(total / 1024).toFixed(1)} KiB gzipped, at most ${LARGEST_VERIFIER / 1024}`;
  check(`the verifier alone: ${size}`, worker.length === 1 && total <= LARGEST_VERIFIER);
}

function browserTests(): void {
  const work = mkdtempSync(path.join(os.tmpdir(), "trainproof-explorer-"));
  try {
    const report = path.join(work, "mocha.json");
    const ok = run(process.execPath, [
      path.join(root, "node_modules/.bin/mocha"),
      ...["--config", "explorer/.mocharc.json"],
      ...["--reporter", path.join(root, "scripts/ci/mochaReporter.cjs")],
      ...["--reporter-option", `output=${report}`],
    ]);
    const { stats } = existsSync(report)
      ? (JSON.parse(readFileSync(report, "utf8")) as {
          stats: { passes: number; failures: number };
        })
      : { stats: { passes: 0, failures: 1 } };
    passed += stats.passes;
    failed += ok && stats.passes > 0 ? stats.failures : Math.max(1, stats.failures);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (!existsSync(chromium) && !installChromium()) {
  skip(`${chromium}: as root on Debian they install it, else: apt-get install chromium`);
}
if (!existsSync(chromium)) skip(`${chromium}, which apt-get's package did not bring`);
const built = run(process.execPath, [
  path.join(root, "node_modules/.bin/vite"),
  ...["build", "--config", "explorer/vite.config.ts", "--logLevel", "warn"],
]);
check("the site builds", built);
if (built) {
  bundleSize();
  browserTests();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
