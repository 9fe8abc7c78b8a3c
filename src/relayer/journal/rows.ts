import type { Address, Hex } from "viem";
import type { AttestedVerdict } from "../../registry/index.ts";
import type { Attempt, Intent, IntentKind, IntentState } from "./intent.ts";

export interface IntentRow {
  key: string;
  kind: string;
  subject: string;
  actor: string;
  chain: number;
  registry: string;
  recipient: string;
  data: string;
  verdict: string | null;
  run: string | null;
  state: string;
  nonce: number | null;
  reason: string | null;
  refused_since: number | null;
  reverts: number;
  mined_hash: string | null;
  mined_block: number | null;
  mined_block_hash: string | null;
  version: number;
  created_at: number;
  changed_at: number;
}

export interface AttemptRow {
  number: number;
  nonce: number;
  hash: string;
  raw: string;
  gas: string;
  max_fee: string;
  max_tip: string;
  signed_at: number;
  signed_block: number;
  sent_at: number | null;
}

export function intentOf(row: IntentRow): Intent {
  const { mined_hash, mined_block, mined_block_hash } = row;
  return {
    key: row.key,
    kind: row.kind as IntentKind,
    subject: row.subject,
    actor: row.actor as Address,
    chainId: row.chain,
    registry: row.registry as Address,
    to: row.recipient as Address,
    data: row.data as Hex,
    state: row.state as IntentState,
    version: row.version,
    reverts: row.reverts,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(row.verdict !== null && { verdict: row.verdict as AttestedVerdict }),
    ...(row.run !== null && { run: row.run }),
    ...(row.nonce !== null && { nonce: row.nonce }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.refused_since !== null && { refusedSince: row.refused_since }),
    ...(mined_hash !== null &&
      mined_block !== null &&
      mined_block_hash !== null && {
        mined: { hash: mined_hash as Hex, block: mined_block, blockHash: mined_block_hash as Hex },
      }),
  };
}

export const attemptOf = (row: AttemptRow): Attempt => ({
  number: row.number,
  nonce: row.nonce,
  hash: row.hash as Hex,
  raw: row.raw as Hex,
  gas: BigInt(row.gas),
  maxFeePerGas: BigInt(row.max_fee),
  maxPriorityFeePerGas: BigInt(row.max_tip),
  signedAt: row.signed_at,
  signedBlock: row.signed_block,
  ...(row.sent_at !== null && { sentAt: row.sent_at }),
});
