import { z } from "zod";
import { type EtaSchedule, fromHex } from "../protocol/index.ts";
import { canonicalBytes, parseCanonicalJson } from "./canonicalJson.ts";
import { hex32 } from "./digest.ts";
import { ArtifactFormatError } from "./errors.ts";
import type { ResolvedPlan } from "./plan.ts";
import { FixedPointSchema, Hex32, type Plan } from "./planSchema.ts";
import {
  cutSegments,
  etaScheduleOf,
  MAX_SEGMENTS,
  type RunParameters,
  type Segment,
  segmentAt,
  segmentCount,
  type StartKind,
  startsSegment,
} from "./segments.ts";

/** A non-negative integer below 2^256 as decimal digits, for what JSON numbers cannot hold. */
const Decimal = z.string().regex(/^(0|[1-9]\d{0,77})$/, "must be decimal digits");

const integer = (least: number, most: number) => z.number().int().min(least).max(most);

/** Most changes of the step size in a run. */
export const MAX_ETA_CHANGES = 1000;

/** public/config.json: the part of the plan that a third party needs, and nothing else. */
export const ConfigSchema = z
  .strictObject({
    format: z.literal("trainproof-config/1"),
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/),
    widths: z
      .array(integer(1, 2 ** 20))
      .min(2)
      .max(65),
    fixedPoint: FixedPointSchema,
    eta: Decimal,
    /** Later step sizes; absent where eta counts for all steps. */
    etaSchedule: z
      .array(z.strictObject({ fromStep: integer(1, 2 ** 40), eta: Decimal }))
      .min(1)
      .max(MAX_ETA_CHANGES)
      .optional(),
    batch: integer(1, 2 ** 16).refine((n) => Number.isInteger(Math.log2(n))),
    steps: integer(1, 2 ** 40),
    segmentSteps: integer(1, 2 ** 16).refine((n) => Number.isInteger(Math.log2(n))),
    kappa: integer(0, 13),
    start: z.union([
      z.strictObject({ seed: Hex32 }),
      z.strictObject({
        parent: z.strictObject({
          claimId: Hex32.optional(),
          /** The parent's last weightsOut, and its weight bound. */
          modelCommitment: Hex32,
          weightBound: Decimal,
        }),
      }),
      z.strictObject({
        undisclosed: z.strictObject({
          /** The digest of the weights that the run starts from, and W_0, which its range proof shows. */
          modelCommitment: Hex32,
          weightBound: Decimal,
        }),
      }),
    ]),
    scheduleSeed: Hex32,
    samples: integer(1, 2 ** 32),
    labels: z.enum(["oneHot", "real"]),
    offsets: z.strictObject({ x0: integer(0, 65535), y0: integer(0, 65535) }),
  })
  .superRefine(({ etaSchedule = [], steps, segmentSteps }, context) => {
    if (segmentCount(steps, segmentSteps) > MAX_SEGMENTS)
      context.addIssue({
        code: "custom",
        path: ["steps"],
        message: `more than ${MAX_SEGMENTS} segments`,
      });
    for (const [i, { fromStep }] of etaSchedule.entries()) {
      const path = ["etaSchedule", i, "fromStep"];
      if (!startsSegment(fromStep, steps, segmentSteps))
        context.addIssue({ code: "custom", path, message: "no segment starts at this step" });
      if (i > 0 && fromStep <= etaSchedule[i - 1]!.fromStep)
        context.addIssue({ code: "custom", path, message: "steps must ascend" });
    }
  });

export type PublicConfig = z.output<typeof ConfigSchema>;

/** The weights that a run without a public seed starts from, a parent's or undisclosed ones, as its public part tells. */
export interface StartLink {
  /** The parent's. */
  readonly claimId?: string | undefined;
  readonly modelCommitment: Uint8Array;
  readonly weightBound: bigint;
}

