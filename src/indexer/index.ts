/**
 * Answers about a registry from an indexer (indexer/, docs/INDEXER.md): for registries that a node's logs are too many for.
 *
 *     const reader = await createIndexerReader({ url, registry });
 *     const claims = await reader.findClaims({ dataRoot });
 *     const checked = checkedReader(reader, await createRegistryClients({ rpcUrl, address: registry }));
 */
export { checkedReader } from "./checkedReader.ts";
export { createIndexerReader, type IndexerReaderParameters } from "./indexerReader.ts";
