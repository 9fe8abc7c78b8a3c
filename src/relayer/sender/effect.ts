import { type Recordable, recorded, type Recorded } from "../../registry/index.ts";
import type { Intent } from "../journal/index.ts";
import type { SenderContext } from "./context.ts";
import type { Head } from "./head.ts";

/** What an intent wants the registry to hold; of a fill, nothing. */
function recordable({ kind, subject, actor, verdict }: Intent): Recordable | undefined {
  const id = subject as `0x${string}`;
  switch (kind) {
    case "announce":
    case "draw":
      return { kind, planId: id };
    case "register":
      return { kind, claimId: id };
    case "attest":
      return { kind, claimId: id, attester: actor, verdict: verdict ?? "invalid" };
    case "fill":
      return undefined;
  }
}

/** Whether the chain holds what an intent wants, as of a block; of a fill, whether its nonce is used. */
export async function effectOf(
  { clients }: SenderContext,
  intent: Intent,
  head: Head,
  at: "latest" | "settled" = "latest",
): Promise<Recorded> {
  const wanted = recordable(intent);
  if (wanted === undefined) {
    const used = at === "latest" ? head.used : head.usedSettled;
    return { is: used > Number(intent.subject) ? "yes" : "no" };
  }
  const block = at === "latest" ? head.number : head.settled;
  return block === undefined ? { is: "no" } : recorded(clients, wanted, BigInt(block));
}
