import { checkStatement, type EtaChange, fromHex } from "../protocol/index.ts";
import { PlanError, type PlanIssue, planIssues } from "./planError.ts";
import { type Plan, PlanSchema } from "./planSchema.ts";
import {
  chooseKappa,
  cutSegments,
  exampleStatement,
  MAX_SEGMENTS,
  type RunParameters,
  type Segment,
  segmentCount,
  seedBound,
  startBound,
  type StartKind,
  startsSegment,
  weightBounds,
} from "./segments.ts";

/** What a plan must share with the run that it continues. */
export interface ParentFacts {
  readonly widths: readonly number[];
  readonly R: number;
  readonly kappa: number;
  /** The parent's last weight bound (PROTOCOL §19, C3). */
  readonly weightBound: bigint;
}

/** A plan with everything derived that does not need the data. */
export interface ResolvedPlan {
  readonly plan: Plan;
  readonly run: RunParameters;
  readonly segments: readonly Segment[];
  /** What the first segment's statement says of its start (PROTOCOL §5). */
  readonly first: { readonly startKind: StartKind; readonly W0: bigint };
  /** The learning rate that eta stands for. */
  readonly learningRate: number;
  /** Those that come later, each from a step on. */
  readonly laterRates: readonly { readonly fromStep: number; readonly learningRate: number }[];
  /** What was chosen or rounded, for the user to read. */
  readonly notes: readonly string[];
}

/** Longest plan file. */
export const MAX_PLAN_BYTES = 1 << 20;

/** Parses a plan's text; a PlanError with every issue. `file` names it in errors. */
export function parsePlan(text: string, file: string): Plan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const problem = `not JSON: ${(error as Error).message}.`;
    throw new PlanError(file, [{ field: "", problem, wayOut: "Correct the syntax." }], {
      cause: error,
    });
  }
  const parsed = PlanSchema.safeParse(json);
  if (!parsed.success) throw new PlanError(file, planIssues(PlanSchema, json, parsed.error));
  const issues = crossIssues(parsed.data);
  if (issues.length > 0) throw new PlanError(file, issues);
  return parsed.data;
}

/** Formats whose labels may be texts. */
const NAMED_LABELS: readonly string[] = ["csv", "parquet", "images"];

