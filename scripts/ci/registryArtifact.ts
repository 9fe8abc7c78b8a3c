/**
 * Writes the artifacts in src/registry and its folders, the contracts' ABIs and bytecode as TypeScript, from Hardhat's output, so that the installed
 * package needs no compiler. `--check` compares instead, and fails when a file is not what its contract compiles to.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Contract, file in src/registry, prefix of the exported names. */
const artifacts = [
  ["TrainingRegistry", "artifact.ts", "registry"],
  ["DisputeBonds", "disputes/artifact.ts", "disputes"],
  ["CounterfactualAttestation", "counterfactualArtifact.ts", "counterfactual"],
  ["QuorumValidator", "validatorArtifact.ts", "validator"],
] as const;

for (const [contract, file, prefix] of artifacts) {
  const source = path.join(root, `artifacts/contracts/${contract}.sol/${contract}.json`);
  const target = path.join(root, "src/registry", file);
  const { abi, bytecode } = JSON.parse(readFileSync(source, "utf8")) as {
    abi: unknown;
    bytecode: string;
  };
  const text = await format(
    `/** Generated from contracts/${contract}.sol by \`npm run generate:registry\`. */
export const ${prefix}Abi = ${JSON.stringify(abi)} as const;

export const ${prefix}Bytecode = "${bytecode}";
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
      `src/registry/${file} is not what ${contract} compiles to; run: npm run generate:registry`,
    );
    process.exitCode = 1;
  }
}
