import { type Command, Option } from "commander";
import { checkedReader, createIndexerReader } from "../../src/indexer/index.ts";
import { chainReader, type RegistryReader } from "../../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./chain.ts";
import { UsageError, withChain } from "./verb.ts";

export interface ReaderOptions extends ChainOptions {
  indexer?: string;
  check?: boolean;
}

/** Options of the verbs that only read. */
export const withReader = (command: Command): Command =>
  withChain(command)
    .addOption(
      new Option("--indexer <url>", "ask this indexer instead of the node").env(
        "TRAINPROOF_INDEXER",
      ),
    )
    .option("--check", "with --indexer: compare each answer with the node's");

/** Where a verb's answers come from: the node, or an indexer, with the node's confirmation or without. */
export async function registryReader(options: ReaderOptions): Promise<RegistryReader> {
  const { indexer: url, registry, check } = options;
  if (url === undefined) {
    if (check) throw new UsageError("--check compares an indexer with the node; give --indexer");
    return chainReader(await chainClients(options, false));
  }
  if (registry === undefined) {
    throw new UsageError("no registry was named; give --registry or TRAINPROOF_REGISTRY");
  }
  const indexer = await createIndexerReader({ url, registry });
  return check ? checkedReader(indexer, await chainClients(options, false)) : indexer;
}
