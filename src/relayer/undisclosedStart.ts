import type { PublicConfig } from "../artifact/published.ts";
import { fromHex } from "../protocol/index.ts";
import type { UndisclosedStart } from "../verifier/index.ts";

/**
 * The undisclosed weights that a run says it starts from (config.json, FILES.md); undefined for another start. Whoever shows a verdict
 * on such a run shows with it: "continued from undisclosed weights" (PROTOCOL §21).
 */
export function undisclosedStart({
  start,
}: Pick<PublicConfig, "start">): UndisclosedStart | undefined {
  if (!("undisclosed" in start)) return undefined;
  const { modelCommitment, weightBound } = start.undisclosed;
  return { modelCommitment: fromHex(modelCommitment), weightBound: BigInt(weightBound) };
}
