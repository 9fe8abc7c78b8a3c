import { existsSync, readFileSync, statSync } from "node:fs";
import { Option } from "commander";
import { loadPlan, nodeFiles, openRun, segmentsOf, writeAtomic } from "../src/artifact/index.ts";
import {
  decodeWeights,
  encodeOnnx,
  encodeStateDict,
  encodeWeights,
  type InputScaling,
  sequentialNames,
  type Weights,
  type WeightsMetadata,
} from "../src/model/index.ts";
import { main, print, UsageError, verb } from "./lib/verb.ts";

interface ExportOptions {
  json?: boolean;
  to: "safetensors" | "onnx" | "exact";
  out: string;
  names?: string;
  plan?: string;
}

/** Weights with what their file says about them. */
interface Exported {
  weights: Weights;
  meta: WeightsMetadata;
}

/** The last weights of a run folder, or those of an exact weights file. */
function readWeights(what: string): Exported {
  if (statSync(what, { throwIfNoEntry: false })?.isFile()) {
    const { weights, metadata } = decodeWeights(readFileSync(what), what);
    return { weights, meta: metadata };
  }
  const run = openRun(what);
  try {
    const weights = run.weights();
    if (weights === undefined)
      throw new UsageError(`${what}: no segment is finished, so there are no trained weights yet`);
    const { R } = run.config.fixedPoint;
    const step = segmentsOf(run.config)
      .slice(0, run.finished)
      .reduce((sum, { steps }) => sum + steps, 0);
    return { weights, meta: { R, step, runId: `0x${Buffer.from(run.runId).toString("hex")}` } };
  } finally {
    run.close();
  }
}

function namesOf(list: string | undefined, layers: number): string[] {
  if (list === undefined) return sequentialNames(layers);
  const names = list.split(",").map((name) => name.trim());
  if (names.length === layers && new Set(names).size === layers && names.every(Boolean))
    return names;
  throw new UsageError(
    `--names ${list}: the network has ${layers} layers; give each a name, between commas`,
  );
}

function scalingOf(planFile: string, { weights, meta }: Exported): InputScaling {
  const { plan } = loadPlan(planFile);
  if (plan.widths.join() !== weights.widths.join() || plan.fixedPoint.R !== meta.R)
    throw new UsageError(`${planFile} is a plan of another network than these weights'`);
  const { subtract, divideBy } = plan.data.features;
  return { subtract, divideBy, fA: plan.fixedPoint.fA };
}

function encode(exported: Exported, options: ExportOptions): Uint8Array {
  const { weights, meta } = exported;
  const { R, step, runId } = meta;
  if (options.plan !== undefined && options.to !== "onnx")
    throw new UsageError(
      "--plan puts the scaling of features into ONNX; the other formats hold weights alone",
    );
  if (options.to === "exact") return encodeWeights(weights, meta);
  const names = namesOf(options.names, weights.layers.length);
  const metadata = { "trainproof.runId": runId, "trainproof.step": String(step) };
  if (options.to === "safetensors") return encodeStateDict(weights, R, names, metadata);
  const scaling = options.plan === undefined ? undefined : scalingOf(options.plan, exported);
  return encodeOnnx(weights, { R, names, metadata, ...(scaling && { scaling }) });
}

export const command = verb(
  "export",
  "Write a run's last weights for other programs: float32 for PyTorch or ONNX, or exact integers. The file is secret.",
)
  .argument("<what>", "run folder, or a weights.safetensors of exact integers")
  .addOption(
    new Option("--to <format>", "what to write")
      .choices(["safetensors", "onnx", "exact"])
      .makeOptionMandatory(),
  )
  .requiredOption("--out <file>", "new file, readable by you alone")
  .option("--names <list>", "the layers' names between commas; default net.0,net.2,…")
  .option("--plan <file>", "onnx: scale raw features as this plan does, within the model")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof export runs/mnist --to onnx --plan examples/mnist.json --out mnist.onnx\n  trainproof export runs/mnist --to safetensors --out mnist.safetensors",
  )
  .action((what: string, options: ExportOptions) => {
    if (existsSync(options.out)) throw new UsageError(`${options.out} exists; name a new file`);
    const exported = readWeights(what);
    const bytes = encode(exported, options);
    writeAtomic(nodeFiles, options.out, bytes, 0o600);
    const { step } = exported.meta;
    print(
      {
        json: { file: options.out, format: options.to, bytes: bytes.length, step },
        text: [
          `wrote ${options.out}: the weights after ${step} steps, ${bytes.length} bytes`,
          "They are secret, as the run's own are: whoever has the file has the model.",
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
