import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Hex } from "viem";
import { readPublicRun } from "../../../src/artifact/index.ts";
import { type RegistryClients, registerClaim } from "../../../src/registry/index.ts";
import { claimContent } from "../../../src/relayer/index.ts";
import { flipProof, republish } from "../../artifact/republish.ts";
import { runVerb, writeTiny } from "../../e2e/verbs.ts";

/** A claimant's web server on this machine, with folders of public files; a listener can answer in its place. */
export interface Publisher {
  readonly origin: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Answers a request instead of the files, where it returns true. */
  interfere(listener: ((...parameters: Parameters<RequestListener>) => boolean) | undefined): void;
  stop(): Promise<void>;
}

export async function publish(folder: string): Promise<Publisher> {
  const asked: string[] = [];
  let interference: Parameters<Publisher["interfere"]>[0];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    if (interference?.(request, response)) return;
    const file = path.join(folder, new URL(request.url!, "http://x").pathname);
    if (!fs.existsSync(file)) response.writeHead(404).end();
    else fs.createReadStream(file).pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    interfere: (listener) => (interference = listener),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Proves a tiny run with the native prover; the folder of its public files. */
export async function proveTiny(folder: string, changes = {}): Promise<string> {
  const plan = writeTiny(folder, changes);
  const run = path.join(folder, "run");
  const { code, stderr } = await runVerb(["prove", plan, "--run", run]);
  assert.equal(code, 0, stderr);
  return path.join(run, "public");
}

/** A copy of a public folder whose last proof has another last byte, under a manifest that fits. */
export function forge(from: string, to: string): string {
  fs.cpSync(from, to, { recursive: true });
  flipProof(to, "000001");
  republish(to);
  return to;
}

/** Registers what is in a public folder, under another address if one is given. */
export async function claim(clients: RegistryClients, folder: string, uri: string): Promise<Hex> {
  const content = claimContent(await readPublicRun(folder));
  return (await registerClaim(clients, { content, uri })).claimId;
}
