import assert from "node:assert/strict";
import { pino } from "pino";
import type { Hex } from "viem";
import {
  type ClaimContent,
  computeClaimId,
  findClaims,
  registerClaimCall,
  type RegistryClients,
} from "../../src/registry/index.ts";
import { type Intent, type Journal, openJournal } from "../../src/relayer/journal/index.ts";
import {
  DEFAULT_POLICY,
  Sender,
  senderContext,
  type SendPolicy,
} from "../../src/relayer/sender/index.ts";
import { RelayerMetrics } from "../../src/relayer/service/index.ts";
import { content, digest, uri } from "../registry/chain.ts";

/** A sender with its journal, and what it logged. */
export interface TestSender {
  sender: Sender;
  journal: Journal;
  clients: RegistryClients;
  lines: Record<string, unknown>[];
  /** Intends to register a claim of this name. */
  claim(name: string, changes?: Partial<ClaimContent>): Intent;
  /** The intent as the journal has it now. */
  now(intent: Intent): Intent;
  /** Its transactions' hashes, oldest first. */
  hashes(intent: Intent): Hex[];
  turn(): ReturnType<Sender["turn"]>;
}

export const quick: SendPolicy = { ...DEFAULT_POLICY, confirmations: 2, stuckBlocks: 3 };

export async function testSender(
  clients: RegistryClients,
  file: string,
  policy: Partial<SendPolicy> = {},
): Promise<TestSender> {
  const journal = await openJournal(file);
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: "debug" },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const metrics = new RelayerMetrics({ defaults: false });
  const context = senderContext({
    clients,
    journal,
    log,
    metrics,
    policy: { ...quick, ...policy },
  });
  const sender = new Sender(context);
  const { actor } = context;
  return {
    sender,
    journal,
    clients,
    lines,
    claim(name, changes = {}) {
      const changed = { ...content, modelCommitment: digest(name), ...changes };
      const { chainId, registry, actor: claimant } = actor;
      const subject = computeClaimId({ chainId, registry, claimant, content: changed });
      const call = registerClaimCall(clients, { content: changed, uri });
      return journal.intend({ ...actor, kind: "register", subject, ...call });
    },
    now(intent) {
      const found = journal.find(intent);
      assert.ok(found);
      return found;
    },
    hashes: (intent) => journal.attempts(intent).map(({ hash }) => hash),
    turn: () => sender.turn(),
  };
}

/** How many claims an account has, by events; and how many transactions it has sent. */
export async function onChain(
  clients: RegistryClients,
): Promise<{ claims: number; nonce: number }> {
  const { address } = clients.wallet!.account;
  const claims = await findClaims(clients, { claimant: address });
  const nonce = await clients.reader.getTransactionCount({ address });
  return { claims: claims.length, nonce };
}
