import type { Verification } from "../../src/api/index.ts";
import { CHECKS } from "../../src/verifier/index.ts";
import { kib, secs } from "./format.ts";

/**
 * What a verdict says, for people.
 *
 * @param start - what the run starts from, when that is another run, whose own proof is another verdict, or undisclosed weights.
 */
export function verdictLines(
  result: Pick<Verification, "steps" | "segments" | "proofBytes" | "seconds"> &
    ({ ok: true } | { ok: false; check: string; reason: string; segment?: number }),
  { continues, undisclosed }: Pick<Verification, "continues" | "undisclosed"> = {},
): string[] {
  if (!result.ok) {
    const { check, reason, segment } = result;
    const where = segment === undefined ? "" : ` (segment ${segment + 1})`;
    return [`INVALID, check ${check}${where}: ${reason}`];
  }
  return [
    ...Object.entries(CHECKS).map(([check, says]) => `  ${check}  ${says}`),
    `VALID: ${result.steps} steps in ${result.segments} segments, ${kib(result.proofBytes)} of proofs, ${secs(result.seconds)}`,
    ...(continues === undefined
      ? []
      : [`It continues ${continues}. What came before is proven only if that is valid, too.`]),
    ...(undisclosed === undefined
      ? []
      : [
          `Continued from undisclosed weights ${undisclosed}: nothing is proven of how they came about.`,
        ]),
  ];
}
