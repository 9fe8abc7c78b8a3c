/**
 * Starts the indexer: `npm start [-- --port 42069 --hostname 127.0.0.1]`. Asks the node for its chain, refuses what would give a wrong
 * index, and hands over to Ponder. Settings come from the environment: docs/INDEXER.md.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createPublicClient, fallback, http } from "viem";
import { readSettings, type Settings, SettingsError } from "./environment.ts";

const root = import.meta.dirname;

/** The node's chain, after a look at what is wrong most often. */
async function checkNode({ rpcUrls, registry, chainId, startBlock }: Settings): Promise<number> {
  const nodes = rpcUrls.map((url) => http(url, { retryCount: 2, timeout: 20_000 }));
  const node = createPublicClient({ transport: fallback(nodes) });
  const found = await node.getChainId().catch(() => {
    throw new SettingsError("no Ethereum node answers at TRAINPROOF_RPC_URL");
  });
  if (chainId !== undefined && chainId !== found) {
    throw new SettingsError(`the node is on chain ${found}, TRAINPROOF_CHAIN_ID is ${chainId}`);
  }
  if ((await node.getCode({ address: registry })) === undefined) {
    throw new SettingsError(`TRAINPROOF_REGISTRY: no contract at ${registry} on chain ${found}`);
  }
  if (startBlock > 0) {
    const blockNumber = BigInt(startBlock - 1);
    // A node without old state cannot say.
    const before = await node.getCode({ address: registry, blockNumber }).catch(() => undefined);
    if (before !== undefined) {
      throw new SettingsError(
        `TRAINPROOF_FROM_BLOCK ${startBlock} is after the registry's deployment; events would be missing`,
      );
    }
  }
  return found;
}

/**
 * Ponder refuses a database schema that another build has filled. The name says the build, so that a new version, registry or start
 * block fills its own; `npx ponder db prune` drops the others.
 */
function schemaName({ registry, startBlock }: Settings, chainId: number): string {
  const hash = createHash("sha256").update(JSON.stringify({ registry, startBlock, chainId }));
  const sources = readdirSync(path.join(root, "src")).filter((name) => name.endsWith(".ts"));
  for (const name of [
    "package-lock.json",
    "ponder.config.ts",
    "ponder.schema.ts",
    "../src/registry/artifact.ts",
    ...sources.sort().map((source) => `src/${source}`),
  ]) {
    hash.update(readFileSync(path.join(root, name)));
  }
  return `trainproof_${hash.digest("hex").slice(0, 12)}`;
}

try {
  const settings = readSettings(process.env);
  const chainId = await checkNode(settings);
  const schema = process.env["DATABASE_SCHEMA"] || schemaName(settings, chainId);
  process.env["TRAINPROOF_CHAIN_ID"] = String(chainId);
  process.env["PONDER_TELEMETRY_DISABLED"] ??= "1";
  process.env["NODE_ENV"] ??= "production";
  process.chdir(root);
  // Later options win: the caller's come last.
  const options = ["--schema", schema, "--hostname", "127.0.0.1", ...process.argv.slice(2)];
  // Ponder's program runs in this very process: what signals it signals Ponder.
  const program = path.join(root, "node_modules/ponder/dist/esm/bin/ponder.js");
  process.argv = [process.execPath, program, "start", ...options];
  await import(pathToFileURL(program).href);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`trainproof-indexer: ${error.message}`);
  process.exitCode = 2;
}
