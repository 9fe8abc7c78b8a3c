import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import sirv from "sirv";
import { canonicalBytes, decodeManifest, hex32, sha256 } from "../../src/artifact/index.ts";
import { runVerb, writeTiny } from "../../test/e2e/verbs.ts";

/** Trains and proves a tiny network with the native prover, as the verb does; `changes` to the plan. */
export async function proveTiny(
  folder: string,
  changes: Record<string, unknown> = {},
  name = "run",
): Promise<string> {
  const plan = writeTiny(folder, changes);
  const run = path.join(folder, name);
  const { code, stderr } = await runVerb(["prove", plan, "--run", run]);
  assert.equal(code, 0, stderr);
  return run;
}

/** A copy of a run in which a proof is forged; its manifest fits, so that only the verifier can tell. */
export function forge(run: string, copy: string): string {
  cpSync(run, copy, { recursive: true });
  const proofPath = "segments/000000/proof.bin";
  const proofFile = path.join(copy, "public", proofPath);
  const proof = readFileSync(proofFile);
  proof[proof.length - 1]! ^= 1;
  writeFileSync(proofFile, proof);
  const manifestFile = path.join(copy, "public/manifest.json");
  const manifest = decodeManifest(new Uint8Array(readFileSync(manifestFile)), manifestFile);
  const entry = manifest.files.find((file) => file.path === proofPath)!;
  entry.sha256 = hex32(sha256(new Uint8Array(proof)));
  writeFileSync(manifestFile, canonicalBytes(manifest));
  return copy;
}

/** A host of files that lets pages of other hosts read them; `stalls` never answers for a path that ends so. */
export async function serveFiles(
  folder: string,
  stalls = "\0",
): Promise<{ url: string; stop(): void }> {
  const files = sirv(folder, {
    dev: true,
    setHeaders: (response) => response.setHeader("access-control-allow-origin", "*"),
  });
  const server = createServer((request, response) => {
    if (request.url?.endsWith(stalls)) return;
    files(request, response, () => {
      response.writeHead(404, { "access-control-allow-origin": "*" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
