import { getClaim, recorded, RegistryError } from "../../registry/index.ts";
import { attestable } from "../attestable.ts";
import { verdictReport } from "../report.ts";
import type { OpenClaim } from "./book.ts";
import type { ClaimOutcome } from "./claimWorker.ts";
import type { WatchContext } from "./context.ts";
import { pause } from "./policy.ts";
import { writeReport } from "./reports.ts";
import { verifyInWorker } from "./verifyInWorker.ts";

/** Why a claim needs no verdict of this account, if so; undefined, too, where the chain has no such claim (verifying says so). */
async function needless({ sender }: WatchContext, { id }: OpenClaim): Promise<string | undefined> {
  const { clients, account } = sender;
  try {
    const { retraction } = await getClaim(clients, { claimId: id });
    if (retraction) return "its claimant took it back";
  } catch (error) {
    if (error instanceof RegistryError && error.kind === "notFound") return undefined;
    throw error;
  }
  const wanted = { claimId: id, attester: account.address, verdict: "valid" } as const;
  const found = await recorded(clients, { kind: "attest", ...wanted });
  return found.is === "no" ? undefined : "this account has given its verdict";
}

/**
 * Verifies a claim and writes down what came of it: the verdict with its report, or when to try again.
 *
 * @throws RegistryError where the node does not answer: nothing is written then; the signal's reason
 */
export async function judge(
  context: WatchContext,
  claim: OpenClaim,
  signal: AbortSignal,
): Promise<void> {
  const { book, log } = context;
  const { id, claimant } = claim;
  const about = { claim: id, claimant };
  const unneeded = await needless(context, claim);
  if (unneeded !== undefined) {
    book.dropped(claim, unneeded);
    log.info({ ...about, reason: unneeded }, "left out");
    return;
  }
  log.info({ ...about, tries: claim.tries }, "verifying");
  const started = performance.now();
  const outcome = await verify(context, claim, signal);
  const milliseconds = performance.now() - started;
  const now = Date.now();
  book.verified(claim, now, milliseconds);
  const said = write(context, claim, outcome, now);
  context.metrics.verified(said, milliseconds / 1000);
}

function verify(
  { sender, policy, generators, elsewhere }: WatchContext,
  { id }: OpenClaim,
  signal: AbortSignal,
): Promise<ClaimOutcome> {
  const { clients, actor } = sender;
  const { threads, memoryMiB, seconds, totalBytes, fileBytes, allowedNetworks } = policy;
  return verifyInWorker(
    {
      claimId: id,
      rpcUrl: clients.rpcUrl,
      chainId: clients.chainId,
      registry: actor.registry,
      generators,
      threads,
      memoryMiB,
      limits: { totalBytes, fileBytes },
      allowedNetworks,
      ...(elsewhere && { elsewhere }),
      ...(policy.sample !== undefined && {
        sample: { size: policy.sample, attester: sender.account.address },
      }),
    },
    { memoryMiB, seconds, signal },
  );
}

function write(context: WatchContext, claim: OpenClaim, outcome: ClaimOutcome, now: number) {
  const { book, sender, policy, log, reports, verifierBuild, verifierVersion } = context;
  const { id, claimant, tries } = claim;
  const about = { claim: id, claimant };
  if (outcome.kind === "verdict") {
    const { chainId, registry } = sender.actor;
    const { verdict } = outcome.verification;
    const facts = { chainId, registry, verifierVersion, verifierBuild };
    const report = verdictReport(outcome.verification, facts);
    const { verdict: said } = attestable(outcome.verification);
    const reason = verdict.ok ? undefined : `${verdict.check}: ${verdict.reason}`;
    writeReport(reports, id, report); // before the book says that there is one
    book.decided({ id, verdict: said, report: report.digest }, now, reason);
    log.info({ ...about, verdict: said, ...(reason && { reason }) }, `verified: ${said}`);
    return said;
  }
  const gone = outcome.kind === "gone";
  const reason = gone ? "the chain has no such claim any more" : outcome.reason;
  const lasting = !gone && outcome.lasting;
  if (tries + 1 >= policy.tries) {
    book.dropped(claim, reason);
    log.warn({ ...about, reason }, `given up after ${policy.tries} tries`);
  } else {
    const wait = pause(tries, lasting);
    book.postponed(claim, reason, now + wait);
    log.warn({ ...about, reason, minutes: wait / 60_000 }, "no verdict; trying again later");
  }
  return outcome.kind;
}
