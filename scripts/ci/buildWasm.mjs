/**
 * Writes the modules that the verifier's *.as.ts compile to, as bytes in TypeScript files beside them, so that the installed package
 * needs no compiler and the verifier no file system. `--check` compares instead, and fails when a file is not what its source gives.
 */
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { format, resolveConfig } from "prettier";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const modulusQ = { "../../protocol/wasm/modulus.as.ts": "../../protocol/wasm/modulusQ.as.ts" };

/** A source compiled twice takes another file for one of its imports. */
const modules = [
  { name: "keccakModule", source: "src/protocol/wasm/keccak.as.ts" },
  {
    name: "pointsModule",
    source: "src/protocol/wasm/points.as.ts",
    files: { "modulus.as.ts": "modulusQ.as.ts" },
  },
  { name: "initialModule", source: "src/verifier/wasm/initial.as.ts" },
  {
    name: "chiModule",
    source: "src/verifier/wasm/chi.as.ts",
    files: { "../../protocol/wasm/modulus.as.ts": "../../protocol/wasm/modulusR.as.ts" },
  },
  {
    name: "msmModule",
    source: "src/verifier/wasm/msm.as.ts",
    files: { ...modulusQ, "buckets.as.ts": "bucketsOne.as.ts" },
  },
  {
    name: "msmPairModule",
    source: "src/verifier/wasm/msm.as.ts",
    files: { ...modulusQ, "buckets.as.ts": "bucketsPair.as.ts" },
    flags: ["--enable", "simd", "--enable", "relaxed-simd"],
  },
];

async function compile({ source, files = {}, flags = [] }) {
  const folder = path.join(root, path.dirname(source));
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(
    [path.basename(source), "--outFile", "out", "-O3", "--runtime", "stub", "--noAssert", ...flags],
    {
      readFile: (name) => {
        try {
          return readFileSync(path.resolve(folder, files[name] ?? name), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name, bytes) => {
        if (name === "out") wasm = bytes;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${source} does not compile\n${stderr.toString()}`, { cause: error });
  return wasm;
}

for (const module of modules) {
  const { name, source } = module;
  const target = path.join(root, path.dirname(source), `${name}.ts`);
  const wasm = await compile(module);
  const text = await format(
    `/** Generated from ${path.basename(source)} by \`npm run generate:wasm\`: a WebAssembly module of ${wasm.length} bytes. */
export const ${name} = "${Buffer.from(wasm).toString("hex")}";
`,
    { ...(await resolveConfig(target)), filepath: target },
  );
  if (!process.argv.includes("--check")) {
    writeFileSync(target, text);
    continue;
  }
  let current = "";
  try {
    current = readFileSync(target, "utf8");
  } catch {
    // A missing file differs.
  }
  if (current !== text) {
    console.error(
      `${path.relative(root, target)} is not what ${source} compiles to; run: npm run generate:wasm`,
    );
    process.exitCode = 1;
  }
}
