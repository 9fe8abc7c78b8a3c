import { readFileSync } from "node:fs";
import type { Address } from "viem";
import { readPublicRun, type SourceLimits } from "../artifact/index.ts";
import { generatorsFile } from "../prover/index.ts";
import { fromHex } from "../protocol/index.ts";
import type { Claim } from "../registry/index.ts";
import {
  type RunVerification,
  sampleSentences,
  verifyClaim,
  verifyPublicRun,
  type VerifyRunOptions,
} from "../relayer/index.ts";
import type { Registry } from "./connect.ts";
import { TrainproofError, typed } from "./errors.ts";

export interface VerifyOptions {
  /** Needed for a claim id, and for nothing else. */
  registry?: Registry;
  /** A claim's files, instead of those at the claim's own address. */
  files?: string;
  /** How much is read, for how long, from which hosts. */
  limits?: Partial<SourceLimits>;
  /**
   * Verifies the proofs of a sample of the segments alone, after all statements: evidence, and no proof (PROTOCOL §23). Of a claim the chain
   * draws it, for `attester`, or else for the registry's account; of files without a claim `seed` does, 0x and 64 digits.
   */
  sample?: { size: number; attester?: Address; seed?: string };
  /** Segments verified at a time; as many as the machine has cores unless said. */
  threads?: number;
  /** Verifies segments otherwise than in this process (src/queue); in `threads` worker threads unless given. */
  segmentVerifier?: NonNullable<VerifyRunOptions["segmentVerifier"]>;
  signal?: AbortSignal;
  /** Phases of segments (from 0) as they begin; those of several segments come as they come. */
  onProgress?: (segment: number, phase: string, segments: number) => void;
}

/** A verdict: `ok`, and if not, the first check that failed (docs/PROTOCOL.md). */
export type Verification = RunVerification["verdict"] &
  Omit<RunVerification, "verdict"> & {
    /** What a sample says, in words: it is no proof that the run is valid. Absent where all segments were verified. */
    meaning?: string;
    /** What was verified: a claim, or a run's files alone. */
    claim?: Claim;
    source?: string;
    proofDigest: string;
    /** What the run starts from, where that is another run: proven only if that is valid, too. */
    continues?: string;
  };

const claimId = /^0x[0-9a-fA-F]{64}$/;

/**
 * Verifies a claim by its id, or a run by its public files, trusting nobody: an invalid proof is a verdict, not an error. Errors say
 * that no verdict could be reached. Needs no native code.
 *
 * @param what - claim id (0x and 64 digits), run folder, its public folder, or the address of a manifest.json.
 * @throws TrainproofError "NOT_FOUND", "FILES_NOT_FOUND", "FILES_UNREACHABLE", "FILES_ALTERED", "FILES_MALFORMED" (without a claim),
 *   "CANCELLED", "INVALID_ARGUMENT", "CHAIN_UNREACHABLE"
 *
 * @example
 * const verdict = await verify("https://example.org/mnist/manifest.json");
 * if (!verdict.ok) console.log(verdict.check, verdict.reason);
 */
export function verify(what: string, options: VerifyOptions = {}): Promise<Verification> {
  return typed(
    () => (claimId.test(what) ? ofClaim(what, options) : ofFiles(what, options)),
    options.signal,
  );
}

/** PROTOCOL §2's table, which comes with the package. */
export const generatorTable = (): Uint8Array => new Uint8Array(readFileSync(generatorsFile()));

const optionsOf = ({ threads, segmentVerifier, signal, onProgress }: VerifyOptions) => ({
  generators: generatorTable(),
  ...(threads !== undefined && { threads }),
  ...(segmentVerifier && { segmentVerifier }),
  ...(signal && { signal }),
  ...(onProgress && { onProgress }),
});

async function ofClaim(id: string, options: VerifyOptions): Promise<Verification> {
  const { registry, files, limits, sample } = options;
  if (registry === undefined) {
    throw new TrainproofError("INVALID_ARGUMENT", `${id} is a claim id; give the registry, too`);
  }
  const attester = sample?.attester ?? registry.wallet?.account.address;
  if (sample?.seed !== undefined) {
    const message =
      "the chain draws a claim's sample; give no seed, or the run's files without the claim";
    throw new TrainproofError("INVALID_ARGUMENT", message);
  }
  if (sample && attester === undefined) {
    const message =
      "whose sample? Give the attester's address, or a key: each attester has another";
    throw new TrainproofError("INVALID_ARGUMENT", message);
  }
  const { claim, verdict, ...figures } = await verifyClaim(registry, id as `0x${string}`, {
    ...optionsOf(options),
    ...(sample && attester && { sample: { size: sample.size, attester } }),
    ...(files !== undefined && { files }),
    ...(limits && { limits }),
  });
  const continues = claim.startKind === "parent" && `claim ${claim.start}`;
  const { proofDigest } = claim;
  return {
    ...verdict,
    ...figures,
    ...meaningOf(figures),
    claim,
    proofDigest,
    ...(continues && { continues }),
  };
}

const meaningOf = ({ coverage }: Pick<RunVerification, "coverage">) =>
  coverage.kind === "sample" ? { meaning: sampleSentences(coverage).join(" ") } : {};

/** The sample that the caller draws himself, where there is no claim. */
function ownSample({ sample }: VerifyOptions) {
  if (sample === undefined) return {};
  const { size, seed, attester } = sample;
  if (seed === undefined || !/^0x[0-9a-fA-F]{64}$/.test(seed)) {
    const message = "files without a claim have a sample by a seed alone: 0x and 64 digits";
    throw new TrainproofError("INVALID_ARGUMENT", message);
  }
  if (attester !== undefined) {
    const message = "an attester has a sample of a claim, not of files; give the claim's id";
    throw new TrainproofError("INVALID_ARGUMENT", message);
  }
  return { sample: { size, seed: fromHex(seed) } };
}

async function ofFiles(what: string, options: VerifyOptions): Promise<Verification> {
  const { limits, signal } = options;
  const sampled = ownSample(options);
  const run = await readPublicRun(what, { ...(limits && { limits }), ...(signal && { signal }) });
  const { start } = run.config;
  // Without a chain, what the run continues is its publisher's word.
  const parent =
    "parent" in start
      ? {
          modelCommitment: fromHex(start.parent.modelCommitment),
          weightBound: BigInt(start.parent.weightBound),
        }
      : undefined;
  const continues = "a run that its publisher names; verify a claim to bind it to the chain";
  const { verdict, ...figures } = await verifyPublicRun(run, {
    ...optionsOf(options),
    ...sampled,
    ...(parent && { parent }),
  });
  const { source, proofDigest } = run;
  const said = { ...verdict, ...figures, ...meaningOf(figures) };
  return { ...said, source, proofDigest, ...(parent && { continues }) };
}
