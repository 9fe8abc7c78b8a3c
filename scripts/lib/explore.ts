import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import {
  decodeManifest,
  encodeManifest,
  hex32,
  segmentsRoot,
  sha256,
} from "../../src/artifact/index.ts";
import { UsageError } from "./verb.ts";

/** The port that `npm run explorer` asks for a chain, unless told otherwise. */
export const EXPLORED_PORT = 8545;

/** A host of public folders, whose files pages of other hosts may read. */
export interface FileHost {
  url: string;
  stop(): void;
}

/** Serves a folder's files on this machine. Errors: UsageError where sirv, a development dependency, is missing. */
export async function serveFolder(folder: string): Promise<FileHost> {
  const { default: sirv } = await import("sirv").catch((cause: unknown) => {
    const message =
      "--explore needs sirv, a development dependency of Trainproof; run npm ci in a checkout";
    throw new UsageError(message, { cause });
  });
  const files = sirv(folder, { dev: true });
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    files(request, response, () => void response.writeHead(404).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A copy of a run in which the first proof's last byte is another; its digests fit, so that only the verifier can tell. */
export function forgeRun(run: string, copy: string): void {
  cpSync(path.join(run, "public"), path.join(copy, "public"), { recursive: true });
  const inCopy = (name: string) => path.join(copy, "public", name);
  const read = (name: string) => new Uint8Array(readFileSync(inCopy(name)));
  const proof = read("segments/000000/proof.bin");
  proof[proof.length - 1] = proof.at(-1)! ^ 1;
  writeFileSync(inCopy("segments/000000/proof.bin"), proof);
  const list = read("segments.bin");
  list.set(sha256(proof), 64); // statement, weights-out, proof
  writeFileSync(inCopy("segments.bin"), list);
  const manifest = decodeManifest(read("manifest.json"), inCopy("manifest.json"));
  const files = manifest.files.map((entry) =>
    entry.path === "segments.bin" ? { ...entry, sha256: hex32(sha256(list)) } : entry,
  );
  const forged = { ...manifest, segmentsRoot: hex32(segmentsRoot(list)), files };
  writeFileSync(inCopy("manifest.json"), encodeManifest(forged));
}
