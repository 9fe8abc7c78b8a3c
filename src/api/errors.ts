import {
  ArtifactDigestError,
  ArtifactError,
  ArtifactNotFoundError,
  ArtifactUnreachableError,
  ArtifactWriteError,
  PlanError,
  RunFolderError,
  RunLockedError,
} from "../artifact/index.ts";
import { DataError } from "../dataset/index.ts";
import { ModelFileError } from "../model/index.ts";
import { ProverError, type ProverErrorCode } from "../prover/index.ts";
import { EnvelopeError } from "../record/index.ts";
import { RegistryError, type RegistryErrorKind } from "../registry/index.ts";

/** What went wrong, for programs. Codes are added between versions, never renamed. */
export const ERROR_CODES = {
  INVALID_ARGUMENT: "an argument is not what the function takes",
  CANCELLED: "the caller's signal aborted it",
  PLAN_INVALID: "the plan file cannot be run; the message names every field",
  DATA_INVALID: "a data file is missing, malformed or out of range",
  MODEL_FILE_INVALID: "a weights file cannot be used",
  RUN_FOLDER_INVALID: "a run's or an announcement's folder is not in the state that this needs",
  RUN_LOCKED: "another process writes to the run folder",
  WRITE_FAILED: "a file could not be written; what was finished before is kept",
  PROVER_MISSING: "the native prover is not built; proving needs it, verifying does not",
  PROVER_DEVICE: "the GPU that was named is not usable, or failed",
  OUT_OF_RANGE: "training left the fixed-point range; the message names layer, step and way out",
  MEMORY_LIMIT: "a segment would need more memory than was allowed",
  FILES_NOT_FOUND: "public files are not there",
  FILES_UNREACHABLE: "public files could not be read; a retry may help",
  FILES_ALTERED: "public files have another SHA-256 than they were announced with",
  FILES_MALFORMED:
    "public files are not what their format says, contradict each other or exceed a limit",
  ENVELOPE_INVALID: "a signed report is malformed, or its signature is not its signer's",
  CHAIN_UNREACHABLE: "no Ethereum node answers; a retry may help",
  CHAIN_WRONG: "the node is on another chain than was named",
  CONTRACT_MISSING: "there is no contract at the address",
  KEY_MISSING: "the action signs a transaction, and there is no key",
  KEY_INVALID: "the key is none",
  FUNDS_INSUFFICIENT: "the account cannot pay for the transaction",
  REFUSED: "the contract refused the transaction; the message says why",
  NOT_FOUND: "the registry has no such claim, plan or bond",
  INDEXER_WRONG: "the indexer is another registry's, answers nonsense, or differs from the chain",
  CHAIN_FAILED: "the node refused for another reason",
  INTERNAL: "a defect of Trainproof or of the machine; the cause says more",
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * The one class of errors that this package's functions reject with.
 *
 * @example
 * try { await verify(claimId, { registry }); }
 * catch (error) { if (error instanceof TrainproofError && error.code === "FILES_UNREACHABLE") … }
 */
export class TrainproofError extends Error {
  override readonly name = "TrainproofError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const proverCodes: Record<ProverErrorCode, ErrorCode> = {
  AddonMissing: "PROVER_MISSING",
  InvalidArgument: "INVALID_ARGUMENT",
  OutOfRange: "OUT_OF_RANGE",
  MemoryLimit: "MEMORY_LIMIT",
  Device: "PROVER_DEVICE",
  Cancelled: "CANCELLED",
  Internal: "INTERNAL",
};

const registryCodes: Record<RegistryErrorKind, ErrorCode> = {
  unreachable: "CHAIN_UNREACHABLE",
  wrongChain: "CHAIN_WRONG",
  noContract: "CONTRACT_MISSING",
  missingKey: "KEY_MISSING",
  badKey: "KEY_INVALID",
  insufficientFunds: "FUNDS_INSUFFICIENT",
  reverted: "REFUSED",
  notFound: "NOT_FOUND",
  usage: "INVALID_ARGUMENT",
  indexer: "INDEXER_WRONG",
  other: "CHAIN_FAILED",
};

/** Classes in the order in which they are asked: subclasses before their base. */
const classes: readonly [abstract new (...args: never[]) => Error, ErrorCode][] = [
  [PlanError, "PLAN_INVALID"],
  [DataError, "DATA_INVALID"],
  [ModelFileError, "MODEL_FILE_INVALID"],
  [RunFolderError, "RUN_FOLDER_INVALID"],
  [RunLockedError, "RUN_LOCKED"],
  [ArtifactWriteError, "WRITE_FAILED"],
  [ArtifactNotFoundError, "FILES_NOT_FOUND"],
  [ArtifactUnreachableError, "FILES_UNREACHABLE"],
  [ArtifactDigestError, "FILES_ALTERED"],
  [ArtifactError, "FILES_MALFORMED"],
  [EnvelopeError, "ENVELOPE_INVALID"],
  [RangeError, "INVALID_ARGUMENT"],
];

/** The code of any error that this package's modules throw; "INTERNAL" for what is none of theirs. */
export function errorCodeOf(error: unknown): ErrorCode {
  if (error instanceof TrainproofError) return error.code;
  if (error instanceof ProverError) return proverCodes[error.code];
  if (error instanceof RegistryError) return registryCodes[error.kind];
  if (error instanceof Error && error.name === "AbortError") return "CANCELLED";
  return classes.find(([kind]) => error instanceof kind)?.[1] ?? "INTERNAL";
}

/**
 * Runs what a function of this package does; its errors become TrainproofErrors with the original as their cause.
 *
 * @param signal - the caller's: once it has aborted, whatever is thrown means that.
 */
export async function typed<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TrainproofError) throw error;
    // The caller's own reason says more than what was cut short.
    const said: unknown = signal?.aborted === true ? signal.reason : error;
    const code = signal?.aborted === true ? "CANCELLED" : errorCodeOf(error);
    const message = said instanceof Error ? said.message : String(said);
    throw new TrainproofError(code, message, { cause: error });
  }
}
