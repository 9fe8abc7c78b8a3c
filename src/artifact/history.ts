import fs from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RunFolderError } from "./errors.ts";
import { type FileSystem, readFile, SECRET_MODES, writeAtomic, writing } from "./files.ts";
import { secretPaths, segmentName } from "./layout.ts";

const integer = z.number().int().min(0);
const seconds = z.number().min(0);

const PhaseSchema = z.strictObject({
  phase: z.string().max(100),
  seconds,
  /** Of all threads together. */
  processorSeconds: seconds,
  /** Most memory of the process while the phase ran, as far as it was looked at. */
  peakBytes: integer,
});

const RangeSchema = z.strictObject({
  quantity: z.enum(["pre-activation", "gradient"]),
  layer: z.number().int().min(1),
  step: integer,
  largest: z.number().min(0),
  limit: z.number().min(1),
});

const SegmentHistorySchema = z.strictObject({
  format: z.literal("trainproof-history/1"),
  segment: integer,
  firstStep: integer,
  steps: z.number().int().min(1),
  learningRate: z.number().min(0),
  /** Of each step, before its update: mean of ½‖z − y‖² over the batch; samples predicted right, for one-hot labels. */
  loss: z.array(z.number()),
  correct: z.array(integer).optional(),
  /** After the segment's last step. */
  validation: z
    .strictObject({
      set: z.enum(["validation", "test"]),
      samples: integer,
      loss: z.number(),
      accuracy: z.number().optional(),
    })
    .optional(),
  ranges: z.array(RangeSchema),
  phases: z.array(PhaseSchema),
  proofBytes: integer,
  device: z.string().max(200),
  threads: z.number().int().min(1),
  /** When it was finished, ISO 8601. */
  finished: z.string().max(40),
});

const DataHistorySchema = z.strictObject({
  format: z.literal("trainproof-history/1"),
  samples: integer,
  phases: z.array(PhaseSchema),
});

/** How the training of a segment went and what it cost: secret, since losses tell of data and weights (docs/FILES.md). */
export type SegmentHistory = z.output<typeof SegmentHistorySchema>;
/** What committing to the data set cost. */
export type DataHistory = z.output<typeof DataHistorySchema>;
export type PhaseCost = z.output<typeof PhaseSchema>;

/** What a run folder tells of its past. Segments proven without a record, or whose record is damaged, are absent. */
export interface RunHistory {
  readonly data?: DataHistory;
  readonly segments: readonly SegmentHistory[];
}

const DATA = "data.json";
const fileOf = (folder: string, name: string) => join(folder, secretPaths.history, name);
const segmentFile = (index: number) => `${segmentName(index)}.json`;

/** Keeps a record, whole or not at all; the folder is made where an older version did not. */
export function writeHistory(
  files: FileSystem,
  folder: string,
  record: SegmentHistory | DataHistory,
): void {
  const where = join(folder, secretPaths.history);
  writing(where, () => files.mkdirSync(where, { recursive: true, mode: SECRET_MODES.folder }));
  const name = "segment" in record ? segmentFile(record.segment) : DATA;
  const bytes = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
  writeAtomic(files, fileOf(folder, name), bytes, SECRET_MODES.file);
}

/** Removes the records of segments that were not finished after all: they are trained again. */
export function keepHistory(files: FileSystem, folder: string, finished: number): void {
  const where = join(folder, secretPaths.history);
  const kept = new Set([DATA, ...Array.from({ length: finished }, (_, i) => segmentFile(i))]);
  for (const name of namesIn(where))
    if (!kept.has(name)) writing(where, () => files.rmSync(join(where, name)));
}

/**
 * Reads the records of a run folder, in the order of segments.
 * Errors: RunFolderError for a file that is no record; a record that is not there is no error.
 */
export function readHistory(folder: string): RunHistory {
  const read = <T>(schema: z.ZodType<T>, name: string): T => {
    const file = fileOf(folder, name);
    const wayOut = "Delete the file: the report then says that the record is missing.";
    let json: unknown;
    try {
      json = JSON.parse(Buffer.from(readFile(file, wayOut)).toString("utf8"));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const problem = `not a record of a training: ${parsed.error.issues[0]!.path.join(".")}`;
    throw new RunFolderError({ file, problem, wayOut });
  };
  const names = namesIn(join(folder, secretPaths.history));
  const segments = names
    .filter((name) => /^\d{6}\.json$/.test(name))
    .sort()
    .map((name) => read(SegmentHistorySchema, name));
  const data = names.includes(DATA) ? read(DataHistorySchema, DATA) : undefined;
  return { ...(data && { data }), segments };
}

const namesIn = (folder: string): string[] => (fs.existsSync(folder) ? fs.readdirSync(folder) : []);
