import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import { canonicalBytes, hex32, type Json, sha256 } from "../artifact/index.ts";

/** The folder of the code that runs: src/ in a checkout, dist/src/ in an installed package. */
const code = path.resolve(import.meta.dirname, "..");

/**
 * The digest of the verifier that runs here, for attestations: SHA-256 of canonical JSON of its files' SHA-256 and of the exact
 * versions that it depends on. Two installations of one package version have the same; a checkout, which runs the TypeScript
 * sources, another than the package.
 */
export function verifierBuild(): Hex {
  const files: Record<string, Json> = {};
  for (const name of readdirSync(code, { recursive: true, encoding: "utf8" })) {
    if (!/\.(ts|js|wasm)$/.test(name) || name.endsWith(".d.ts")) continue;
    const bytes = new Uint8Array(readFileSync(path.join(code, name)));
    files[name.split(path.sep).join("/")] = hex32(sha256(bytes));
  }
  const { version, dependencies } = packageManifest();
  return hex32(sha256(canonicalBytes({ version, dependencies, files }))) as Hex;
}

/** The version of the package that runs here. */
export const packageVersion = (): string => packageManifest().version;

function packageManifest(): { version: string; dependencies: Record<string, string> } {
  for (let folder = code; ; folder = path.dirname(folder)) {
    try {
      const text = readFileSync(path.join(folder, "package.json"), "utf8");
      return JSON.parse(text) as ReturnType<typeof packageManifest>;
    } catch (error) {
      if (folder === path.dirname(folder)) throw error;
    }
  }
}
