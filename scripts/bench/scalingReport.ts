import { svgPlot } from "../../src/report/plot.ts";
import type { MeasuredSeries, Scaling, ScalingFigures } from "./scaling.ts";
import { kilobytes, markdownTable, mebibytes, type Rows, seconds, textTable } from "./table.ts";

const HEAD = [
  ...["a step", "training alone", "verification", "proof"],
  ...["peak memory", "predicted", "peak a step", "parameters"],
];

function rowsOf({ axis, points }: MeasuredSeries): Rows {
  const cells = (f: ScalingFigures, steps: number) => [
    seconds(f.stepSeconds),
    seconds(f.trainStepSeconds),
    seconds(f.verifySeconds),
    kilobytes(f.proofBytes),
    mebibytes(f.peakBytes),
    mebibytes(f.predictedBytes),
    mebibytes(f.peakBytes / steps),
    f.parameters.toLocaleString("en"),
  ];
  return [
    [axis, ...HEAD],
    ...points.map(({ x, steps, figures }) =>
      figures === undefined ? [String(x), "not measured"] : [String(x), ...cells(figures, steps)],
    ),
  ];
}

/** Why sizes are missing. */
const skips = ({ axis, points }: MeasuredSeries) =>
  points.flatMap(({ x, skipped }) =>
    skipped === undefined ? [] : [`Not measured: ${axis} = ${x}, ${skipped}.`],
  );

export const scalingText = ({ series }: Scaling): string[] =>
  series.flatMap((one) => [one.title, ...textTable(rowsOf(one)), ...skips(one), ""]);

/** The files of a series' plots, beside docs/PERFORMANCE.md; none where nothing was measured. */
export function plotsOf({ id, axis, title, points }: MeasuredSeries): Record<string, string> {
  const line = (name: string, of: (f: ScalingFigures) => number, dashed = false) => ({
    name,
    dashed,
    points: points.flatMap(({ x, figures }) =>
      figures === undefined ? [] : [[x, of(figures)] as const],
    ),
  });
  if (points.every(({ figures }) => figures === undefined)) return {};
  const mib = (bytes: number) => bytes / 2 ** 20;
  return {
    [`performance/${id}-time.svg`]: svgPlot({
      title: `${title}: time`,
      xLabel: axis,
      yLabel: "seconds",
      lines: [
        line("a step in all", (f) => f.stepSeconds),
        line("a step's training alone", (f) => f.trainStepSeconds),
        line("verification of the segment", (f) => f.verifySeconds, true),
      ],
    }),
    [`performance/${id}-memory.svg`]: svgPlot({
      title: `${title}: memory`,
      xLabel: axis,
      yLabel: "MiB",
      lines: [
        line("peak memory", (f) => mib(f.peakBytes)),
        line("predicted", (f) => mib(f.predictedBytes), true),
      ],
    }),
  };
}

/** Tables and plots in Markdown, with the files of the plots. */
export function scalingDocument(scaling: Scaling): {
  lines: string[];
  plots: Record<string, string>;
} {
  const plots: Record<string, string> = {};
  const { cpu, threads, portable } = scaling;
  const lines = [`${cpu}, ${threads} threads${portable ? ", portable code" : ""}.`];
  for (const one of scaling.series) {
    const files = plotsOf(one);
    Object.assign(plots, files);
    lines.push("", `### ${one.title}`, "", ...markdownTable(rowsOf(one)));
    for (const skip of skips(one)) lines.push("", skip);
    const images = Object.keys(files).map((file) => `![${one.title}](${file})`);
    if (images.length > 0) lines.push("", images.join(" "));
  }
  return { lines, plots };
}
