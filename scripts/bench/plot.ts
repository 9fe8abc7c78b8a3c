/** One line of a plot; x and y are positive. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly PlotLine[];
}

const [WIDTH, HEIGHT] = [640, 360];
const AREA = { left: 70, right: WIDTH - 20, top: 60, bottom: HEIGHT - 50 };
/** Okabe and Ito's colours, which the colour-blind tell apart. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

/** 1, 2 and 5 times powers of ten around the values, at least two. */
export function logTicks(least: number, most: number): number[] {
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(least)); ; decade++)
    for (const step of [1, 2, 5]) {
      const tick = Number(`${step}e${decade}`);
      if (tick <= least) ticks.length = 0;
      ticks.push(tick);
      if (tick >= most && ticks.length > 1) return ticks;
    }
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const text = (x: number, y: number, content: string, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}"${attributes}>${escape(content)}</text>`;

const round = (x: number) => Number(x.toFixed(1));

/** Where a value stands on a logarithmic axis from `first` to `last`. */
const position = (value: number, first: number, last: number, from: number, to: number) =>
  from + (Math.log(value / first) / Math.log(last / first)) * (to - from);

/**
 * A plot with logarithmic axes as an SVG file; x has a tick at each point. No library: those that draw without a
 * browser weigh megabytes, and this is all that is asked of them.
 *
 * @throws RangeError without at least one point, or for values that are not positive.
 */
export function svgPlot({ title, xLabel, yLabel, lines }: Plot): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) throw new RangeError(`the plot "${title}" has no points`);
  if (all.some(([x, y]) => !(x > 0 && y > 0)))
    throw new RangeError(`the plot "${title}" has a value that is not positive`);
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const ys = all.map(([, y]) => y);
  const yTicks = logTicks(Math.min(...ys), Math.max(...ys));
  const [firstX, lastX] = xs.length > 1 ? [xs[0]!, xs.at(-1)!] : [xs[0]! / 2, xs[0]! * 2];
  const px = (x: number) => position(x, firstX, lastX, AREA.left + 20, AREA.right - 20);
  const py = (y: number) => position(y, yTicks[0]!, yTicks.at(-1)!, AREA.bottom, AREA.top);
  const middle = (AREA.left + AREA.right) / 2;
  const turned = ` text-anchor="middle" transform="rotate(-90 16 ${(AREA.top + AREA.bottom) / 2})"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(middle, 22, title, ` text-anchor="middle" font-size="14"`),
    ...yTicks.flatMap((tick) => [
      `<path d="M${AREA.left} ${round(py(tick))}H${AREA.right}" stroke="#ddd"/>`,
      text(AREA.left - 6, py(tick) + 4, String(tick), ` text-anchor="end"`),
    ]),
    ...xs.map((x) => text(px(x), AREA.bottom + 18, String(x), ` text-anchor="middle"`)),
    `<path d="M${AREA.left} ${AREA.top}V${AREA.bottom}H${AREA.right}" fill="none" stroke="#333"/>`,
    text(middle, HEIGHT - 12, xLabel, ` text-anchor="middle"`),
    text(16, (AREA.top + AREA.bottom) / 2, yLabel, turned),
    ...lines.flatMap((line, i) => {
      const before = lines.slice(0, i).reduce((sum, { name }) => sum + 44 + 6.5 * name.length, 0);
      return drawLine(line, COLOURS[i % COLOURS.length]!, AREA.left + before, px, py);
    }),
    "</svg>",
    "",
  ].join("\n");
}

function drawLine(
  { name, points, dashed }: PlotLine,
  colour: string,
  legendX: number,
  px: (x: number) => number,
  py: (y: number) => number,
): string[] {
  const at = points.map(([x, y]) => [round(px(x)), round(py(y))] as const);
  const dash = dashed === true ? ` stroke-dasharray="5 4"` : "";
  return [
    `<path d="M${at.map((p) => p.join(" ")).join("L")}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
    ...at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`),
    `<path d="M${round(legendX)} 40h22" stroke="${colour}" stroke-width="2"${dash}/>`,
    text(legendX + 28, 44, name),
  ];
}
