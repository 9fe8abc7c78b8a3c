import {
  createRegistryClients,
  deployments,
  type RegistryClients,
} from "../../src/registry/index.ts";
import { UsageError } from "./verb.ts";

export interface ChainOptions {
  rpc?: string;
  registry?: string;
  /** Milliseconds. */
  rpcTimeout?: number;
  disputes?: string;
}

/** The number of a block, as --from-block or TRAINPROOF_FROM_BLOCK give it. */
export function blockNumber(text: string | undefined): bigint | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return BigInt(text);
  throw new UsageError(`${text} is not the number of a block; see TRAINPROOF_FROM_BLOCK`);
}

/**
 * Clients for a verb's options; the key comes from TRAINPROOF_PRIVATE_KEY only.
 *
 * @param from - no event is older; TRAINPROOF_FROM_BLOCK by default.
 */
export function chainClients(
  options: ChainOptions,
  signs: boolean,
  from?: bigint,
): Promise<RegistryClients> {
  const { rpc, registry, disputes, rpcTimeout } = options;
  if (rpc === undefined) {
    throw new UsageError("no Ethereum node was named; give --rpc or TRAINPROOF_RPC_URL");
  }
  const fromBlock = from ?? blockNumber(process.env["TRAINPROOF_FROM_BLOCK"]);
  const privateKey = process.env["TRAINPROOF_PRIVATE_KEY"];
  return createRegistryClients({
    rpcUrl: rpc,
    known: deployments,
    ...(registry !== undefined && { address: registry }),
    ...(rpcTimeout !== undefined && { timeout: rpcTimeout }),
    ...(disputes !== undefined && { disputes }),
    ...(fromBlock !== undefined && { fromBlock }),
    ...(signs && privateKey !== undefined && { privateKey }),
  });
}