/** Rules across fields. */
function crossIssues(plan: Plan): PlanIssue[] {
  const { widths, fixedPoint: f, data } = plan;
  const issues: PlanIssue[] = [];
  const need = (holds: boolean, field: string, problem: string, wayOut: string) => {
    if (!holds) issues.push({ field, problem, wayOut });
  };
  need(
    (plan.eta === undefined) !== (plan.learningRate === undefined),
    "eta",
    plan.eta === undefined
      ? "neither eta nor learningRate is given."
      : "eta and learningRate are both given.",
    "Give exactly one of the two.",
  );
  for (const [i, change] of (plan.etaSchedule ?? []).entries()) {
    const field = `etaSchedule[${i}]`;
    need(
      (change.eta === undefined) !== (change.learningRate === undefined),
      field,
      change.eta === undefined
        ? "neither eta nor learningRate is given."
        : "eta and learningRate are both given.",
      "Give exactly one of the two.",
    );
    need(
      i === 0 || change.fromStep > plan.etaSchedule![i - 1]!.fromStep,
      `${field}.fromStep`,
      `${change.fromStep} does not come after the change before it.`,
      "Give changes in the order of their steps.",
    );
    need(
      startsSegment(change.fromStep, plan.steps, plan.segmentSteps),
      `${field}.fromStep`,
      `${change.fromStep} is no first step of a segment, and the step size is a segment's.`,
      nearestBoundary(change.fromStep, plan),
    );
  }
  const starts = Object.entries(plan.start).flatMap(([name, start]) =>
    start === undefined ? [] : [name],
  );
  need(
    starts.length === 1,
    "start",
    starts.length === 0
      ? "none of seed, parent and weights is given."
      : `${starts.join(" and ")} are given at once.`,
    "Give exactly one of them.",
  );
  need(
    f.R % f.b === 0,
    "fixedPoint.R",
    `${f.R} is no multiple of b = ${f.b}.`,
    `Take ${Math.max(f.b, Math.floor(f.R / f.b) * f.b)}${Math.ceil(f.R / f.b) * f.b <= 56 ? ` or ${Math.ceil(f.R / f.b) * f.b}` : ""}.`,
  );
  need(f.fA <= f.fG, "fixedPoint.fA", `${f.fA} exceeds fG = ${f.fG}.`, "Raise fG or lower fA.");
  need(
    f.sigma <= f.fG && f.sigma < f.b,
    "fixedPoint.sigma",
    `${f.sigma} must be at most fG = ${f.fG} and below b = ${f.b}.`,
    "Lower sigma.",
  );
  for (const digits of ["dv", "dg"] as const)
    need(
      f[digits] * f.b <= 32,
      `fixedPoint.${digits}`,
      `${f[digits]} digits of ${f.b} bits exceed 32 bits.`,
      `Take at most ${32 / f.b}.`,
    );
  const sections = { "data.features": data.features, "data.labels": data.labels };
  for (const [section, { offset }] of Object.entries(sections))
    need(
      offset < 2 ** f.b,
      `${section}.offset`,
      `${offset} must be below 2^b = ${2 ** f.b}.`,
      "Lower it, or take b = 16.",
    );
  const { labels } = data;
  if (labels.encoding === "oneHot") {
    const classes = typeof labels.classes === "number" ? labels.classes : labels.classes.length;
    need(
      classes === widths.at(-1),
      "data.labels.classes",
      `${classes} classes, but the last width is ${widths.at(-1)!}.`,
      "Make the last of widths the number of classes.",
    );
    need(
      typeof labels.classes === "number" || NAMED_LABELS.includes(data.train.format),
      "data.labels.classes",
      `class names need data in ${NAMED_LABELS.join(", ")}, not ${data.train.format}.`,
      "Give the number of classes.",
    );
    need(
      2 ** f.sigma + labels.offset < 2 ** f.b,
      "data.labels.offset",
      `2^sigma + offset = ${2 ** f.sigma + labels.offset} must be below 2^b = ${2 ** f.b}.`,
      "Lower fixedPoint.sigma or the offset.",
    );
  }
  need(
    widths[0]! + widths.at(-1)! <= 2 ** (plan.kappa ?? 13),
    plan.kappa === undefined ? "widths" : "kappa",
    `features and labels together, ${widths[0]! + widths.at(-1)!}, exceed 2^${plan.kappa ?? 13}.`,
    plan.kappa === undefined
      ? "Use samples of at most 8192 values."
      : "Raise kappa (at most 13) or leave it out.",
  );
  return issues;
}

/** Where a change of the step size may be, around a step where it may not. */
function nearestBoundary(step: number, { steps, segmentSteps }: Plan): string {
  const before = Math.floor(step / segmentSteps) * segmentSteps;
  const near = [before, before + segmentSteps].filter(
    (at) => at > 0 && startsSegment(at, steps, segmentSteps),
  );
  return near.length > 0
    ? `Take ${near.join(" or ")}, or change segmentSteps.`
    : "Lower segmentSteps, or leave the change out.";
}

/** The learning rate that an eta of 1 stands for. */
const rateUnit = ({ batch, fixedPoint: f }: Pick<Plan, "batch" | "fixedPoint">): number =>
  batch * 2 ** -(f.R - f.fA - f.fG);

/** eta as given, or the integer nearest to learningRate / batch · 2^(R − fA − fG). */
function stepInteger(
  given: { eta?: number | undefined; learningRate?: number | undefined },
  unit: number,
  notes: string[],
): { eta: number; rate: number } | undefined {
  if (given.eta !== undefined) return { eta: given.eta, rate: given.eta * unit };
  const eta = Math.round(given.learningRate! / unit);
  if (eta < 1 || !Number.isSafeInteger(eta)) return undefined;
  if (eta * unit !== given.learningRate)
    notes.push(
      `learningRate ${given.learningRate!} became eta ${eta}, a learning rate of ${eta * unit} (multiples of ${unit}).`,
    );
  return { eta, rate: eta * unit };
}

/** Which plan field a rule of V1 speaks of, by the name that its reason starts with; the first match counts. */
const V1_FIELDS: readonly (readonly [RegExp, string, string])[] = [
  [/^samples/, "batch", "Use a batch that is no larger than the data set."],
  [/^(tau|depth)/, "segmentSteps", "Lower segmentSteps or batch."],
  [/^beta/, "batch", "Lower it."],
  [/^firstStep/, "steps", "Lower it."],
  [/^(hidden|\|W\||n_|L )/, "widths", "Use a smaller network."],
  [/^values/, "fixedPoint", "Lower R, dv, dg, eta, batch or steps."],
];

