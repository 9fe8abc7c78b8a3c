import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import {
  hex32,
  nodeFiles,
  openStart,
  parsePlan,
  resolvePlan,
  writeAtomic,
  writeNewAtomic,
} from "../src/artifact/index.ts";
import { CostModelSchema, speedOf } from "../src/cost/index.ts";
import {
  estimate,
  inspectData,
  measureProbe,
  propose,
  proposeSizes,
  type Wishes,
} from "../src/proposal/index.ts";
import { NativeProver } from "../src/prover/index.ts";
import { type NamedData, namedData } from "./init/dataFiles.ts";
import { namedModel } from "./init/model.ts";
import * as questions from "./init/questions.ts";
import { cautions, summary } from "./init/summary.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { packageFile } from "./lib/package.ts";
import { Progress } from "./lib/progress.ts";
import { interruptible, main, print, UsageError, verb } from "./lib/verb.ts";

interface InitOptions extends DeviceOptions {
  json?: boolean;
  out: string;
  force?: boolean;
  yes?: boolean;
  name?: string;
  train?: string;
  validation?: string;
  test?: string;
  label?: string;
  classes?: string[];
  hidden?: number[];
  weights?: string;
  names?: string[];
  parent?: string;
  batch?: number;
  epochs?: number;
  steps?: number;
  segmentSteps?: number;
  learningRate?: number;
  memory?: number;
  trial: number;
}

const positive = (text: string) => {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError("Give a number above 0.");
  return value;
};
const count = (text: string) => {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number.");
};
const texts = (text: string) => text.split(",").map((one) => one.trim());
const layers = (text: string) =>
  text.trim() === "" || text === "none" ? [] : text.split(",").map((one) => count(one.trim()));

