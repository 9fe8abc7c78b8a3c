import { linearTicks, logTicks } from "./ticks.ts";

/** One line of a plot; x and y are positive where their axis is logarithmic. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
  /** Without a mark at each point: for many points. */
  readonly plain?: boolean;
  /** Behind the others. */
  readonly faint?: boolean;
  /** Colour of the line with this index. */
  readonly colour?: number;
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly PlotLine[];
  /** "log" unless said: then x has a tick at each point. */
  readonly xAxis?: "log" | "linear";
  readonly yAxis?: "log" | "linear";
  /** Least and largest value that a linear y axis shows at least. */
  readonly yRange?: readonly [least: number, most: number];
  /** How a y tick is written. */
  readonly yTick?: (value: number) => string;
  /** "file": an SVG file with its own colours. "page": part of an HTML page, whose classes colour it. */
  readonly style?: "file" | "page";
}

const [WIDTH, HEIGHT] = [640, 360];
/** A page has its own headings and legends, and larger letters on small screens. */
const AREA = {
  file: { left: 70, right: WIDTH - 20, top: 60, bottom: HEIGHT - 50, legend: 40 },
  page: { left: 94, right: WIDTH - 6, top: 14, bottom: HEIGHT - 58, legend: 0 },
} as const;
/** Okabe and Ito's colours, which the colour-blind tell apart. */
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

export const escape = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const text = (x: number, y: number, content: string, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}"${attributes}>${escape(content)}</text>`;

const round = (x: number) => Number(x.toFixed(1));

/** Where a value stands on an axis from `first` to `last`. */
function place(axis: "log" | "linear", first: number, last: number, from: number, to: number) {
  const at = axis === "log" ? Math.log : (x: number) => x;
  return (value: number) => from + ((at(value) - at(first)) / (at(last) - at(first))) * (to - from);
}

/** The ends of the x axis, with its ticks. */
function xScale(xs: readonly number[], axis: "log" | "linear") {
  const [least, most] = [xs[0]!, xs.at(-1)!];
  if (axis === "linear") {
    // What begins almost at zero is shown from there.
    const from = least > 0 && least < 0.05 * most ? 0 : least;
    const ends = from === most ? [most - 1, most + 1] : [from, most];
    const ticks = linearTicks(ends[0]!, ends[1]!).filter((x) => x >= ends[0]! && x <= ends[1]!);
    return { first: ends[0]!, last: ends[1]!, ticks };
  }
  const [first, last] = xs.length > 1 ? [least, most] : [least / 2, most * 2];
  return { first, last, ticks: xs };
}

/**
 * A plot as SVG. No library: those that draw without a browser weigh megabytes, and this is all that is asked of them.
 *
 * @throws RangeError without at least one point, or for values that an axis does not know.
 */
export function svgPlot(plot: Plot): string {
  const { title, xLabel, yLabel, lines, xAxis = "log", yAxis = "log", style = "file" } = plot;
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) throw new RangeError(`the plot "${title}" has no points`);
  for (const [axis, index] of [
    [xAxis, 0],
    [yAxis, 1],
  ] as const)
    if (all.some((point) => !(axis === "log" ? point[index] > 0 : Number.isFinite(point[index]))))
      throw new RangeError(
        `the plot "${title}" has a value that is ${axis === "log" ? "not positive" : "no number"}`,
      );
  const page = style === "page";
  const area = AREA[style];
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const ys = all.map(([, y]) => y);
  const [low, high] = plot.yRange ?? [Infinity, -Infinity];
  const least = ys.reduce((a, b) => Math.min(a, b), low);
  const most = ys.reduce((a, b) => Math.max(a, b), high);
  const yTicks = yAxis === "log" ? logTicks(least, most) : linearTicks(least, most);
  const { first, last, ticks } = xScale(xs, xAxis);
  const px = place(xAxis, first, last, area.left + 20, area.right - 20);
  const py = place(yAxis, yTicks[0]!, yTicks.at(-1)!, area.bottom, area.top);
  const middle = (area.left + area.right) / 2;
  const turned = ` text-anchor="middle" transform="rotate(-90 16 ${(area.top + area.bottom) / 2})"`;
  const [grid, frame] = page
    ? [` class="grid"`, ` class="frame"`]
    : [` stroke="#ddd"`, ` stroke="#333"`];
  const size = page ? "" : ` width="${WIDTH}" height="${HEIGHT}"`;
  const font = page ? ` class="plot" role="img"` : ` font-family="sans-serif" font-size="12"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"${size}${font}>`,
    `<title>${escape(title)}</title>`,
    ...(page ? [] : [`<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`]),
    ...(page ? [] : [text(middle, 22, title, ` text-anchor="middle" font-size="14"`)]),
    ...yTicks.flatMap((tick) => [
      `<path d="M${area.left} ${round(py(tick))}H${area.right}"${grid}/>`,
      text(area.left - 6, py(tick) + 4, (plot.yTick ?? String)(tick), ` text-anchor="end"`),
    ]),
    ...ticks.map((x) =>
      text(px(x), area.bottom + (page ? 22 : 18), x.toLocaleString("en"), ` text-anchor="middle"`),
    ),
    `<path d="M${area.left} ${area.top}V${area.bottom}H${area.right}" fill="none"${frame}/>`,
    text(middle, HEIGHT - 12, xLabel, ` text-anchor="middle"`),
    text(16, (area.top + area.bottom) / 2, yLabel, turned),
    ...lines.flatMap((line, i) => {
      const before = lines.slice(0, i).reduce((sum, { name }) => sum + 44 + 6.5 * name.length, 0);
      const legend = [area.left + before, area.legend] as const;
      return drawLine(line, line.colour ?? i, legend, page, px, py);
    }),
    "</svg>",
    "",
  ].join("\n");
}

function drawLine(
  { name, points, dashed, plain, faint }: PlotLine,
  index: number,
  [legendX, legendY]: readonly [x: number, y: number],
  page: boolean,
  px: (x: number) => number,
  py: (y: number) => number,
): string[] {
  const at = points.map(([x, y]) => [round(px(x)), round(py(y))] as const);
  const colour = COLOURS[index % COLOURS.length]!;
  const dash = dashed === true ? ` stroke-dasharray="5 4"` : "";
  const classes = `c${index % COLOURS.length}${faint === true ? " faint" : ""}`;
  const stroke = page ? ` class="${classes}"` : ` stroke="${colour}" stroke-width="2"`;
  const fill = page ? ` class="${classes}"` : ` fill="${colour}"`;
  return [
    `<path d="M${at.map((p) => p.join(" ")).join("L")}" fill="none"${stroke}${dash}/>`,
    ...(plain === true ? [] : at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3"${fill}/>`)),
    ...(page
      ? []
      : [
          `<path d="M${round(legendX)} ${legendY}h22"${stroke}${dash}/>`,
          text(legendX + 28, legendY + 4, name),
        ]),
  ];
}
