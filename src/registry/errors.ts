import {
  BaseError,
  type ContractErrorName,
  ContractFunctionRevertedError,
  hexToString,
  HttpRequestError,
  isHex,
  TimeoutError,
} from "viem";
import type { registryAbi } from "./artifact.ts";
import { disputeExplanations } from "./disputes/explanations.ts";
import { validatorExplanations } from "./validation/explanations.ts";

/** What went wrong between us and the chain. */
export type RegistryErrorKind =
  | "unreachable"
  | "wrongChain"
  | "noContract"
  | "missingKey"
  | "badKey"
  | "insufficientFunds"
  | "reverted"
  | "notFound"
  | "indexer"
  | "usage"
  | "other";

/** A contract's own error, where it was the contract that refused. */
export interface ContractError {
  name:
    | ContractErrorName<typeof registryAbi>
    | keyof typeof disputeExplanations
    | keyof typeof validatorExplanations;
  args: readonly unknown[];
}

/** An error of the registry's client: a fact and a way out; never a key. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly kind: RegistryErrorKind;
  readonly contractError: ContractError | undefined;

  constructor(
    kind: RegistryErrorKind,
    message: string,
    options: ErrorOptions & { contractError?: ContractError } = {},
  ) {
    const { contractError, ...rest } = options;
    super(message, rest);
    this.kind = kind;
    this.contractError = contractError;
  }
}

/** The registry's custom errors in words (contracts/interfaces/ITrainingRegistry.sol). */
const explanations: Record<
  ContractErrorName<typeof registryAbi>,
  (args: readonly unknown[]) => string
> = {
  ZeroDigest: ([field]) => `the digest ${asciiOf(field)} is zero; it must be stated`,
  StepsOutOfRange: ([steps, maximum]) =>
    `${String(steps)} steps are outside 1 … ${String(maximum)}`,
  TextTooLong: ([length, maximum]) =>
    `the URI or reason has ${String(length)} bytes, the registry takes ${String(maximum)}; use a shorter one`,
  ReasonMissing: () => "taking something back needs a reason",
  PlanAlreadyAnnounced: ([id]) => `this account has announced plan ${String(id)} before`,
  UnknownPlan: ([id]) => `the registry has no plan ${String(id)}; check the id and the registry`,
  SeedNotReady: ([, block]) =>
    `the seed block ${String(block)} is not over; wait for the next block`,
  SeedMissed: ([id, block]) =>
    `the hash of block ${String(block)} is gone, plan ${String(id)} never gets a seed; announce another plan, and draw its seed in time`,
  SeedNotDrawn: ([id]) =>
    `plan ${String(id)} was not announced by this account, or its seed was not drawn; trainproof draw does that`,
  StartNotDrawn: ([start, expected]) =>
    `the run starts from seed ${String(start)}, the plan's is ${String(expected)}`,
  UndisclosedStartPlanned: ([digest]) =>
    `the claim names plan ${String(digest)} and starts from undisclosed weights, which no plan can announce; register it without the plan`,
  ClaimAlreadyRegistered: ([id]) => `this account has registered claim ${String(id)} before`,
  UnknownClaim: ([id]) => `the registry has no claim ${String(id)}; check the id and the registry`,
  NotClaimant: ([id, claimant]) => `claim ${String(id)} is ${String(claimant)}'s`,
  ClaimAlreadyRetracted: ([id]) => `claim ${String(id)} was retracted before`,
  VerdictMissing: ([id]) => `no verdict was given on claim ${String(id)}`,
  SampleMismatch: ([, size, seed]) =>
    `a sample of ${String(size)} segments with seed ${String(seed)} does not fit the verdict: valid is of all segments (0 and a zero seed), sampled of some (neither is zero)`,
  NotTheClaimsProof: ([id, digest]) =>
    `proof ${String(digest)} is not the one of claim ${String(id)}`,
  ProtocolVersionMissing: () => "the protocol's version is zero; it must be stated",
  AlreadyAttested: ([id, attester]) =>
    `${String(attester)} has given another verdict on claim ${String(id)}; a verdict stands for good`,
  NotAttested: ([id, attester]) =>
    `${String(attester)} has given no verdict on claim ${String(id)}`,
  AlreadyRevoked: ([id, attester]) =>
    `${String(attester)} has revoked its verdict on claim ${String(id)} before`,
  SignatureExpired: ([deadline]) => `the signature was good until ${String(deadline)} (seconds)`,
  BadSignature: ([signer]) =>
    `the signature is not ${String(signer)}'s on these values, this registry and this chain`,
  VerifiersNotAscending: ([index]) =>
    `verifier ${String(index)} is out of order or named twice; they must ascend`,
  ThresholdOutOfRange: ([threshold, verifiers]) =>
    `a threshold of ${String(threshold)} is outside 1 … ${String(verifiers)}, the number of verifiers`,
  LineageBroken: ([index, expected]) =>
    `content ${String(index)} of the lineage is not that of claim ${String(expected)}`,
};

const contracts = { ...explanations, ...disputeExplanations, ...validatorExplanations };
const notFound = new Set(["UnknownClaim", "UnknownPlan", "UnknownBond"]);

const isContractError = (name: string | undefined): name is ContractError["name"] =>
  name !== undefined && name in contracts;

function asciiOf(field: unknown): string {
  return isHex(field) ? hexToString(field).replaceAll("\0", "") : "";
}

/** Explains an error of viem; `rpcUrl` is named without credentials. */
export function registryErrorFrom(error: unknown, rpcUrl: string): RegistryError {
  if (error instanceof RegistryError) return error;
  const options = { cause: error };
  if (!(error instanceof BaseError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new RegistryError("other", message, options);
  }
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (reverted instanceof ContractFunctionRevertedError) {
    const { errorName, args } = reverted.data ?? {};
    if (!isContractError(errorName)) {
      const reason = reverted.reason ?? errorName ?? reverted.shortMessage;
      return new RegistryError("reverted", `the contract refused: ${reason}`, options);
    }
    const contractError = { name: errorName, args: args ?? [] };
    const who =
      errorName in explanations
        ? "the registry"
        : errorName in disputeExplanations
          ? "the dispute contract"
          : "the validator";
    return new RegistryError(
      notFound.has(errorName) ? "notFound" : "reverted",
      `${who} refused: ${contracts[errorName](contractError.args)}`,
      { ...options, contractError },
    );
  }
  const unreachable = error.walk(
    (cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError,
  );
  if (unreachable !== null) {
    return new RegistryError(
      "unreachable",
      `no Ethereum node answers at ${withoutCredentials(rpcUrl)}; check TRAINPROOF_RPC_URL or --rpc`,
      options,
    );
  }
  if (/insufficient funds|enough funds|exceeds the balance/i.test(error.message)) {
    return new RegistryError(
      "insufficientFunds",
      "the account cannot pay for the transaction; fund it or use another key",
      options,
    );
  }
  return new RegistryError("other", error.shortMessage.replaceAll("\n", " "), options);
}

/** A URL, or several between commas, fit for messages: without user, password, path and query, which may hold API keys. */
export function withoutCredentials(urls: string): string {
  const shown = urls.split(",").map((url) => {
    const { protocol, host } = URL.parse(url.trim()) ?? {};
    return host === undefined ? "(not a URL)" : `${protocol}//${host}`;
  });
  return shown.join(", ");
}
