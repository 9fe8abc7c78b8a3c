import { createRequire } from "node:module";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition";
import hardhatVerify from "@nomicfoundation/hardhat-verify";
import { configVariable, defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);
const solc = require("solc/package.json") as { version: string };

/** A chain that is reached by RPC; the variables are read when it is used. */
const chain = (rpcUrl: string) => ({
  type: "http" as const,
  url: configVariable(rpcUrl),
  accounts: [configVariable("TRAINPROOF_PRIVATE_KEY")],
});

// The compiler is the installed solc package, so that building downloads nothing.
export default defineConfig({
  plugins: [hardhatIgnition, hardhatVerify],
  solidity: {
    version: solc.version,
    path: require.resolve("solc/soljson.js"),
    settings: {
      viaIR: true,
      evmVersion: "prague",
      optimizer: { enabled: true, runs: 1_000_000 },
    },
  },
  networks: {
    rpc: chain("TRAINPROOF_RPC_URL"),
    sepolia: { ...chain("TRAINPROOF_SEPOLIA_RPC_URL"), chainId: 11155111 },
    mainnet: { ...chain("TRAINPROOF_MAINNET_RPC_URL"), chainId: 1 },
  },
  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
  paths: { sources: "contracts", tests: { solidity: "contracts" } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 64 } } },
});
