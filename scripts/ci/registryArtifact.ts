/**
 * Writes the artifacts in src/registry and its folders, the contracts' ABIs and bytecode as TypeScript, from Hardhat's output, so that the installed
 * package needs no compiler. `--check` compares instead, and fails when a file is not what its contract compiles to.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Contract, file in src/registry, prefix of the exported names; its immutables in the source's order, where its code is left on a chain. */
const artifacts: [contract: string, file: string, prefix: string, immutables?: string[]][] = [
  ["TrainingRegistry", "artifact.ts", "registry", []],
  ["DisputeBonds", "disputes/artifact.ts", "disputes", ["REGISTRY"]],
  ["CounterfactualAttestation", "counterfactualArtifact.ts", "counterfactual"],
  [
    "QuorumValidator",
    "validatorArtifact.ts",
    "validator",
    ["REGISTRY", "VALIDATIONS", "THRESHOLD"],
  ],
];

interface Artifact {
  abi: unknown;
  bytecode: string;
  deployedBytecode: string;
  /** By the declaration's id in the syntax tree, which grows with the source. */
  immutableReferences: Record<string, { start: number; length: number }[]>;
}

/** Where runtime code lies in the creation code, and its immutables in it, in bytes (src/registry/checkContract.ts). */
function runtimeOf(contract: string, artifact: Artifact, names: string[]) {
  const code = artifact.deployedBytecode.slice(2);
  const at = artifact.bytecode.slice(2).indexOf(code);
  const references = Object.entries(artifact.immutableReferences)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, places]) => places);
  const whole = references.flat().every(({ length }) => length === 32);
  if (at < 0 || at % 2 !== 0 || references.length !== names.length || !whole)
    throw new Error(`${contract}: its runtime code is not as expected; see registryArtifact.ts`);
  const immutables = names.map((name, i) => [name, references[i]!.map(({ start }) => start)]);
  const start = at / 2;
  return { start, length: code.length / 2, immutables: Object.fromEntries(immutables) as object };
}

for (const [contract, file, prefix, immutables] of artifacts) {
  const source = path.join(root, `artifacts/contracts/${contract}.sol/${contract}.json`);
  const target = path.join(root, "src/registry", file);
  const artifact = JSON.parse(readFileSync(source, "utf8")) as Artifact;
  const { abi, bytecode } = artifact;
  const runtime = immutables && runtimeOf(contract, artifact, immutables);
  const text = await format(
    `/** Generated from contracts/${contract}.sol by \`npm run generate:registry\`. */
export const ${prefix}Abi = ${JSON.stringify(abi)} as const;

export const ${prefix}Bytecode = "${bytecode}";
${runtime ? `\nexport const ${prefix}Runtime = ${JSON.stringify(runtime)} as const;\n` : ""}`,
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
