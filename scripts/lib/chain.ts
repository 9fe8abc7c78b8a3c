import { createRegistryClients, type RegistryClients } from "../../src/registry/index.ts";
import { UsageError } from "./verb.ts";

export interface ChainOptions {
  rpc?: string;
  registry?: string;
  disputes?: string;
  fromBlock?: bigint;
}

/** Clients for a verb's options; the key comes from TRAINPROOF_PRIVATE_KEY only. */
export function chainClients(options: ChainOptions, signs: boolean): Promise<RegistryClients> {
  const { rpc, registry, disputes, fromBlock } = options;
  if (rpc === undefined) {
    throw new UsageError("no Ethereum node was named; give --rpc or TRAINPROOF_RPC_URL");
  }
  if (registry === undefined) {
    throw new UsageError("no registry was named; give --registry or TRAINPROOF_REGISTRY");
  }
  const privateKey = process.env["TRAINPROOF_PRIVATE_KEY"];
  return createRegistryClients({
    rpcUrl: rpc,
    address: registry,
    ...(disputes !== undefined && { disputes }),
    ...(fromBlock !== undefined && { fromBlock }),
    ...(signs && privateKey !== undefined && { privateKey }),
  });
}
