import { keccak256 } from "viem";
import { estimateCallGas } from "../../registry/index.ts";
import type { Attempt, Intent } from "../journal/index.ts";
import { about, type SenderContext } from "./context.ts";
import { bumpedFees, type Fees, suggestedFees } from "./fees.ts";
import type { Head } from "./head.ts";

/** Gas of a plain transfer, and what is added to an estimate: storage may differ when it is mined. */
const transferGas = 21_000n;
const withMargin = (gas: bigint): bigint => (gas * 5n) / 4n;

/** cap: the policy's highest fee is below what is needed now. lost: another process was first. */
export type Signing = { signed: Intent; attempt: Attempt } | "cap" | "lost";

/** Signs an intent's first transaction of a nonce, and writes it into the journal. Errors: RegistryError where the registry refuses it. */
export async function signFirst(
  context: SenderContext,
  head: Head,
  intent: Intent,
): Promise<Signing> {
  const { clients, account, journal } = context;
  const fees = await currentFees(context, head);
  if (fees === undefined) return "cap";
  if (intent.kind === "fill") {
    return keep(context, head, intent, {
      nonce: Number(intent.subject),
      gas: transferGas,
      ...fees,
    });
  }
  const block = BigInt(head.number);
  const gas = withMargin(await estimateCallGas(clients, intent, account.address, block));
  const held = journal.heldNonces(context.actor).at(-1) ?? -1;
  const nonce = Math.max(head.used, head.usedPending, held + 1);
  return keep(context, head, intent, { nonce, gas, ...fees });
}

/** Signs a transaction that replaces an intent's last one: the same with higher fees. */
export async function signReplacement(
  context: SenderContext,
  head: Head,
  intent: Intent,
  last: Attempt,
): Promise<Signing> {
  const current = await currentFees(context, head);
  const fees = current && bumpedFees(last, current, context.policy);
  if (fees === undefined) return "cap";
  return keep(context, head, intent, { nonce: last.nonce, gas: last.gas, ...fees });
}

async function currentFees(
  { clients, policy }: SenderContext,
  { baseFee }: Head,
): Promise<Fees | undefined> {
  const tip = await clients.reader.estimateMaxPriorityFeePerGas();
  return suggestedFees(baseFee, tip, policy);
}

async function keep(
  { account, journal, log, metrics, clients }: SenderContext,
  head: Head,
  intent: Intent,
  terms: Fees & { nonce: number; gas: bigint },
): Promise<Signing> {
  const raw = await account.signTransaction({
    type: "eip1559",
    chainId: clients.chainId,
    to: intent.to,
    data: intent.data,
    value: 0n,
    ...terms,
  });
  const hash = keccak256(raw);
  const signed = journal.sign(intent, { ...terms, raw, hash, signedBlock: head.number });
  const attempt = signed && journal.attempts(signed).at(-1);
  if (signed === undefined || attempt?.hash !== hash) return "lost";
  const replacement = intent.nonce === terms.nonce;
  metrics.signed(intent.kind, replacement);
  const { maxFeePerGas, maxPriorityFeePerGas } = terms;
  log.info(
    {
      ...about(signed),
      hash,
      attempt: attempt.number,
      maxFeePerGas: String(maxFeePerGas),
      maxPriorityFeePerGas: String(maxPriorityFeePerGas),
    },
    replacement ? "signed a replacement with higher fees" : "signed",
  );
  return { signed, attempt };
}
