/**
 * Writes src/verifier/wasm/msmModule.ts, the bytes of the module that msm.as.ts beside it compiles to, so that the installed package
 * needs no compiler and the verifier no file system. `--check` compares instead, and fails when the file is not what the source gives.
 */
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { format, resolveConfig } from "prettier";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const folder = path.join(root, "src/verifier/wasm");
const target = path.join(folder, "msmModule.ts");

let wasm = new Uint8Array();
const { error, stderr } = await asc.main(
  ["msm.as.ts", "--outFile", "msm.wasm", "-O3", "--runtime", "stub", "--noAssert"],
  {
    readFile: (name) => {
      try {
        return readFileSync(path.resolve(folder, name), "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (name, bytes) => {
      if (name === "msm.wasm") wasm = bytes;
    },
    listFiles: () => [],
  },
);
if (error) throw new Error(`msm.as.ts does not compile\n${stderr.toString()}`, { cause: error });

const text = await format(
  `/** Generated from msm.as.ts by \`npm run generate:wasm\`: a WebAssembly module of ${wasm.length} bytes. */
export const msmModule = "${Buffer.from(wasm).toString("hex")}";
`,
  { ...(await resolveConfig(target)), filepath: target },
);

if (process.argv.includes("--check")) {
  let current = "";
  try {
    current = readFileSync(target, "utf8");
  } catch {
    // A missing file differs.
  }
  if (current !== text) {
    console.error(
      "src/verifier/wasm/msmModule.ts is not what msm.as.ts compiles to; run: npm run generate:wasm",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
