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
import type { VerifyRunOptions } from "../verifyPublicRun.ts";

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
  /** What has the segments verified by others than this thread; see Elsewhere. */
  readonly elsewhere?: Elsewhere;
  /** Networks, `address/prefix`, that may be asked for files beside the public addresses. */
  readonly allowedNetworks: readonly string[];
}

/** A module that exports makeSegmentVerifier, what it is called with, and what the thread's environment must have for it. */
export interface Elsewhere {
  readonly module: string;
  readonly options: unknown;
  readonly env: Readonly<Record<string, string>>;
}

/** What the thread is told when there is no more time: to take back what it gave to others, and end. */
export const STOP = "stop";

/**
 * What came of it. Undecided is no verdict: nothing about the proofs is known. `lasting` says that trying again has little sense,
 * `gone` that the chain has no such claim (any more).
 */
export type ClaimOutcome =
  | { readonly kind: "verdict"; readonly verification: ClaimVerification }
  | { readonly kind: "undecided"; readonly reason: string; readonly lasting: boolean }
  | { readonly kind: "gone" };

interface MakesSegmentVerifier {
  makeSegmentVerifier(
    options: unknown,
    signal: AbortSignal,
  ): Promise<NonNullable<VerifyRunOptions["segmentVerifier"]>>;
}

async function outcomeOf(job: ClaimJob, signal: AbortSignal): Promise<ClaimOutcome> {
  const { claimId, rpcUrl, chainId, registry, generators, limits, threads, memoryMiB } = job;
  const { sample } = job;
  const allowed = networks(job.allowedNetworks);
  const allows = (address: string) => isPublicAddress(address) || within(allowed, address);
  try {
    const clients = await createRegistryClients({ rpcUrl, chainId, address: registry });
    const { elsewhere } = job;
    const segmentVerifier =
      elsewhere &&
      (await ((await import(elsewhere.module)) as MakesSegmentVerifier).makeSegmentVerifier(
        elsewhere.options,
        signal,
      ));
    const verification = await verifyClaim(clients, claimId, {
      generators,
      threads,
      heapMiB: memoryMiB,
      signal,
      ...(sample && { sample }),
      ...(segmentVerifier && { segmentVerifier }),
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

if (parentPort) {
  const port = parentPort;
  const stop = new AbortController();
  port.once("message", () => stop.abort(new Error("stopped")));
  port.postMessage(await outcomeOf(workerData as ClaimJob, stop.signal));
  port.close();
}
