import { about, type SenderContext } from "./context.ts";
import { effectOf } from "./effect.ts";
import type { Head } from "./head.ts";

/** How far back confirmed intents are looked up again: about three hours of Ethereum's blocks. */
export const AUDITED_BLOCKS = 1000;

/**
 * Looks up what was confirmed in the last `blocks` blocks. What is gone is sent again: the very transaction where its nonce is free, so that
 * a node which has it still, or gets it back, has nothing twice.
 *
 * Errors: RegistryError of the node; the signal's reason.
 */
export async function audit(
  context: SenderContext,
  head: Head,
  blocks: number,
  signal?: AbortSignal,
): Promise<void> {
  const { journal, actor, log, metrics } = context;
  for (const intent of journal.confirmedSince(actor, Math.max(0, head.number - blocks))) {
    signal?.throwIfAborted();
    if (intent.kind === "fill" || (await effectOf(context, intent, head)).is !== "no") continue;
    metrics.reorganised(intent.kind);
    log.warn(about(intent), "confirmed once, and no longer on chain; sending it again");
    const { nonce } = intent;
    const again = nonce !== undefined && nonce >= head.used ? journal.unmined(intent) : undefined;
    if (again === undefined)
      journal.released(intent, "it was confirmed, and no longer on chain later");
  }
}
