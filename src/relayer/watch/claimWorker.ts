/** The worker thread of verifyInWorker: verifies one claim from the chain and its public files, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import {
  ArtifactDigestError,
  ArtifactError,
  ArtifactTooLargeError,
  isPublicAddress,
  networks,
  type SourceLimits,
  within,
} from "../../artifact/index.ts";
import { createRegistryClients, RegistryError } from "../../registry/index.ts";
import type { ClaimSample } from "../drawSample.ts";
import { SegmentWorkerError } from "../segmentPool.ts";
import { type ClaimVerification, verifyClaim } from "../verifyClaim.ts";

/** What is verified, with what, within which bounds. */
export interface ClaimJob {
  readonly claimId: `0x${string}`;
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly registry: string;
  /** PROTOCOL §2's table. */
  readonly generators: Uint8Array;
  /** Segments verified at a time, each in a thread of its own where it is more than one, and MiB of each one's heap. */
  readonly threads: number;
  readonly memoryMiB: number;
  readonly limits: Partial<Omit<SourceLimits, "allows">>;
  /** Verifies a sample alone, which the chain draws for the attester. */
  readonly sample?: ClaimSample;
  /** Networks, `address/prefix`, that may be asked for files beside the public addresses. */
  readonly allowedNetworks: readonly string[];
}

/**
 * What came of it. Undecided is no verdict: nothing about the proofs is known. `lasting` says that trying again has little sense,
 * `gone` that the chain has no such claim (any more).
 */
export type ClaimOutcome =
  | { readonly kind: "verdict"; readonly verification: ClaimVerification }
  | { readonly kind: "undecided"; readonly reason: string; readonly lasting: boolean }
  | { readonly kind: "gone" };

async function outcomeOf(job: ClaimJob): Promise<ClaimOutcome> {
  const { claimId, rpcUrl, chainId, registry, generators, limits, threads, memoryMiB } = job;
  const { sample } = job;
  const allowed = networks(job.allowedNetworks);
  const allows = (address: string) => isPublicAddress(address) || within(allowed, address);
  try {
    const clients = await createRegistryClients({ rpcUrl, chainId, address: registry });
    const verification = await verifyClaim(clients, claimId, {
      generators,
      threads,
      heapMiB: memoryMiB,
      ...(sample && { sample }),
      limits: { ...limits, allows },
    });
    return { kind: "verdict", verification };
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "notFound") return { kind: "gone" };
    // Anything else is nobody's verdict, least of all "invalid".
    const full = error instanceof SegmentWorkerError && error.outOfMemory;
    const lasting =
      full || error instanceof ArtifactTooLargeError || error instanceof ArtifactDigestError;
    const kinds = [ArtifactError, RegistryError, SegmentWorkerError];
    const known = kinds.some((kind) => error instanceof kind);
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "undecided", reason: known ? reason : `internal error: ${reason}`, lasting };
  }
}

if (parentPort) parentPort.postMessage(await outcomeOf(workerData as ClaimJob));
