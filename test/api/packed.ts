import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
export const node = process.execPath;

export interface Ended {
  code: number | null;
  output: string;
}

/** Runs a program to its end; `output` is stdout and stderr. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, output }));
  });
}

/** npm's program, to be run by this Node whatever PATH holds. */
function npmProgram(): string {
  const named = process.env["npm_execpath"];
  if (named !== undefined && path.basename(named) === "npm-cli.js") return named;
  const folder = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .find((candidate) => fs.existsSync(path.join(candidate, "npm")));
  assert.ok(folder !== undefined, "npm is not on PATH");
  return fs.realpathSync(path.join(folder, "npm"));
}

/** What this machine needs to reach its registry. */
const REGISTRY = /^(NODE_EXTRA_CA_CERTS|npm_config_(cafile|registry|proxy|https_proxy|noproxy))$/i;

/** This process's environment without what npm or a test runner put there, with another PATH. */
function environment(PATH: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => REGISTRY.test(name) || !/^(npm_|NODE_|TRAINPROOF_)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH };
}

/** A folder for PATH in which there is Node and a shell, and neither a compiler nor CMake. */
function bareFolder(folder: string): string {
  fs.mkdirSync(folder);
  fs.symlinkSync(node, path.join(folder, "node"));
  fs.symlinkSync("/bin/sh", path.join(folder, "sh"));
  return folder;
}

export interface Packed {
  /** The example project, with the packed package and its own dependencies installed. */
  project: string;
  /** The installed package. */
  installed: string;
  /** What npm install printed. */
  installing: string;
  /** The environment without a compiler. */
  env: NodeJS.ProcessEnv;
  /** Paths in the tarball. */
  files: string[];
}

/** Packs this package, and installs it into a copy of examples/embed as on a machine without a compiler. */
export async function packAndInstall(folder: string): Promise<Packed> {
  const npm = npmProgram();
  const packing = await runProgram(node, [npm, "pack", "--json", "--pack-destination", folder], {
    cwd: root,
    env: environment(`${path.dirname(node)}${path.delimiter}${process.env["PATH"] ?? ""}`),
  });
  assert.equal(packing.code, 0, packing.output);
  const listing = packing.output.slice(packing.output.indexOf("[\n"));
  const [packed] = JSON.parse(listing) as { filename: string; files: { path: string }[] }[];
  assert.ok(packed !== undefined, packing.output);

  const project = path.join(folder, "embed");
  fs.cpSync(path.join(root, "examples/embed"), project, { recursive: true });
  const env = environment(bareFolder(path.join(folder, "bin")));
  const args = [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--foreground-scripts",
    "--fetch-timeout=30000",
  ];
  const tarball = path.join(folder, packed.filename);
  const installing = await runProgram(node, [npm, ...args, tarball], { cwd: project, env });
  assert.equal(installing.code, 0, installing.output);
  return {
    project,
    installed: path.join(project, "node_modules/trainproof"),
    installing: installing.output,
    env,
    files: packed.files.map((file) => file.path),
  };
}
