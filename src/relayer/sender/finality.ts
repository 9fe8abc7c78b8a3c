import { BlockNotFoundError, type Hex } from "viem";
import { registryErrorFrom } from "../../registry/index.ts";
import { audit, AUDITED_BLOCKS } from "./audit.ts";
import type { SenderContext } from "./context.ts";
import type { Head } from "./head.ts";

/**
 * Notices reorganisations deeper than the policy's confirmations while a sender runs: they put another block where the newest final one
 * was. Costs two calls to the node for each new head, and a look at recent intents where it happened.
 */
export class Finality {
  #head: Hex | undefined;
  /** The newest final block of the last look. */
  #final: { number: number; hash: Hex } | undefined;

  /** Errors: RegistryError of the node, and then the next call looks again; the signal's reason. */
  async check(context: SenderContext, head: Head, signal?: AbortSignal): Promise<void> {
    if (head.hash === this.#head) return;
    const seen = this.#final;
    // A node that is behind the one asked before, or a chain that was cut: one can say when it is that long again.
    if (seen !== undefined && head.number < seen.number) return;
    // The new block first: a reorganisation between the two calls is then seen now, or the next time.
    const now = head.settled === undefined ? undefined : await hashOf(context, head.settled);
    if (seen !== undefined && (await hashOf(context, seen.number)) !== seen.hash) {
      context.log.warn(
        { block: seen.number, hash: seen.hash },
        "a reorganisation deeper than the confirmations; looking up what was confirmed",
      );
      await audit(context, head, AUDITED_BLOCKS, signal);
    }
    this.#head = head.hash;
    if (head.settled !== undefined && now !== undefined)
      this.#final = { number: head.settled, hash: now };
  }
}

/** A block's hash; undefined where the node has no such block. */
async function hashOf({ clients }: SenderContext, number: number): Promise<Hex | undefined> {
  try {
    return (await clients.reader.getBlock({ blockNumber: BigInt(number) })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
