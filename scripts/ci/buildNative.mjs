/**
 * Builds native/ with CMake:
 * `node scripts/ci/buildNative.mjs [--preset release|debug|asan|ptxsim] [--define NAME=value]… [--all | --target name…] [--tolerant]`.
 *
 * Without --all only the addon, or the targets named, are built. --tolerant (npm's postinstall) turns a failure into a message,
 * because verifying, registering and querying work without the addon.
 * Plain JavaScript: it also runs under a Node that cannot strip types.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const nativeFolder = path.join(root, "native");

const { values: options } = parseArgs({
  options: {
    preset: { type: "string", default: "release" },
    all: { type: "boolean", default: false },
    target: { type: "string", multiple: true, default: ["trainproof_native"] },
    define: { type: "string", multiple: true, default: [] },
    tolerant: { type: "boolean", default: false },
  },
});

/** Where cmake-js finds the N-API headers of node-api-headers and node-addon-api. */
function headerFolders() {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("cmake-js/package.json");
  const cmakeJs = path.join(path.dirname(manifest), require(manifest).bin["cmake-js"]);
  return execFileSync(
    process.execPath,
    [cmakeJs, "print-cmakejs-include", "--log-level", "error"],
    {
      cwd: root,
      encoding: "utf8",
    },
  ).trim();
}

function cmake(args) {
  const { status, error } = spawnSync("cmake", args, { cwd: nativeFolder, stdio: "inherit" });
  if (error?.code === "ENOENT") throw new Error("CMake was not found on PATH");
  if (error) throw error;
  if (status !== 0) throw new Error(`cmake ${args.join(" ")} ended with exit code ${status}`);
}

/** Where PATH has `program`; undefined where it has none. */
function onPath(program) {
  if (path.isAbsolute(program)) return existsSync(program) ? program : undefined;
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, program))
    .find((file) => existsSync(file));
}

/**
 * The compiler: $CXX, which CMake reads itself, else clang++-19, whose code is faster; undefined leaves the choice to
 * CMake. The sanitizers stay with g++, because clang's runtime for them is a package of its own.
 */
function compiler() {
  const [fromEnvironment] = (process.env.CXX ?? "").trim().split(/\s+/);
  if (fromEnvironment) return onPath(fromEnvironment) ?? fromEnvironment;
  return onPath(options.preset === "asan" ? "g++" : "clang++-19");
}

/** CMake cannot change the compiler of a configured folder: forgets the configuration where it has another one. */
function forgetOtherCompiler(buildFolder, wanted) {
  const cache = path.join(buildFolder, "CMakeCache.txt");
  if (wanted === undefined || !existsSync(cache)) return;
  const configured = /^CMAKE_CXX_COMPILER:\w+=(.*)$/m.exec(readFileSync(cache, "utf8"))?.[1];
  if (configured === wanted) return;
  rmSync(cache);
  rmSync(path.join(buildFolder, "CMakeFiles"), { recursive: true, force: true });
}

function build() {
  // Asked first: cmake-js, which knows the headers, complains about compilers at length.
  if (onPath("cmake") === undefined) throw new Error("CMake was not found on PATH");
  const buildFolder = path.join(root, "build", "native", options.preset);
  const wanted = compiler();
  console.log(`trainproof: C++ compiler: ${wanted ?? "CMake's default"}`);
  forgetOtherCompiler(buildFolder, wanted);
  const jobs = process.env.TRAINPROOF_BUILD_JOBS ?? String(os.availableParallelism());
  const choice = wanted && !process.env.CXX ? [`-DCMAKE_CXX_COMPILER=${wanted}`] : [];
  const defines = options.define.map((definition) => `-D${definition}`);
  cmake(["--preset", options.preset, `-DCMAKE_JS_INC=${headerFolders()}`, ...choice, ...defines]);
  const target = options.all ? [] : ["--target", ...options.target];
  cmake(["--build", buildFolder, "--parallel", jobs, ...target]);
}

try {
  // A checkout without native/ has nothing to build.
  if (existsSync(path.join(nativeFolder, "CMakeLists.txt"))) build();
} catch (error) {
  console.error(
    [
      `trainproof: the native prover was not built: ${error.message}.`,
      "  Without it training and proving do not work; verifying, registering, attesting and querying do.",
      "  Way out: install a C++20 compiler and CMake 3.25 or later",
      "  (Debian: apt-get install g++ cmake), then run: npm run build:native",
    ].join("\n"),
  );
  process.exitCode = options.tolerant ? 0 : 1;
}
