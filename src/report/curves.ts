import type { SegmentHistory } from "../artifact/index.ts";
import { details, figure, type Html, section, table } from "./page.ts";
import type { PlotLine } from "./plot.ts";
import { number, percent, whole } from "./words.ts";

type Point = readonly [step: number, value: number];

/** Most points of a line: more are not told apart. */
const FINE = 480;
const SMOOTH = 48;

/** Means of neighbours, at most `most` of them, each at the middle of its steps. */
export function means(points: readonly Point[], most: number): Point[] {
  const size = Math.ceil(points.length / most);
  if (size <= 1) return [...points];
  const out: Point[] = [];
  for (let i = 0; i < points.length; i += size) {
    const group = points.slice(i, i + size);
    const mean = (of: 0 | 1) => group.reduce((sum, point) => sum + point[of], 0) / group.length;
    out.push([mean(0), mean(1)]);
  }
  return out;
}

/** A training curve: each step behind, means before it, and what the validation set said after each segment. */
function curve(
  id: string,
  heading: string,
  title: string,
  caption: string,
  yLabel: string,
  steps: readonly Point[],
  held: { name: string; points: readonly Point[] } | undefined,
  share: boolean,
): Html {
  const lines: PlotLine[] = [
    {
      name: "training, each step",
      points: means(steps, FINE),
      plain: true,
      faint: true,
      colour: 0,
    },
    ...(steps.length > SMOOTH
      ? [{ name: "training, mean", points: means(steps, SMOOTH), plain: true, colour: 0 }]
      : []),
    ...(held && held.points.length > 0
      ? [{ name: held.name, points: held.points, colour: 1, plain: held.points.length > 60 }]
      : []),
  ];
  const values = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A loss that falls to a fraction would lie flat on the axis for most of the run.
  const falls = !share && least > 0 && most / least > 5;
  const plot = {
    title,
    xLabel: "step",
    yLabel,
    lines,
    xAxis: "linear" as const,
    yAxis: falls ? ("log" as const) : ("linear" as const),
    ...(share && { yRange: [0.9, 1] as const, yTick: (y: number) => `${Math.round(100 * y)} %` }),
    ...(!share && !falls && { yRange: [0, 0] as const }),
  };
  return section(
    id,
    heading,
    figure(plot, falls ? `${caption} The axis is logarithmic.` : caption),
  );
}

/** Loss and, for classes, accuracy by step, with the numbers of each segment below. */
export function trainingCurves(segments: readonly SegmentHistory[], batch: number): Html {
  const at = (of: (segment: SegmentHistory, t: number) => number | undefined): Point[] =>
    segments.flatMap((segment) =>
      segment.loss.flatMap((_, t): Point[] => {
        const value = of(segment, t);
        return value === undefined ? [] : [[segment.firstStep + t, value]];
      }),
    );
  const held = (of: (v: NonNullable<SegmentHistory["validation"]>) => number | undefined) => {
    const points = segments.flatMap(({ validation, firstStep, steps }): Point[] => {
      const value = validation && of(validation);
      return value === undefined ? [] : [[firstStep + steps, value]];
    });
    const set = segments.find(({ validation }) => validation)?.validation?.set;
    return set === undefined ? undefined : { name: `${set} set`, points };
  };
  const loss = at((segment, t) => segment.loss[t]);
  const accuracy = at((segment, t) => segment.correct && segment.correct[t]! / batch);
  const last = segments.at(-1)!;
  const words = (v: SegmentHistory["validation"]) =>
    v ? ` On the ${v.set} set after the last finished segment: ${number(v.loss)}.` : "";
  const charts = [
    curve(
      "loss",
      "Loss",
      "Loss by step",
      `Loss, ½‖z − y‖², before each step's update.${words(last.validation)}`,
      "loss",
      loss,
      held(({ loss: value }) => value),
      false,
    ),
    ...(accuracy.length > 0
      ? [
          curve(
            "accuracy",
            "Accuracy",
            "Accuracy by step",
            "Share of samples whose largest output is their class." +
              (last.validation?.accuracy === undefined
                ? ""
                : ` On the ${last.validation.set} set after the last finished segment: ${percent(last.validation.accuracy)}.`),
            "accuracy",
            accuracy,
            held(({ accuracy: value }) => value),
            true,
          ),
        ]
      : []),
  ];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const rows = segments.map(
    ({ firstStep, steps, loss: losses, correct, validation, learningRate }) => [
      `${whole(firstStep)} to ${whole(firstStep + steps - 1)}`,
      number(learningRate),
      mean(losses).toFixed(4),
      correct ? percent(mean(correct) / batch) : "",
      validation ? validation.loss.toFixed(4) : "",
      validation?.accuracy === undefined ? "" : percent(validation.accuracy),
    ],
  );
  return [
    `<div class="two">${charts.join("\n")}</div>`,
    `<section>${details(
      "The same in numbers, segment by segment",
      table(
        "Means over each segment; validation after it",
        ["steps", "learning rate", "loss", "accuracy", "validation loss", "validation accuracy"],
        rows,
      ),
    )}</section>`,
  ].join("\n");
}
