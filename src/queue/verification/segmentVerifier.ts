import type { PublicRun } from "../../artifact/index.ts";
import type { SegmentVerifier } from "../../relayer/segmentVerifier.ts";
import { createLog, Health } from "../../service/index.ts";
import type { QueuePlace } from "../jobQueue.ts";
import { readKeyFile } from "../keyFile.ts";
import { openStore } from "../store/index.ts";
import { VerificationObjects } from "./objects.ts";
import { DEFAULT_VERIFICATION_POLICY, QueueVerifier } from "./queueVerifier.ts";

/** Where segments are verified; plain values, which a thread can be given. */
export interface QueueVerification {
  readonly place: QueuePlace;
  /** A folder, or s3://bucket/prefix. */
  readonly store: string;
  /** Path of the verifier's key file. */
  readonly keyFile: string;
  readonly ahead: number;
  readonly tries: number;
  /** Of the program, and the digest of its verifier. */
  readonly version: string;
  readonly build: string;
  readonly logLevel: string;
  /** What must not be in the log: the queue's password, the key. */
  readonly secrets: readonly string[];
}

/** This module's address, for a thread that is to load it. */
export const segmentVerifierModule = import.meta.url;

/**
 * Makes what has a run's segments verified by the workers of a queue. A thread loads this file and calls it by name (ClaimJob's elsewhere).
 *
 * @param onTrouble - told, for people, when a try failed.
 * @throws KeyFileError, StoreUsageError
 */
export async function makeSegmentVerifier(
  options: QueueVerification,
  signal: AbortSignal,
  onTrouble?: (line: string) => void,
): Promise<(run: PublicRun) => SegmentVerifier> {
  const { place, keyFile, ahead, tries, version, build, logLevel: level } = options;
  const store = await openStore(options.store);
  const objects = new VerificationObjects(store, readKeyFile(keyFile));
  const log = createLog({ name: "trainproof-verifier", level, secrets: [...options.secrets] });
  return ({ samples }) =>
    new QueueVerifier({
      ...{ place, objects, samples, version, build, log, signal },
      health: new Health(),
      policy: { ...DEFAULT_VERIFICATION_POLICY, ahead, tries },
      ...(onTrouble && { onTrouble }),
    });
}
