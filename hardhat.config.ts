import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";

const require = createRequire(import.meta.url);
const solc = require("solc/package.json") as { version: string };

// The compiler is the installed solc package, so that building downloads nothing.
export default defineConfig({
  solidity: {
    version: solc.version,
    path: require.resolve("solc/soljson.js"),
    settings: {
      viaIR: true,
      evmVersion: "prague",
      optimizer: { enabled: true, runs: 1_000_000 },
    },
  },
  paths: { sources: "contracts", tests: { solidity: "contracts" } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 64 } } },
});
