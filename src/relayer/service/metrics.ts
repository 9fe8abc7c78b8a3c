import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { intentKinds, intentStates, type Actor, type Journal } from "../journal/index.ts";
import type { SenderMetrics, Turn } from "../sender/index.ts";

/** A relayer's metrics, for Prometheus; names start with trainproof_relayer_. */
export class RelayerMetrics implements SenderMetrics {
  readonly registry = new Registry();
  readonly #signed = this.#counter("transactions_signed", "Transactions signed", [
    "kind",
    "replacement",
  ]);
  readonly #broadcasts = this.#counter(
    "broadcasts",
    "Transactions handed to a node, by its answer",
    ["outcome"],
  );
  readonly #reorganisations = this.#counter(
    "reorganised",
    "Intents that a reorganisation moved or took back",
    ["kind"],
  );
  readonly #ended = this.#counter("intents_ended", "Intents that came to their end", [
    "kind",
    "state",
  ]);
  readonly #failures = this.#counter("failures", "Turns and scans that an error ended", ["part"]);
  readonly #intents = this.#gauge("intents", "Intents in the journal", ["kind", "state"]);
  readonly #head = this.#gauge("head_block", "The newest block seen", []);
  readonly #nonce = this.#gauge("account_nonce", "Nonces that the account has used", []);
  readonly #turn = this.#gauge("last_turn_timestamp_seconds", "When a turn last succeeded", []);

  /** Also the process's own, unless `defaults` is false. */
  constructor({ defaults = true } = {}) {
    if (defaults) collectDefaultMetrics({ register: this.registry });
  }

  signed(kind: string, replacement: boolean): void {
    this.#signed.inc({ kind, replacement: String(replacement) });
  }
  broadcast(outcome: string): void {
    this.#broadcasts.inc({ outcome });
  }
  reorganised(kind: string): void {
    this.#reorganisations.inc({ kind });
  }
  ended(kind: string, state: "confirmed" | "failed"): void {
    this.#ended.inc({ kind, state });
  }
  failed(part: string): void {
    this.#failures.inc({ part });
  }

  /** After a turn. */
  turn({ head }: Turn, journal: Journal, actor: Actor): void {
    this.#head.set(head.number);
    this.#nonce.set(head.used);
    this.#turn.setToCurrentTime();
    for (const kind of intentKinds)
      for (const state of intentStates) this.#intents.set({ kind, state }, 0);
    for (const { kind, state, count } of journal.counts(actor))
      this.#intents.set({ kind, state }, count);
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({
      name: `trainproof_relayer_${name}_total`,
      help,
      labelNames,
      registers: [this.registry],
    });
  }
  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({
      name: `trainproof_relayer_${name}`,
      help,
      labelNames,
      registers: [this.registry],
    });
  }
}