/**
 * Derives what the plan leaves open and checks every segment's statement (V1) before anything is computed.
 * `samples` is S once the data is open; `parent` what readParent says of start.parent; `startDigits` the digits that the weights of
 * start.weights need.
 * A PlanError in the plan's own terms.
 */
export function resolvePlan(
  plan: Plan,
  file: string,
  known: {
    readonly samples?: number;
    readonly parent?: ParentFacts;
    readonly startDigits?: number;
  } = {},
): ResolvedPlan {
  const notes: string[] = [];
  const reject = (field: string, problem: string, wayOut: string) =>
    new PlanError(file, [{ field, problem, wayOut }]);
  const stepOf = (given: Parameters<typeof stepInteger>[0], field: string) => {
    const step = stepInteger(given, rateUnit(plan), notes);
    if (step !== undefined) return step;
    throw reject(
      field,
      `${given.learningRate!} is no multiple of 2^(fA + fG − R)·batch that an integer step can hold.`,
      "Raise fixedPoint.R, or give eta ≥ 1 itself.",
    );
  };
  const step = stepOf(plan, "learningRate");
  const later = (plan.etaSchedule ?? []).map(({ fromStep, ...given }, i) => ({
    fromStep,
    ...stepOf(given, `etaSchedule[${i}].learningRate`),
  }));
  const { parent } = known;
  const shared = [
    ["widths", plan.widths.join(), parent?.widths.join()],
    ["fixedPoint.R", plan.fixedPoint.R, parent?.R],
    ["kappa", plan.kappa ?? parent?.kappa, parent?.kappa],
  ] as const;
  for (const [field, mine, its] of shared)
    if (its !== undefined && mine !== its)
      throw reject(field, `${mine} differs from the parent's ${its}.`, "Take the parent's.");
  const base = {
    widths: plan.widths,
    fixedPoint: plan.fixedPoint,
    eta: BigInt(step.eta),
    ...(plan.etaSchedule && {
      etaChanges: later.map(({ fromStep, eta }): EtaChange => ({ fromStep, eta: BigInt(eta) })),
    }),
    batch: plan.batch,
    samples: known.samples ?? Math.max(plan.batch, 1),
    x0: plan.data.features.offset,
    y0: plan.data.labels.offset,
    scheduleSeed: fromHex(plan.scheduleSeed),
  };
  if (segmentCount(plan.steps, plan.segmentSteps) > MAX_SEGMENTS)
    throw reject(
      "steps",
      `${plan.steps} steps in segments of ${plan.segmentSteps} exceed ${MAX_SEGMENTS} segments.`,
      "Raise segmentSteps.",
    );
  const segments = cutSegments(plan.steps, plan.segmentSteps);
  const kappa = plan.kappa ?? parent?.kappa ?? chooseKappa(base, segments[0]!.steps);
  if ((plan.kappa ?? parent?.kappa) === undefined)
    notes.push(`kappa ${kappa} was chosen: rows of ${2 ** kappa} columns.`);
  const run: RunParameters = { ...base, kappa };

  const { start } = plan;
  const first: ResolvedPlan["first"] =
    start.seed !== undefined
      ? { startKind: 0, W0: seedBound(plan.widths, plan.fixedPoint.R) }
      : start.weights !== undefined
        ? { startKind: 2, W0: startBound(plan.fixedPoint.b, known.startDigits ?? 1) }
        : { startKind: 1, W0: known.parent?.weightBound ?? 1n };
  const bounds = weightBounds(run, segments, first.W0);
  // Only W0 tells segments of one length apart, and it grows: the last of each length, and the start, suffice.
  const lasts = new Map(segments.map((segment) => [segment.steps, segment]));
  for (const segment of [segments[0]!, ...lasts.values()]) {
    const startKind = segment.index === 0 ? first.startKind : 1;
    const fault = checkStatement(exampleStatement(run, segment, startKind, bounds[segment.index]!));
    if (fault === undefined) continue;
    const reason = fault.reason.replace(/^statement: /, "");
    const [, field, wayOut] = V1_FIELDS.find(([pattern]) => pattern.test(reason)) ?? [
      undefined,
      "plan",
      "docs/CONFIG.md says what is possible.",
    ];
    throw reject(field, `segment ${segment.index} breaks rule ${fault.check}: ${reason}.`, wayOut);
  }
  const laterRates = later.map(({ fromStep, rate }) => ({ fromStep, learningRate: rate }));
  return { plan, run, segments, first, learningRate: step.rate, laterRates, notes };
}