function publicStart({ seed, parent }: Plan["start"], link?: StartLink): PublicConfig["start"] {
  if ((seed === undefined) !== (link !== undefined))
    throw new RangeError("publicConfig: a link is needed exactly where the start is no seed");
  if (link === undefined) return { seed: seed! };
  const weights = {
    modelCommitment: hex32(link.modelCommitment),
    weightBound: String(link.weightBound),
  };
  if (parent === undefined) return { undisclosed: weights };
  const claimId = link.claimId ?? parent.claimId;
  return { parent: { ...(claimId !== undefined && { claimId }), ...weights } };
}

/** The public configuration of a plan whose data has `run.samples` samples. `link` for a plan without a seed. */
export function publicConfig({ plan, run }: ResolvedPlan, link?: StartLink): PublicConfig {
  return {
    format: "trainproof-config/1",
    name: plan.name,
    widths: [...run.widths],
    fixedPoint: run.fixedPoint,
    eta: String(run.eta),
    ...(run.etaChanges && {
      etaSchedule: run.etaChanges.map(({ fromStep, eta }) => ({ fromStep, eta: String(eta) })),
    }),
    batch: run.batch,
    steps: plan.steps,
    segmentSteps: plan.segmentSteps,
    kappa: run.kappa,
    start: publicStart(plan.start, link),
    scheduleSeed: plan.scheduleSeed,
    samples: run.samples,
    labels: plan.data.labels.encoding,
    offsets: { x0: run.x0, y0: run.y0 },
  };
}

/** The bytes of config.json. Their SHA-256 is the configDigest. */
export const encodeConfig = (config: PublicConfig): Uint8Array => canonicalBytes(config);

/** Reads config.json strictly; an ArtifactFormatError otherwise. */
export function decodeConfig(bytes: Uint8Array, file: string): PublicConfig {
  return decodeStrict(ConfigSchema, bytes, file);
}

/** Canonical JSON that fits a schema, or an ArtifactFormatError that names the field. */
export function decodeStrict<T>(
  schema: z.ZodType<T>,
  bytes: Uint8Array,
  file: string,
  wayOut = "The publisher must write the run again with trainproof.",
): T {
  let json: unknown;
  try {
    json = parseCanonicalJson(bytes);
  } catch (error) {
    const problem = `not canonical JSON: ${(error as Error).message}`;
    throw new ArtifactFormatError({ file, problem, wayOut }, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.map(String).join(".") || "the whole";
  throw new ArtifactFormatError({ file, problem: `${field}: ${issue.message}`, wayOut });
}

/** The configuration in the terms of the statement. */
export function runParameters(config: PublicConfig): RunParameters {
  const { widths, fixedPoint, batch, kappa, samples, offsets, scheduleSeed, etaSchedule } = config;
  return {
    widths,
    fixedPoint,
    batch,
    kappa,
    samples,
    ...offsets,
    eta: BigInt(config.eta),
    ...(etaSchedule && {
      etaChanges: etaSchedule.map(({ fromStep, eta }) => ({ fromStep, eta: BigInt(eta) })),
    }),
    scheduleSeed: fromHex(scheduleSeed),
  };
}

/** The step sizes that a configuration announces; undefined where one counts for the whole run. */
export const announcedSchedule = (config: PublicConfig): EtaSchedule | undefined =>
  config.etaSchedule && etaScheduleOf(runParameters(config));

/** The committed weights that a run starts from: a parent's, or undisclosed ones; undefined for a public seed. */
export const committedStart = ({ start }: PublicConfig) =>
  "parent" in start ? start.parent : "undisclosed" in start ? start.undisclosed : undefined;

/** The startKind of a segment's statement (PROTOCOL §5). */
export function startKindOf({ start }: PublicConfig, segment: number): StartKind {
  if (segment > 0 || "parent" in start) return 1;
  return "seed" in start ? 0 : 2;
}

/** How many segments the configuration's steps are cut into. */
export const segmentCountOf = ({ steps, segmentSteps }: PublicConfig): number =>
  segmentCount(steps, segmentSteps);

/** One of them, without making the others. */
export const segmentOf = (
  { steps, segmentSteps }: PublicConfig,
  index: number,
): Segment | undefined => segmentAt(index, steps, segmentSteps);

/** All of them. */
export const segmentsOf = (config: PublicConfig): Segment[] =>
  cutSegments(config.steps, config.segmentSteps);
