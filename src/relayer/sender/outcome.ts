import { BaseError, HttpRequestError, TimeoutError } from "viem";

/**
 * What became of a transaction that was handed to a node.
 *
 * accepted, known: it is in the pool. nonceTooLow: its nonce is used, by itself or by another. nonceTooHigh: others must come first.
 * underpriced: below what the node takes. replacementUnderpriced: another of the same nonce is in the pool and pays as much.
 * insufficientFunds: the account cannot pay. unreachable: no answer; it may have arrived. refused: something else, see the message.
 */
export type SendOutcome =
  | "accepted"
  | "known"
  | "nonceTooLow"
  | "nonceTooHigh"
  | "underpriced"
  | "replacementUnderpriced"
  | "insufficientFunds"
  | "unreachable"
  | "refused";

/**
 * How nodes say it: no standard has codes for it. In this order, since "replacement transaction underpriced" is both. Texts of geth,
 * Nethermind, Besu, Erigon, Reth, Anvil and Hardhat.
 */
const patterns: [SendOutcome, RegExp][] = [
  ["replacementUnderpriced", /replacement|could not replace|replacing/i],
  [
    "known",
    /already ?known|known transaction|already imported|already exists|already in (the )?(mem)?pool/i,
  ],
  ["nonceTooLow", /nonce (is )?too low|old ?nonce|nonce_too_low|nonce.{0,40}(lower|less) than/i],
  ["nonceTooHigh", /nonce (is )?too high|nonce ?gap|nonce too distant|nonce_too_high/i],
  [
    "insufficientFunds",
    /insufficient ?(funds|balance)|enough funds|upfront cost|exceeds the balance/i,
  ],
  [
    "underpriced",
    /underpriced|fee ?(cap )?too ?low|less than (the )?block base fee|(is|are) too low for the next block|gas price.{0,40}(too low|below)|below.{0,20}minimum/i,
  ],
];

/** What a node's refusal, or its silence, means. */
export function outcomeOf(error: unknown): { outcome: SendOutcome; message: string } {
  if (!(error instanceof BaseError)) return { outcome: "refused", message: "unknown error" };
  const silent = error.walk(
    (cause) =>
      cause instanceof TimeoutError || (cause instanceof HttpRequestError && !isAnswer(cause)),
  );
  // Never error.message: it quotes the request and the endpoint's address.
  const message = lastDetails(error) ?? error.shortMessage;
  if (silent !== null) return { outcome: "unreachable", message: "no answer from the node" };
  const [outcome] = patterns.find(([, pattern]) => pattern.test(message)) ?? ["refused"];
  return { outcome, message: message.slice(0, 300) };
}

/** Some nodes put a refusal into an HTTP error. */
const isAnswer = (error: HttpRequestError): boolean =>
  patterns.some(([, pattern]) => pattern.test(error.details ?? ""));

function lastDetails(error: BaseError): string | undefined {
  const inner = error.walk((cause) => cause instanceof BaseError && Boolean(cause.details));
  return inner instanceof BaseError ? inner.details : undefined;
}
