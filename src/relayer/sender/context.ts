import type { Logger } from "pino";
import type { LocalAccount } from "viem";
import {
  type RegistryClients,
  RegistryError,
  requireAddress,
  requireWallet,
} from "../../registry/index.ts";
import type { Actor, Intent, Journal } from "../journal/index.ts";
import { checkPolicy, type SendPolicy } from "./policy.ts";

/** What a sender counts; src/relayer/service/metrics.ts shows it. */
export interface SenderMetrics {
  signed(kind: string, replacement: boolean): void;
  broadcast(outcome: string): void;
  reorganised(kind: string): void;
  ended(kind: string, state: "confirmed" | "failed"): void;
}

/** What every part of a sender works with. */
export interface SenderContext {
  clients: RegistryClients;
  account: LocalAccount;
  actor: Actor;
  journal: Journal;
  policy: SendPolicy;
  log: Logger;
  metrics: SenderMetrics;
}

/** Errors: RegistryError without registry or key, RangeError for a policy that cannot work. */
export function senderContext(parts: {
  clients: RegistryClients;
  journal: Journal;
  policy: SendPolicy;
  log: Logger;
  metrics: SenderMetrics;
}): SenderContext {
  const { clients } = parts;
  const { account } = requireWallet(clients);
  if (account.type !== "local") {
    throw new RegistryError("usage", "the relayer signs itself; it needs a private key");
  }
  const { chainId } = clients;
  const actor = { chainId, registry: requireAddress(clients), actor: account.address };
  return { ...parts, account, actor, policy: checkPolicy(parts.policy) };
}

/** An intent's fields for logs. */
export const about = ({ kind, subject, nonce }: Intent) => ({
  kind,
  subject,
  ...(nonce !== undefined && { nonce }),
});
