import { type Command, Option } from "commander";
import { checkedReader, createIndexerReader } from "../../src/indexer/index.ts";
import { chainReader, findBonds, type RegistryReader } from "../../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./chain.ts";
import { UsageError, withChain } from "./verb.ts";

export interface ReaderOptions extends ChainOptions {
  indexer?: string;
  check?: boolean;
  /** Of the node: where its search begins. */
  fromBlock?: bigint;
}

/** Options that name an indexer, beside those that name a node. */
export const withIndexer = (command: Command): Command =>
  command
    .addOption(
      new Option("--indexer <url>", "ask this indexer instead of the node").env(
        "TRAINPROOF_INDEXER",
      ),
    )
    .option("--check", "with --indexer: compare each answer with the node's");

/** Options of the verbs that only read the registry. */
export const withReader = (command: Command): Command => withIndexer(withChain(command));

/** Where a verb's answers come from: the node, or an indexer, with the node's confirmation or without. */
export async function registryReader(options: ReaderOptions): Promise<RegistryReader> {
  const { indexer: url, registry, check } = options;
  if (url === undefined) {
    if (check) throw new UsageError("--check compares an indexer with the node; give --indexer");
    return chainReader(await chainClients(options, false, options.fromBlock));
  }
  if (registry === undefined) {
    throw new UsageError("no registry was named; give --registry or TRAINPROOF_REGISTRY");
  }
  const indexer = await createIndexerReader({ url, registry });
  if (!check && options.disputes === undefined) return indexer;
  const clients = await chainClients(options, false, options.fromBlock);
  const reader = check ? checkedReader(indexer, clients) : indexer;
  // Bonds are not indexed.
  return clients.disputes
    ? { ...reader, findBonds: (filter) => findBonds(clients, filter) }
    : reader;
}
