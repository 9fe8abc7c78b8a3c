import type { Hex } from "viem";
import { RegistryError } from "../../registry/index.ts";
import { type Sender } from "../sender/index.ts";
import { type RelayerMetrics, repeat } from "../service/index.ts";
import type { WatchContext } from "./context.ts";
import { deliver } from "./deliver.ts";
import { judge } from "./judge.ts";
import { scan } from "./scan.ts";

export interface WatchOptions {
  /** Milliseconds between looks at the chain. */
  interval: number;
  /** The first block to look at. */
  fromBlock: number;
  /** Stops gracefully: verifications are ended without a verdict, what is sent is in the journal. */
  signal: AbortSignal;
  /** Ends when nothing is left to do, instead of waiting for new claims. */
  once?: boolean;
}

/** The longest pause after failures, in milliseconds. */
const longest = 60_000;

/** A third party's daemon: sees new claims, verifies each from its public files, and attests the verdict. */
export class Watcher {
  readonly #context: WatchContext;
  readonly #sender: Sender;
  readonly #counts: RelayerMetrics;
  /** Claims that a thread is at. */
  readonly #atWork = new Set<Hex>();

  constructor(context: WatchContext, sender: Sender, counts: RelayerMetrics) {
    this.#context = context;
    this.#sender = sender;
    this.#counts = counts;
  }

  /** Runs until the signal aborts, whatever fails. */
  async run(options: WatchOptions): Promise<void> {
    const { signal, interval } = options;
    const { policy, health } = this.#context;
    health.expect("scan", 10 * interval + longest * 2);
    health.expect("send", 10 * interval + longest * 2);
    let ended = false;
    const loop = (part: string, action: () => Promise<void>) =>
      repeat(
        async () => {
          if (ended) return false;
          await action();
          health.succeeded(part);
          return !ended;
        },
        { interval, longest, signal, onError: (error, pause) => this.#failed(part, error, pause) },
      );
    const scanning = loop("scan", async () => {
      await this.#scan(options);
      if (options.once === true && this.#idle()) ended = true;
    });
    const verifying = Array.from({ length: policy.workers }, () =>
      loop("verify", () => this.#verifyDue(signal)),
    );
    await Promise.all([scanning, loop("send", () => this.#send(signal)), ...verifying]);
  }

  async #scan({ fromBlock }: WatchOptions): Promise<void> {
    const { sender, book, policy, metrics, health } = this.#context;
    const { confirmations } = policy;
    await scan(sender.clients, book, { confirmations, fromBlock });
    metrics.book(book.counts(), book.nextBlock);
    health.facts({ claims: book.counts(), nextBlock: book.nextBlock, atWork: [...this.#atWork] });
  }

  /** Verifies what is due, one claim after the other. */
  async #verifyDue(signal: AbortSignal): Promise<void> {
    const { book, policy, health } = this.#context;
    for (;;) {
      if (signal.aborted) return;
      const now = Date.now();
      // What is under way may be decided today, too.
      const full = book.decidedWithinDay(now) + this.#atWork.size >= policy.perDay;
      const words = `${policy.perDay} verdicts within a day; the rest waits (--per-day)`;
      health.obstacle("perDay", full ? words : undefined);
      const choice = { claimants: policy.claimants, perClaimant: policy.perClaimant };
      const claim = full ? undefined : book.next(now, { except: [...this.#atWork], ...choice });
      if (claim === undefined) return;
      this.#atWork.add(claim.id);
      try {
        await judge(this.#context, claim, signal);
      } finally {
        this.#atWork.delete(claim.id);
      }
    }
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { sender, health } = this.#context;
    await deliver(this.#context, signal);
    const turn = await this.#sender.turn(signal);
    this.#counts.turn(turn, sender.journal, sender.actor);
    const words = [...turn.obstacles].join(", ");
    health.obstacle("sender", words === "" ? undefined : `transactions wait: ${words}`);
    await deliver(this.#context, signal);
  }

  /** Whether nothing is due, at work or on its way. */
  #idle(): boolean {
    const { book, policy, sender } = this.#context;
    const { claimants, perClaimant } = policy;
    const due = book.next(Date.now(), { except: [], claimants, perClaimant });
    const waiting = sender.journal.open(sender.actor).length;
    return this.#atWork.size === 0 && due === undefined && waiting + book.decisions().length === 0;
  }

  #failed(part: string, error: unknown, pause: number): void {
    this.#counts.failed(part);
    const message = error instanceof Error ? error.message : String(error);
    const facts = { part, error: message, seconds: pause / 1000 };
    const stack = error instanceof RegistryError ? undefined : (error as Error).stack;
    this.#context.log.error({ ...facts, ...(stack && { stack }) }, "failed; trying again");
  }
}
