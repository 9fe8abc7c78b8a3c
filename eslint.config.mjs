import { existsSync } from "node:fs";
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { importX } from "eslint-plugin-import-x";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import {
  browserFiles,
  browserImports,
  importZones,
  nodeGlobals,
  pureFileImports,
  pureFiles,
  pureFolders,
  pureGlobals,
  pureImports,
  pureProperties,
} from "./scripts/ci/importRules.mjs";

// The indexer has packages of its own; without them its types are unknown.
const indexer = existsSync(new URL("indexer/node_modules/ponder", import.meta.url))
  ? ["indexer/ponder-env.d.ts", "indexer/generated", "indexer/.ponder"]
  : ["indexer"];

export default defineConfig(
  // *.as.ts is AssemblyScript. examples/embed is a package of its own, which a test builds from the packed one.
  globalIgnores([
    "dist",
    "build",
    "artifacts",
    "cache",
    "native",
    "runs",
    "examples/embed",
    "**/*.as.ts",
    ...indexer,
  ]),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts", ".tsx", ".mjs"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      "import-x/no-restricted-paths": [
        "error",
        { basePath: import.meta.dirname, zones: importZones },
      ],
      "import-x/no-cycle": "error",
      "import-x/extensions": ["error", "always", { ignorePackages: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: pureFolders,
    rules: {
      "no-restricted-imports": ["error", pureImports],
      "no-restricted-globals": ["error", ...pureGlobals],
      "no-restricted-properties": ["error", ...pureProperties],
      "@typescript-eslint/no-restricted-imports": "off",
    },
  },
  {
    files: pureFiles,
    rules: {
      "no-restricted-imports": ["error", pureFileImports],
      "no-restricted-globals": ["error", ...pureGlobals],
      "no-restricted-properties": ["error", ...pureProperties],
    },
  },
  {
    files: browserFiles,
    rules: {
      "no-restricted-imports": ["error", browserImports],
      "no-restricted-globals": ["error", ...nodeGlobals],
    },
  },
  {
    // The site: nothing of Node, and of src only what browsers may load.
    files: ["explorer/src/**"],
    rules: {
      "no-restricted-imports": ["error", browserImports],
      "no-restricted-globals": ["error", ...nodeGlobals],
    },
  },
  { files: ["scripts/**", "indexer/start.ts"], rules: { "no-console": "off" } },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  {
    files: ["**/*.cjs"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
    languageOptions: { globals: { require: "readonly", module: "writable" } },
  },
  {
    // Tests hand malformed values to typed functions on purpose.
    files: ["test/**", "explorer/test/**", "indexer/test/**"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
    },
  },
  prettier,
);
