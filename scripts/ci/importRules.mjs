/**
 * The import table of the source tree: who may import whom. ESLint enforces it (eslint.config.mjs).
 */

/** For each module of src/, the sibling modules that it may import. */
export const mayImport = {
  protocol: [],
  verifier: ["protocol"],
  model: ["protocol"],
  dataset: ["protocol", "model"],
  artifact: ["protocol", "dataset", "model"],
  prover: ["protocol", "artifact", "dataset", "model"],
  cost: ["protocol", "artifact"],
  report: ["protocol", "artifact"],
  proposal: ["protocol", "artifact", "dataset", "model", "prover", "cost"],
  registry: ["protocol"],
  indexer: ["protocol", "registry"],
  record: ["protocol", "artifact", "registry"],
  service: ["protocol"],
  relayer: ["protocol", "verifier", "registry", "artifact", "dataset", "model", "service"],
  // Trains and collects, and checks what comes back: nothing else may know both prover and verifier.
  queue: ["protocol", "verifier", "artifact", "dataset", "model", "prover", "relayer", "service"],
  api: ["protocol", "artifact", "dataset", "model", "prover", "registry", "record", "relayer"],
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

/** The pure part of src/artifact (published.ts exports it): reads published runs, from whatever source. */
const purePartOfArtifact = [
  "canonicalJson",
  "config",
  "digest",
  "errors",
  "layout",
  "manifest",
  "planDigest",
  "planSchema",
  "published",
  "readRun",
  "runSource",
  "segmentCheck",
  "segmentList",
  "segmentSizes",
  "segments",
];
export const pureFiles = purePartOfArtifact.map((name) => `src/artifact/${name}.ts`);

const pureImportsWith = (packages, message, relative = "\\.{1,2}/") => ({
  patterns: [{ regex: `^(?!${relative}|(${packages})(/|$))`, message }],
});
export const pureImports = pureImportsWith(
  "@noble/curves|@noble/hashes",
  "Pure modules import only each other and @noble/*.",
);
/** plan.ts's types are erased: config.ts may name them. */
export const pureFileImports = pureImportsWith(
  "@noble/hashes|zod",
  "The pure part of src/artifact imports only itself, src/protocol, @noble/* and zod.",
  `\\.\\./protocol/|\\./(${purePartOfArtifact.join("|")}|plan)\\.ts$`,
);

/** Modules that a browser may load beside the pure ones, with clock and network: nothing of Node (explorer/tsconfig.json types them so). */
export const browserFiles = [
  "src/registry/!(localChain|index).ts",
  "src/registry/disputes/!(index).ts",
  "src/record/!(modelCard|index).ts",
  ...["checkPlan", "claimFacts", "judgeClaim", "judgeRun", "report", "segmentVerifier"].map(
    (name) => `src/relayer/${name}.ts`,
  ),
];
export const browserImports = {
  patterns: [
    {
      regex: "^node:|/(artifact|registry|relayer)/index\\.ts$",
      message: "A browser loads this module: name files that need no Node.",
    },
  ],
};
export const nodeGlobals = ["Buffer", "process", "require", "setImmediate", "global"].map(
  (name) => ({
    name,
    message: "A browser loads this module: it has no globals of Node.",
  }),
);

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
