import type { PhaseCost, RunHistory, SegmentHistory } from "../artifact/index.ts";
import { bars, type Html, paragraph, section } from "./page.ts";
import { mebibytes, percent, seconds, whole } from "./words.ts";

/** A phase over all segments. */
interface PhaseTotal {
  seconds: number;
  processorSeconds: number;
  peakBytes: number;
}

/** Phases in the order in which they first came, with their totals. */
export function totalsOf(all: readonly (readonly PhaseCost[])[]): Map<string, PhaseTotal> {
  const totals = new Map<string, PhaseTotal>();
  for (const { phase, ...cost } of all.flat()) {
    const before = totals.get(phase);
    totals.set(phase, {
      seconds: (before?.seconds ?? 0) + cost.seconds,
      processorSeconds: (before?.processorSeconds ?? 0) + cost.processorSeconds,
      peakBytes: Math.max(before?.peakBytes ?? 0, cost.peakBytes),
    });
  }
  return totals;
}

/** Seconds of everything that is recorded. */
export const totalSeconds = ({ data, segments }: RunHistory): number =>
  [...totalsOf([data?.phases ?? [], ...segments.map(({ phases }) => phases)]).values()].reduce(
    (sum, phase) => sum + phase.seconds,
    0,
  );

export const peakBytes = ({ data, segments }: RunHistory): number =>
  Math.max(
    0,
    ...[data?.phases ?? [], ...segments.map(({ phases }) => phases)].flat().map((p) => p.peakBytes),
  );

/** Where time and memory went, phase by phase. */
export function costSections(history: RunHistory): Html {
  const totals = totalsOf([
    history.data?.phases ?? [],
    ...history.segments.map(({ phases }) => phases),
  ]);
  const all = [...totals.values()].reduce((sum, phase) => sum + phase.seconds, 0);
  const longest = Math.max(...[...totals.values()].map((phase) => phase.seconds));
  // The prover keeps its memory for the next segment: only the first one shows who needed it.
  const first = totalsOf([history.data?.phases ?? [], history.segments[0]!.phases]);
  const most = Math.max(...[...first.values()].map((phase) => phase.peakBytes));
  const { device, threads } = history.segments.at(-1)!;
  return [
    `<div class="two">`,
    section(
      "time",
      "Time by phase",
      bars(
        `Of ${seconds(all)} in sum, on ${device} with ${threads} threads`,
        [...totals].map(([name, phase]) => ({
          name,
          share: phase.seconds / longest,
          value: `${seconds(phase.seconds)}, ${percent(phase.seconds / all)}`,
        })),
      ),
      paragraph(
        "Writing files is not in it. While one segment is proved the next may be trained: the sum can be more than the time that passed.",
      ),
    ),
    section(
      "memory",
      "Memory by phase",
      bars(
        "Most memory of the process while a phase of the first segment ran",
        [...first].map(([name, phase]) => ({
          name,
          share: phase.peakBytes / most,
          value: mebibytes(phase.peakBytes),
        })),
      ),
      paragraph(
        "As seen when a phase begins, ends and reports. The prover keeps its memory for the phases and segments to come, so it does not fall.",
      ),
    ),
    "</div>",
  ].join("\n");
}

/** How near values came to their limits, layer by layer. */
export function rangeSection(segments: readonly SegmentHistory[]): Html {
  const most = new Map<string, { name: string; share: number; step: number }>();
  for (const { quantity, layer, step, largest, limit } of segments.flatMap(
    ({ ranges }) => ranges,
  )) {
    const name = `${quantity}s of layer ${layer}`;
    const share = largest / limit;
    if (share >= (most.get(name)?.share ?? 0)) most.set(name, { name, share, step });
  }
  return section(
    "ranges",
    "Ranges",
    bars(
      "The largest value of each kind, as a share of the range that its digits have",
      [...most.values()].map(({ name, share, step }) => ({
        name,
        share,
        value: `${percent(share)}, step ${whole(step)}`,
        warn: share >= 0.8,
      })),
    ),
    paragraph(
      "A value that leaves its range stops the training. Above 80 % the plan should give it more room: docs/CONFIG.md, fixedPoint.",
    ),
  );
}
