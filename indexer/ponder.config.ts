import { createConfig } from "ponder";
import { registryAbi } from "../src/registry/artifact.ts";
import { readSettings } from "./environment.ts";

const { rpcUrls, registry, chainId, startBlock, dataFolder, databaseUrl } = readSettings(
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
  },
});
