import type { ContractErrorName } from "viem";
import type { disputesAbi } from "./artifact.ts";
import { stages } from "./bond.ts";

const stageOf = (value: unknown) => stages[Number(value)] ?? String(value);

/** The dispute contract's custom errors in words (contracts/interfaces/IDisputeBonds.sol). */
export const disputeExplanations: Record<
  ContractErrorName<typeof disputesAbi>,
  (args: readonly unknown[]) => string
> = {
  NotARegistry: ([address]) => `there is no training registry at ${String(address)}`,
  NothingToBond: ([id]) =>
    `claim ${String(id)} or this verdict on it is not on record, or was taken back`,
  NotTheAuthor: ([, author]) => `only ${String(author)}, whose word it is, can bond it`,
  WrongValue: ([sent, expected]) =>
    `${String(sent)} wei were sent, the bond is ${String(expected)} wei; it cannot be zero`,
  ChallengeWindowOutOfRange: ([until, earliest, latest]) =>
    `a challenge window until ${String(until)} is outside ${String(earliest)} … ${String(latest)} (seconds): an hour to a year from now`,
  ResolveWindowOutOfRange: ([within, minimum, maximum]) =>
    `${String(within)} seconds for the resolvers are outside ${String(minimum)} … ${String(maximum)}`,
  ResolversOutOfRange: ([count, maximum]) =>
    `${String(count)} resolvers are outside 1 … ${String(maximum)}`,
  ResolversNotAscending: ([index]) => `resolver ${String(index)} is out of order or named twice`,
  ThresholdNotAMajority: ([threshold, count]) =>
    `a threshold of ${String(threshold)} is no majority of ${String(count)} resolvers`,
  PartyTwice: ([account]) =>
    `${String(account)} has another part in this dispute; poster, challenger and resolvers are different accounts`,
  BondAlreadyPosted: ([id]) =>
    `bond ${String(id)} was posted before; another end of the window makes another bond`,
  UnknownBond: ([id]) => `there is no bond ${String(id)}; check the id and the dispute contract`,
  WrongStage: ([id, stage, needed]) =>
    `bond ${String(id)} is ${stageOf(stage)}; this needs one that is ${stageOf(needed)}`,
  WindowOver: ([, until]) => `the time for this ended at ${String(until)} (seconds)`,
  WindowOpen: ([, until]) => `the window is open until ${String(until)} (seconds); wait`,
  NotAResolver: ([id, account]) => `${String(account)} is no resolver of bond ${String(id)}`,
  AlreadyVoted: ([, resolver]) => `${String(resolver)} has voted before; a vote stands`,
  DisputeReasonMissing: () => "a challenge and a vote need a reason",
  DisputeReasonTooLong: ([length, maximum]) =>
    `the reason has ${String(length)} bytes, at most ${String(maximum)} are taken; use a shorter one`,
  NothingOwed: ([account]) => `${String(account)} is owed nothing`,
  PaymentRefused: ([to]) => `${String(to)} does not take the payment; name another receiver`,
};