export const command = withDevice(
  verb(
    "init",
    "Look at data, propose a training plan with what it will cost, and write it. Asks on a terminal what options leave open.",
  ),
)
  .option("--out <file>", "plan file to write", "plan.json")
  .option("--force", "overwrite it")
  .option("--yes", "ask nothing, take what is proposed")
  .option(
    "--train <data>",
    "training data: mnist, a .csv, .parquet, .npz or .safetensors file, features.npy,labels.npy (or IDX), a folder of images, or JSON as in a plan",
  )
  .option("--validation <data>", "data to look at while it trains, likewise")
  .option("--test <data>", "data for the accuracy at the end, likewise")
  .option("--label <column>", "the column that is to be predicted (CSV, Parquet, images)")
  .option(
    "--classes <texts>",
    "the labels' texts, between commas, where they are texts and not found",
    texts,
  )
  .option("--name <text>", "name of the run; public")
  .option("--hidden <widths>", "widths of the hidden layers, between commas; none for none", layers)
  .option(
    "--weights <file>",
    "go on from a model of your own, which stays secret: safetensors, as PyTorch's state_dict",
  )
  .option(
    "--names <modules>",
    "its linear layers in order, between commas, where they cannot be told",
    texts,
  )
  .option("--parent <folder>", "go on from the last weights of a proven run, given by its folder")
  .option("--batch <n>", "samples in a step, a power of two", count)
  .option("--epochs <n>", "how often each sample is used", positive)
  .option("--steps <n>", "training steps, instead of --epochs", count)
  .option(
    "--segment-steps <n>",
    "steps in a proof, a power of two; absent: as many as memory allows",
    count,
  )
  .option("--learning-rate <rate>", "absent: one at which trials learn", positive)
  .option("--memory <GiB>", "memory that proving may need; absent: half of what is free", positive)
  .option("--trial <steps>", "steps of the trials that measure ranges; 0: none", count, 512)
  .addHelpText(
    "after",
    [
      "",
      "Examples:",
      "  trainproof init",
      "  trainproof init --train mnist --test mnist --hidden 128 --epochs 1 --yes --out mnist.json",
      "  trainproof init --train iris.csv --label species --hidden 16 --out iris.json",
      "  trainproof init --train new.csv --weights model.safetensors --epochs 3 --yes",
      "  trainproof init --train photos --hidden 64 --yes",
      "  trainproof init --train x.npy,y.npy --validation xv.npy,yv.npy --memory 8",
    ].join("\n"),
  )
  .action(async (options: InitOptions) => {
    const file = path.resolve(options.out);
    const taken = () => {
      if (options.force !== true && existsSync(file))
        throw new UsageError(
          `${options.out} is there already; --force overwrites it, --out names another`,
        );
    };
    taken();
    const folder = path.dirname(file);
    if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}`);
    const asks = process.stdin.isTTY && process.stdout.isTTY && !options.yes && !options.json;
    const signal = interruptible();
    const progress = new Progress();
    if (asks) questions.begin();

    const trainText = options.train ?? (asks ? await questions.askTrain() : undefined);
    if (trainText === undefined)
      throw new UsageError("--train names no data, and there is no terminal to ask on");
    let train = await namedData(trainText, folder, options.label);
    if (asks && options.label === undefined) train = await relabelled(train, folder, trainText);
    const testText = options.test ?? (asks ? await questions.askTest() : undefined);
    const label = train.choice && String(train.choice.labelColumn);
    const other = async (text: string | undefined) =>
      text === undefined ? undefined : (await namedData(text, folder, label)).files;
    const [validation, test] = [await other(options.validation), await other(testText)];
    const classNames = options.classes ?? train.classNames;
    if (train.unknownTexts !== undefined && classNames === undefined)
      throw new UsageError(
        `${train.unknownTexts} holds texts: name them in the order of the outputs, --classes a,b,c`,
      );

    progress.show("looking at the data", 0);
    const ownModel = namedModel(options, folder);
    const facts = await inspectData(train.files, "train", folder, classNames);
    progress.stop();
    let wishes: Wishes = {
      name:
        options.name ?? path.basename(file, path.extname(file)).replace(/[^A-Za-z0-9 ._-]/g, "-"),
      train: train.files,
      ...(validation && { validation }),
      ...(test && { test }),
      ...(classNames && { classNames }),
      ...(options.hidden && { hidden: options.hidden }),
      ...(ownModel && { model: ownModel }),
      ...(options.batch !== undefined && { batch: options.batch }),
      ...(options.epochs !== undefined && { epochs: options.epochs }),
      ...(options.steps !== undefined && { steps: options.steps }),
      ...(options.segmentSteps !== undefined && { segmentSteps: options.segmentSteps }),
      ...(options.learningRate !== undefined && { learningRate: options.learningRate }),
    };
    if (asks) wishes = await completed(wishes, facts);

    const prover = await NativeProver.load(loadOptions(options, (line) => progress.line(line)));
    const proposal = await propose(wishes, facts, {
      folder,
      frame: { file, seed: hex32(randomBytes(32)), scheduleSeed: hex32(randomBytes(32)) },
      prover,
      trialSteps: options.trial,
      memoryLimit: options.memory ? options.memory * 2 ** 30 : process.availableMemory() / 2,
      signal,
      onProgress: (what, fraction) => progress.show(what, fraction),
    });
    progress.show("measuring this machine", 0);
    const model = CostModelSchema.parse(
      JSON.parse(readFileSync(packageFile("data/cost.json"), "utf8")),
    );
    const speed = speedOf(model.probe, await measureProbe(prover));
    progress.stop();
    const plan = parsePlan(proposal.text, file);
    const { known } = openStart({ plan, file, folder });
    const resolved = resolvePlan(plan, file, { samples: facts.samples, ...known });
    const cost = estimate(resolved, model, speed, prover);
    const lines = summary(wishes, facts, proposal, cost, speed);
    if (asks) {
      console.error(lines.join("\n"));
      if (!(await questions.confirmWriting(options.out)))
        throw new UsageError("nothing was written");
    }
    taken();
    const bytes = new TextEncoder().encode(proposal.text);
    (options.force === true ? writeAtomic : writeNewAtomic)(nodeFiles, file, bytes, 0o644);
    print(
      {
        json: {
          file: options.out,
          plan: JSON.parse(proposal.text) as unknown,
          data: facts,
          cautions: cautions(facts),
          trial: proposal.trial,
          tried: proposal.notes,
          cost,
          speed,
        },
        text: [
          ...(asks ? [] : lines),
          `wrote ${options.out}`,
          `next: trainproof train ${options.out}, trainproof prove ${options.out} --run runs/${wishes.name}`,
        ],
      },
      options,
    );
  });

/** The same data with the label that the user chooses. */
async function relabelled(data: NamedData, folder: string, text: string): Promise<NamedData> {
  const label = await questions.askLabel(data);
  if (label === undefined || label === String(data.choice?.labelColumn)) return data;
  return namedData(text, folder, label);
}

/** What the user wishes beside the options. */
async function completed(
  wishes: Wishes,
  facts: Parameters<typeof proposeSizes>[1],
): Promise<Wishes> {
  const hidden =
    wishes.hidden ??
    wishes.model?.widths.slice(1, -1) ??
    layers(await questions.askHidden(proposeSizes(wishes, facts).widths.slice(1, -1)));
  if (wishes.epochs !== undefined || wishes.steps !== undefined) return { ...wishes, hidden };
  const { steps, batch } = proposeSizes(wishes, facts);
  const epochs = await questions.askEpochs((steps * batch) / facts.samples);
  return { ...wishes, hidden, epochs };
}

if (import.meta.main) await main(command);
