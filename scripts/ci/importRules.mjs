/**
 * The import table of the source tree: who may import whom. ESLint enforces it (eslint.config.mjs).
 */

/** For each module of src/, the sibling modules that it may import. */
export const mayImport = {
  protocol: [],
  verifier: ["protocol"],
  dataset: ["protocol"],
  model: ["protocol"],
  artifact: ["protocol", "dataset", "model"],
  prover: ["protocol", "artifact", "dataset", "model"],
  registry: ["protocol"],
  record: ["protocol", "artifact", "registry"],
  relayer: ["protocol", "verifier", "registry", "artifact", "dataset", "model"],
};

/** Zones for import-x/no-restricted-paths, derived from the table. */
export const importZones = [
  ...Object.entries(mayImport).map(([module, allowed]) => ({
    target: `./src/${module}`,
    from: "./src",
    except: [module, ...allowed].map((name) => `./${name}`),
    message: `src/${module} may import only: ${allowed.join(", ") || "nothing of src"}.`,
  })),
  {
    target: "./src",
    from: ["./scripts", "./test", "./contracts", "./dist"],
    message: "src imports neither verbs nor tests.",
  },
];

/** Modules that must run unchanged in a browser: no I/O, clock, randomness or console. */
export const pureFolders = ["src/protocol/**", "src/verifier/**"];

export const pureImports = {
  patterns: [
    {
      regex: "^(?!\\.{1,2}/|@noble/(curves|hashes)/)",
      message: "Pure modules import only each other and @noble/*.",
    },
  ],
};

export const pureGlobals = [
  "console",
  "process",
  "Buffer",
  "Date",
  "performance",
  "crypto",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "require",
  "window",
  "document",
  "globalThis",
].map((name) => ({
  name,
  message: "Pure modules take what they need as arguments (see scripts/ci/importRules.mjs).",
}));

export const pureProperties = [
  { object: "Math", property: "random", message: "Pure modules are deterministic." },
];
