/**
 * Verifies a run folder's public part, as `trainproof verify` does, in a process of its own. From stdin a VerifyEpochRequest, on
 * stdout a RunVerification.
 */
import { readFileSync } from "node:fs";
import { readPublicRun } from "../../src/artifact/index.ts";
import { type RunVerification, verifyPublicRun } from "../../src/relayer/index.ts";
import { packageFile } from "../lib/package.ts";
import { answer } from "./part.ts";

export interface VerifyEpochRequest {
  readonly folder: string;
}

await answer(async ({ folder }: VerifyEpochRequest): Promise<RunVerification> => {
  const generators = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
  return verifyPublicRun(await readPublicRun(folder), { generators });
});
