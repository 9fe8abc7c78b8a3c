import type { Address, Hex } from "viem";
import type { AttestedVerdict } from "../../registry/index.ts";

/** What is sent. fill: nothing to oneself, so that a nonce that others wait behind is used. */
export const intentKinds = ["announce", "draw", "register", "attest", "fill"] as const;
export type IntentKind = (typeof intentKinds)[number];

/**
 * Where an intent stands:
 *
 *     intended → signed → sent → mined → confirmed, failed
 *     intended → found → confirmed        another transaction did it
 *     mined → sent, found → intended      a reorganisation took it back
 *     signed, sent → intended             another transaction of the account took the nonce
 *     confirmed → sent, intended          a reorganisation deeper than the confirmations took it back
 *     failed → intended                   somebody wants it tried again
 */
export const intentStates = [
  "intended",
  "found",
  "signed",
  "sent",
  "mined",
  "confirmed",
  "failed",
] as const;
export type IntentState = (typeof intentStates)[number];

/** On which chain, in which registry and as which account. */
export interface Actor {
  chainId: number;
  registry: Address;
  actor: Address;
}

/** What makes an intent the same as another: never a time. */
export interface IntentIdentity extends Actor {
  kind: IntentKind;
  /** The plan's id, the claim's id; of a fill the nonce. */
  subject: string;
}

/** An intent before it is in the journal. */
export interface NewIntent extends IntentIdentity {
  to: Address;
  data: Hex;
  /** Of an attestation. */
  verdict?: AttestedVerdict;
  /** Of a claim: the proof digest of its run, which is claimed once. */
  run?: string;
}

/** An intent as the journal holds it. */
export interface Intent extends NewIntent {
  key: string;
  state: IntentState;
  /** Counts changes; a change that was decided on an older one is refused. */
  version: number;
  /** Once it is signed. */
  nonce?: number;
  /** Why it failed, or is not signed yet. */
  reason?: string;
  /** The block since which the registry refuses it. */
  refusedSince?: number;
  /** How many of its transactions were reverted. */
  reverts: number;
  mined?: { hash: Hex; block: number; blockHash: Hex };
  /** Milliseconds since 1970; for people. */
  createdAt: number;
  changedAt: number;
}

/** A signed transaction of an intent. */
export interface Attempt {
  /** From 1, over all nonces that the intent had. */
  number: number;
  nonce: number;
  hash: Hex;
  raw: Hex;
  gas: bigint;
  /** Wei for a unit of gas. */
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  /** Milliseconds since 1970, and the latest block then. */
  signedAt: number;
  signedBlock: number;
  /** When a node first took it. */
  sentAt?: number;
}

/** kind:subject:actor:chain:registry, in lower case. */
export const intentKey = ({ kind, subject, actor, chainId, registry }: IntentIdentity): string =>
  [kind, subject, actor, chainId, registry].join(":").toLowerCase();
