import { registryErrorFrom } from "../../registry/index.ts";
import type { Intent } from "../journal/index.ts";
import { begin } from "./begin.ts";
import { about, type SenderContext } from "./context.ts";
import { effectOf } from "./effect.ts";
import { follow, type Obstacle } from "./follow.ts";
import { fillGaps } from "./gaps.ts";
import { type Head, readHead } from "./head.ts";

/** What a turn saw. */
export interface Turn {
  head: Head;
  /** Intents that are not at their end. */
  open: number;
  /** What stands in their way. */
  obstacles: Set<Obstacle>;
}

/**
 * Brings the intents of a journal to their end for one account, a step a turn. Several senders, in this process or others, may work on
 * one journal at the same time: each change is a compare-and-set, and what is sent twice is the same transaction.
 */
export class Sender {
  readonly context: SenderContext;

  constructor(context: SenderContext) {
    this.context = context;
  }

  /**
   * Looks at the chain once and takes each open intent a step further. Whatever ends it, a kill included, leaves the journal as it was before or
   * after a step.
   *
   * @throws RegistryError of the node; the signal's reason
   */
  async turn(signal?: AbortSignal): Promise<Turn> {
    const { context } = this;
    const { journal, actor, policy, clients } = context;
    const obstacles = new Set<Obstacle>();
    const head = await readHead(context);
    fillGaps(context, head);
    const open = journal.open(actor);
    const waiting = ({ state }: Intent) => state === "signed" || state === "sent";
    let inFlight = open.filter(waiting).length;
    for (const intent of open) {
      signal?.throwIfAborted();
      try {
        const room = intent.kind === "fill" || (inFlight < policy.window && obstacles.size === 0);
        const obstacle =
          intent.nonce === undefined
            ? await begin(context, head, intent, room)
            : await follow(context, head, intent);
        if (obstacle !== undefined && obstacle !== "refused") obstacles.add(obstacle);
      } catch (error) {
        throw registryErrorFrom(error, clients.rpcUrl);
      }
      inFlight = journal.open(actor).filter(waiting).length;
    }
    return { head, open: journal.open(actor).length, obstacles };
  }

  /**
   * At the start: what was confirmed in the last `blocks` blocks must still be there. A reorganisation deeper than the policy's confirmations, or
   * a development chain that began anew, took it back otherwise; then it is sent again.
   */
  async audit(blocks: number, signal?: AbortSignal): Promise<void> {
    const { context } = this;
    const { journal, actor, log, metrics } = context;
    const head = await readHead(context);
    for (const intent of journal.confirmedSince(actor, Math.max(0, head.number - blocks))) {
      signal?.throwIfAborted();
      if (intent.kind === "fill" || (await effectOf(context, intent, head)).is !== "no") continue;
      metrics.reorganised(intent.kind);
      log.warn(about(intent), "confirmed once, and no longer on chain; sending it again");
      journal.released(intent, "it was confirmed, and no longer on chain later");
    }
  }
}
