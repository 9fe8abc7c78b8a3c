import { BaseError, ContractFunctionRevertedError, HttpRequestError, TimeoutError } from "viem";

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
  | "usage"
  | "other";

/** An error of the registry's client: a fact and a way out; never a key. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly kind: RegistryErrorKind;

  constructor(kind: RegistryErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The contract's custom errors in words (contracts/interfaces/ITrainingRegistry.sol). */
const explanations: Record<string, (args: readonly unknown[]) => string> = {
  ZeroDigest: ([field]) => `the digest ${asciiOf(field)} is zero; a claim must state it`,
  StepsOutOfRange: ([steps, maximum]) =>
    `${String(steps)} steps are outside 1 … ${String(maximum)}`,
  UriTooLong: ([length, maximum]) =>
    `the URI has ${String(length)} bytes, the registry takes ${String(maximum)}; host the files under a shorter one`,
  ClaimAlreadyRegistered: ([id]) => `this account has registered claim ${String(id)} before`,
  UnknownClaim: ([id]) => `the registry has no claim ${String(id)}; check the id and the registry`,
  VerdictMissing: ([id]) => `no verdict was given on claim ${String(id)}`,
  AlreadyAttested: ([id, attester]) =>
    `${String(attester)} has given another verdict on claim ${String(id)}; a verdict stands for good`,
};

function asciiOf(field: unknown): string {
  const bytes = typeof field === "string" ? Buffer.from(field.slice(2), "hex") : Buffer.alloc(0);
  return bytes.toString("ascii").replaceAll("\0", "");
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
    const explain = errorName === undefined ? undefined : explanations[errorName];
    const reason = explain?.(args ?? []) ?? reverted.reason ?? errorName ?? reverted.shortMessage;
    const kind = errorName === "UnknownClaim" ? "notFound" : "reverted";
    return new RegistryError(kind, `the registry refused: ${reason}`, options);
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
  return new RegistryError("other", error.shortMessage, options);
}

/** A URL fit for messages: without user, password and query, which may hold API keys. */
export function withoutCredentials(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return "(not a URL)";
  }
}
