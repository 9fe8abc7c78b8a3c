import { canonicalBytes } from "../../../src/artifact/canonicalJson.ts";
import { hex32, sha256 } from "../../../src/artifact/digest.ts";
import { verifierUrl } from "./startWorker.ts";

declare const __VERSION__: string;
export const verifierVersion = __VERSION__;

/** The digest of the verifier that runs in this tab (docs/FILES.md): of the worker's script as this site serves it. */
export async function verifierBuild(): Promise<`0x${string}`> {
  const response = await fetch(verifierUrl);
  if (!response.ok) throw new Error(`the verifier's script: HTTP status ${response.status}`);
  const script = hex32(sha256(new Uint8Array(await response.arrayBuffer())));
  const build = { version: verifierVersion, files: { "worker.js": script } };
  return hex32(sha256(canonicalBytes(build))) as `0x${string}`;
}
