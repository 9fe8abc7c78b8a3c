/**
 * Writes src/registry/artifact.ts, the registry's ABI and bytecode as TypeScript, from Hardhat's output, so that the installed package
 * needs no compiler. `--check` compares instead, and fails when the file is not what the contract compiles to.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const source = path.join(root, "artifacts/contracts/TrainingRegistry.sol/TrainingRegistry.json");
const target = path.join(root, "src/registry/artifact.ts");

const { abi, bytecode } = JSON.parse(readFileSync(source, "utf8")) as {
  abi: unknown;
  bytecode: string;
};
const text = await format(
  `/** Generated from contracts/TrainingRegistry.sol by \`npm run generate:registry\`. */
export const registryAbi = ${JSON.stringify(abi)} as const;

export const registryBytecode = "${bytecode}";
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
      "src/registry/artifact.ts is not what the contract compiles to; run: npm run generate:registry",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
