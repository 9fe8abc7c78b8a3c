import type { Verification } from "../../src/api/index.ts";
import { sampleSentences } from "../../src/relayer/index.ts";
import { CHECKS } from "../../src/verifier/index.ts";
import { kib, secs } from "./format.ts";

/**
 * What a verdict says, for people.
 *
 * @param continues - what the run starts from, when that is another run: its own proof is another verdict.
 */
export function verdictLines(
  result: Pick<
    Verification,
    "coverage" | "steps" | "segments" | "proofBytes" | "seconds" | "undisclosedStart"
  > &
    ({ ok: true } | { ok: false; check: string; reason: string; segment?: number }),
  continues?: string,
): string[] {
  const undisclosed = undisclosedLines(result.undisclosedStart);
  if (!result.ok) {
    const { check, reason, segment } = result;
    const where = segment === undefined ? "" : ` (segment ${segment + 1})`;
    return [`INVALID, check ${check}${where}: ${reason}`, ...undisclosed];
  }
  const { coverage } = result;
  const figures = `${kib(result.proofBytes)} of proofs, ${secs(result.seconds)}`;
  const parent =
    continues === undefined
      ? []
      : [`It continues ${continues}. What came before is proven only if that is valid, too.`];
  if (coverage.kind === "sample")
    return [
      `NO FAULT IN A SAMPLE of ${coverage.checked} of ${coverage.segments} segments: ${result.steps} steps, ${figures}`,
      ...sampleSentences(coverage),
      ...parent,
      ...undisclosed,
    ];
  return [
    ...Object.entries(CHECKS).map(([check, says]) => `  ${check}  ${says}`),
    `VALID: ${result.steps} steps in ${result.segments} segments, ${figures}`,
    ...parent,
    ...undisclosed,
  ];
}

/** What must be said with a verdict on a run from undisclosed weights (PROTOCOL §21). */
export const undisclosedLines = (commitment: string | undefined): string[] =>
  commitment === undefined
    ? []
    : [
        `Continued from undisclosed weights (${commitment}). Nothing is proven of how they came about.`,
      ];
