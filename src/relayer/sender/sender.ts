import { registryErrorFrom } from "../../registry/index.ts";
import type { Intent } from "../journal/index.ts";
import { audit, AUDITED_BLOCKS } from "./audit.ts";
import { begin } from "./begin.ts";
import { about, type SenderContext } from "./context.ts";
import { Finality } from "./finality.ts";
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
  readonly #finality = new Finality();

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
    await this.#finality.check(context, head, signal);
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
   * What was confirmed in the last `blocks` blocks must still be there, or is sent again. To be called at the start; turns do it themselves
   * where they see a reorganisation deeper than the policy's confirmations, or a development chain that began anew.
   *
   * @throws RegistryError of the node; the signal's reason
   */
  async audit(blocks = AUDITED_BLOCKS, signal?: AbortSignal): Promise<void> {
    await audit(this.context, await readHead(this.context), blocks, signal);
  }

  /**
   * Tries what has failed again, as if it had never been tried. To be called once, at the start: what still stands in its way lets it
   * fail again. Returns how many there are.
   */
  retryFailed(): number {
    const { journal, actor, log } = this.context;
    const retried = journal.failures(actor).filter((intent) => journal.retried(intent));
    for (const intent of retried)
      log.info({ ...about(intent), reason: intent.reason }, "failed before; trying again");
    return retried.length;
  }
}
