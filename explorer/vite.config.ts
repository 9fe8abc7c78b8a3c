import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(root, "../package.json"), "utf8")) as {
  version: string;
};

/** A static site: relative addresses, so that it can lie in any folder of any host. */
export default defineConfig({
  root,
  base: "./",
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    outDir: path.join(root, "../build/explorer"),
    emptyOutDir: true,
    target: "es2022",
    // Inlined assets would need data: in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      // React's marks for servers, of which there is none.
      onLog: (level, log, handle) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
    },
  },
  worker: { format: "es" },
});
