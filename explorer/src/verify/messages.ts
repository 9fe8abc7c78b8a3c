import type { PublicConfig } from "../../../src/artifact/published.ts";
import type { ClaimFacts } from "../../../src/relayer/claimFacts.ts";
import type { RunVerification } from "../../../src/relayer/judgeRun.ts";

/** A file that the reader gave, with its path below what was dropped. */
export interface NamedFile {
  readonly path: string;
  readonly file: File;
}

/** Where a run's public files are. */
export type Source =
  | { readonly kind: "files"; readonly files: readonly NamedFile[] }
  | { readonly kind: "url"; readonly url: string };

/** What the worker is asked: one verification, then it ends. */
export interface VerifyJob {
  /** Address of PROTOCOL §2's table. */
  readonly generators: string;
  readonly source: Source;
  /** What the chain says, where a claim is verified; without it the run is judged as it stands. */
  readonly facts?: ClaimFacts;
  /** How many segments' proofs to verify, drawn where the job is done; all without it. */
  readonly sample?: number;
}

/** What was read, for people. Whether its proofs hold is the verdict. */
export interface RunFacts {
  readonly source: string;
  readonly proofDigest: string;
  readonly config: PublicConfig;
  readonly segments: number;
  readonly dataRoot: string;
  readonly modelCommitment: string;
}

export interface Verification {
  readonly result: RunVerification;
  /** Absent where the files were malformed. */
  readonly run?: RunFacts;
  /** Milliseconds in each phase, over all segments. */
  readonly phases: Readonly<Record<string, number>>;
  /** Milliseconds for everything, files included. */
  readonly milliseconds: number;
}

/** Where a verification is; phases are counted over all segments whose proofs are verified. */
export interface Position {
  readonly segment: number;
  /** Of those whose proofs are verified: how many came before it, and how many there are. */
  readonly place: number;
  readonly places: number;
  readonly phase: string;
  readonly done: number;
  readonly all: number;
}

/** What the worker answers. `failed` is no verdict: the files could not be had, or are not the claimed ones. */
export type Answer =
  | { readonly kind: "read"; readonly run: RunFacts }
  | ({ readonly kind: "phase" } & Position)
  | { readonly kind: "done"; readonly verification: Verification }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };
