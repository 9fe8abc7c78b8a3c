import type { MachineSpeed } from "../../src/cost/index.ts";
import { parameterCount } from "../../src/cost/index.ts";
import type { DataFacts, Estimate, Proposal, Wishes } from "../../src/proposal/index.ts";
import { architecture } from "../bench/describe.ts";
import { percent } from "../lib/format.ts";

const whole = (x: number) => x.toLocaleString("en");
const number = (x: number) => String(Number(x.toPrecision(4)));
const megabytes = (bytes: number) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toPrecision(2)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function dataLine({ samples, features, labels }: DataFacts): string {
  const kind = features.whole ? "whole numbers" : "numbers";
  const range = `from ${number(features.least)} to ${number(features.most)}`;
  const classes = labels.classes;
  const target = classes
    ? `${classes.length} classes of ${whole(Math.min(...classes))} to ${whole(Math.max(...classes))} samples`
    : `${labels.columns} ${labels.columns === 1 ? "value" : "values"} to predict, from ${number(labels.least)} to ${number(labels.most)}`;
  return `${whole(samples)} samples of ${features.columns} ${kind} ${range}; ${target}`;
}

/** What makes a plan from these data worth a second look. */
export function cautions({ features, labels }: DataFacts): string[] {
  const { classes } = labels;
  return [
    ...(features.evenness < 1 / 64
      ? [
          `columns differ in range by a factor of ${Math.round(1 / features.evenness)}, and one scaling counts for all: scale them alike first, or the small ones will hardly count`,
        ]
      : []),
    ...(classes?.some((n) => n === 0)
      ? ["some class numbers have no sample: are the labels what you think?"]
      : []),
  ];
}

/** The proposal for people: what was found, what is proposed, what it will cost. */
export function summary(
  wishes: Wishes,
  facts: DataFacts,
  proposal: Proposal,
  cost: Estimate,
  speed: MachineSpeed,
): string[] {
  const { sizes, arithmetic, segment, trial } = proposal;
  const { fixedPoint: f, eta } = arithmetic;
  const rate = eta * sizes.batch * 2 ** (f.fA + f.fG - f.R);
  const epochs = (sizes.steps * sizes.batch) / facts.samples;
  const digits = (count: number) => `${count} ${count === 1 ? "digit" : "digits"}`;
  const lines: [string, string][] = [
    ["data", dataLine(facts)],
    ...cautions(facts).map((text): [string, string] => ["", `caution: ${text}`]),
    [
      "network",
      `${architecture(sizes.widths)}, ${whole(parameterCount(sizes.widths))} parameters, ReLU, squared loss`,
    ],
    [
      "training",
      `${whole(sizes.steps)} steps of ${sizes.batch} samples (${number(epochs)} epochs), learning rate ${number(rate)}`,
    ],
    [
      "arithmetic",
      `fraction bits: activations ${f.fA}, gradients ${f.fG}, weights ${f.R}; ${digits(f.dv)} of ${f.b} bits a pre-activation, ${digits(f.dg)} a gradient; eta ${eta}`,
    ],
    ...proposal.notes.map((text): [string, string] => ["", `tried: ${text}`]),
    ...(trial
      ? [
          [
            "trial",
            `${trial.steps} steps: loss ${trial.loss[0].toFixed(3)} to ${trial.loss[1].toFixed(3)}` +
              (facts.labels.classes ? `, training accuracy ${percent(trial.accuracy)}` : "") +
              `; at most ${Math.round(100 * trial.share)} % of a range used`,
          ] as [string, string],
        ]
      : []),
    [
      "time",
      `data set ${duration(cost.dataSeconds)}, training ${duration(cost.trainSeconds)}, proofs ${duration(cost.proveSeconds)}: about ${duration(cost.totalSeconds)} in all` +
        ` (this machine takes ${number(Math.round(speed.prove * 10) / 10)} times as long as the calibrated one)`,
    ],
    ["memory", `about ${(cost.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    [
      "proofs",
      `${cost.segments} of at most ${segment.segmentSteps} steps, ${megabytes(cost.segment.proofBytes)} each; ${megabytes(cost.proofBytes)} in all, with everything public ${megabytes(cost.publicBytes)}`,
    ],
    ["verifying", `about ${duration(cost.verifySeconds)} on one thread`],
  ];
  return [`${wishes.name}`, ...lines.map(([name, text]) => `  ${name.padEnd(11)} ${text}`)];
}
