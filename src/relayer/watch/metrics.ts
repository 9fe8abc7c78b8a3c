import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { BookCounts } from "./book.ts";

/** What came of a verification. */
export type WatchOutcome = "valid" | "invalid" | "sampled" | "undecided" | "gone";

/** A watcher's own metrics, beside those of its sender; names start with trainproof_watch_. */
export class WatchMetrics {
  readonly #claims: Gauge<"state">;
  readonly #verifications: Counter<"outcome">;
  readonly #seconds: Histogram;
  readonly #block: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    const name = (rest: string) => `trainproof_watch_${rest}`;
    this.#claims = new Gauge({
      name: name("claims"),
      help: "Claims in the book",
      labelNames: ["state"],
      registers,
    });
    this.#verifications = new Counter({
      name: name("verifications_total"),
      help: "Verifications that ended, by what came of them",
      labelNames: ["outcome"],
      registers,
    });
    this.#seconds = new Histogram({
      name: name("verification_seconds"),
      help: "What a verification took, fetching included",
      buckets: [0.3, 1, 3, 10, 30, 100, 300, 1000, 3000],
      registers,
    });
    this.#block = new Gauge({
      name: name("next_block"),
      help: "The first block whose claims have not been read",
      registers,
    });
  }

  book(counts: BookCounts, nextBlock: number): void {
    for (const [state, count] of Object.entries(counts)) this.#claims.set({ state }, Number(count));
    this.#block.set(nextBlock);
  }

  verified(outcome: WatchOutcome, seconds: number): void {
    this.#verifications.inc({ outcome });
    this.#seconds.observe(seconds);
  }
}
