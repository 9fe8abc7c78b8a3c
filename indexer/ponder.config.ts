import { createConfig } from "ponder";
import { zeroAddress } from "viem";
import { registryAbi } from "../src/registry/artifact.ts";
import { disputesAbi } from "../src/registry/disputes/artifact.ts";
import { readSettings } from "./environment.ts";

const { rpcUrls, registry, disputes, chainId, startBlock, dataFolder, databaseUrl } = readSettings(
  process.env,
);
if (chainId === undefined) throw new Error("TRAINPROOF_CHAIN_ID is missing; use npm start");

export default createConfig({
  database:
    databaseUrl === undefined
      ? { kind: "pglite", directory: dataFolder }
      : { kind: "postgres", connectionString: databaseUrl },
  chains: { chain: { id: chainId, rpc: rpcUrls } },
  contracts: {
    Registry: { abi: registryAbi, chain: "chain", address: registry, startBlock },
    // Handlers must have their contract: without disputes it is nobody, in one block.
    Disputes: {
      ...{ abi: disputesAbi, chain: "chain", startBlock },
      ...(disputes === undefined
        ? { address: zeroAddress, endBlock: startBlock }
        : { address: disputes }),
    },
  },
});
