import { announcedSchedule, type PublicConfig, segmentsOf } from "../artifact/index.ts";
import { etaAt, type EtaSchedule } from "../protocol/index.ts";
import { code, type Cell, facts, figure, type Html, list, paragraph, section } from "./page.ts";
import { number, plural, whole } from "./words.ts";

/** The learning rate of the mean over the batch of ½‖z − y‖² that an eta stands for. */
const rateOf = (eta: bigint, { batch, fixedPoint: f }: PublicConfig): number =>
  Number(eta) * batch * 2 ** (f.fA + f.fG - f.R);

const scheduleOf = (config: PublicConfig): EtaSchedule =>
  announcedSchedule(config) ?? [{ fromStep: 0, eta: BigInt(config.eta) }];

/** Learning rates with the steps from which they count. */
export const ratesOf = (config: PublicConfig): readonly (readonly [step: number, rate: number])[] =>
  scheduleOf(config).map(({ fromStep, eta }) => [fromStep, rateOf(eta, config)]);

/** The learning rate of the segment that starts at a step. */
export const rateAt = (config: PublicConfig, step: number): number =>
  rateOf(etaAt(scheduleOf(config), step), config);

export const parametersOf = ({ widths }: PublicConfig): number =>
  widths.slice(1).reduce((sum, outputs, l) => sum + (widths[l]! + 1) * outputs, 0);

/** "784-128-10 on 60,000 samples" */
export const leadOf = (config: PublicConfig): string =>
  `${config.widths.join("-")}, ${whole(parametersOf(config))} parameters; ` +
  `${plural(config.steps, "step")} of ${plural(config.batch, "sample")} from ${whole(config.samples)}, ` +
  `in ${plural(segmentsOf(config).length, "segment")}`;

/** What was trained and how, as everybody may know it. */
export function trainingSection(config: PublicConfig): Html {
  const { fixedPoint: f, start, labels } = config;
  const rates = ratesOf(config);
  const [[, first]] = rates as [readonly [number, number]];
  const later = rates.slice(1).map(([step, rate]) => `${number(rate)} from step ${whole(step)}`);
  const origin: readonly [string, string | Cell] =
    "seed" in start
      ? ["Initial weights", code(`seed ${start.seed}`)]
      : "parent" in start
        ? ["Continues", code(`model ${start.parent.modelCommitment}`)]
        : ["Continued from undisclosed weights", code(start.undisclosed.modelCommitment)];
  return section(
    "what",
    "What was trained",
    facts([
      ["Network", `fully connected, ReLU: ${config.widths.join(" – ")}`],
      ["Labels", labels === "oneHot" ? "one-hot classes" : "real values"],
      ["Loss", "½‖z − y‖², mean over the batch; plain gradient descent"],
      ["Learning rate", [number(first), ...later].join(", ")],
      [
        "Samples",
        `${whole(config.samples)}, ${number((config.steps * config.batch) / config.samples)} epochs`,
      ],
      [
        "Arithmetic",
        `exact integers; fraction bits ${f.fA} (activations), ${f.fG} (gradients), ${f.R} (weights), ${f.sigma} (labels); digits of ${f.b} bits, ${f.dv} a pre-activation, ${f.dg} a gradient`,
      ],
      origin,
      ["Batch order", code(`seed ${config.scheduleSeed}`)],
    ]),
  );
}

/** What a valid proof says, and what it does not (README). */
export const meaningSection = (): Html =>
  section(
    "meaning",
    "What its proofs say",
    paragraph(
      "Whoever made them knows weights and samples that open the commitments, such that these steps of gradient descent, carried out exactly, on the scheduled samples, in their order, give the committed weights.",
    ),
    paragraph("They do not say"),
    list([
      "that the data set is what somebody says it is: it is a commitment to some samples;",
      "that the model is any good, or that test data was kept apart;",
      "that the seeds were not the best of many, unless a claim names a plan announced before;",
      "who trained it, or that a model somebody serves is this one.",
    ]),
  );

/** What everybody may see of a run, and what its owner keeps. */
export function opennessSections(publicFiles: string, secretFiles: string): Html {
  return [
    `<div class="two">`,
    section(
      "public",
      "What is public",
      list([
        "the network's widths, the fixed-point parameters, step sizes, number of steps and samples;",
        "both seeds, so also which sample was used when, by its number;",
        "commitments to samples and weights, which hide them perfectly;",
        "the proofs, which tell nothing beyond what they prove.",
      ]),
      paragraph(publicFiles),
    ),
    section(
      "secret",
      "What stays secret",
      list([
        "the samples, their scaling, their files and names of classes;",
        "all weights, and every value that was computed on the way;",
        "losses and accuracies, of training and validation;",
        "the key, the nonce and the blindings that open the commitments.",
      ]),
      paragraph(secretFiles),
    ),
    "</div>",
  ].join("\n");
}

/** The learning rate by step; nothing where it never changes. */
export function rateChart(config: PublicConfig): Html[] {
  const rates = segmentsOf(config).map(({ firstStep, steps }) => ({
    firstStep,
    end: firstStep + steps,
    rate: rateAt(config, firstStep),
  }));
  if (new Set(rates.map(({ rate }) => rate)).size < 2) return [];
  const plot = {
    title: "Learning rate by step",
    xLabel: "step",
    yLabel: "learning rate",
    xAxis: "linear" as const,
    yAxis: "linear" as const,
    yRange: [0, 0] as const,
    lines: [
      {
        name: "learning rate",
        points: rates.flatMap(({ firstStep, end, rate }) => [
          [firstStep, rate] as const,
          [end, rate] as const,
        ]),
        plain: true,
      },
    ],
  };
  const caption = "Each segment's statement names its own, and its proof binds it.";
  return [section("rate", "Learning rate", figure(plot, caption))];
}
