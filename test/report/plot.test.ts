import assert from "node:assert/strict";
import { svgPlot } from "../../src/report/plot.ts";
import { linearTicks, logTicks } from "../../src/report/ticks.ts";

const plot = {
  title: "time & memory <1 s>",
  xLabel: "T",
  yLabel: "seconds",
  lines: [
    {
      name: "all",
      points: [
        [1, 0.5],
        [4, 0.3],
        [16, 0.2],
      ],
    },
    { name: "training", dashed: true, points: [[4, 0.02]] },
  ],
} as const;

describe("plots of benchmarks", () => {
  it("ticks are 1, 2 and 5 times powers of ten, around all values", () => {
    assert.deepEqual(logTicks(0.03, 0.7), [0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    assert.deepEqual(logTicks(100, 100), [100, 200]);
    assert.deepEqual(logTicks(3, 4), [2, 5]);
  });

  it("a plot has its labels, a mark for each point and a tick for each x", () => {
    const svg = svgPlot(plot);
    assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(svg, /<title>time &amp; memory &lt;1 s&gt;<\/title>/);
    assert.equal(svg.match(/<circle /g)!.length, 4);
    for (const label of [">all<", ">training<", ">seconds<", ">1<", ">4<", ">16<"])
      assert.ok(svg.includes(label), label);
    assert.match(svg, /stroke-dasharray/);
  });

  it("every point is inside the picture, the smaller value lower", () => {
    const at = [...svgPlot(plot).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
    const points = at.map(([, x, y]) => [Number(x), Number(y)] as const);
    assert.ok(points.every(([x, y]) => x > 70 && x < 620 && y >= 60 && y <= 310));
    assert.ok(points[0]![1] < points[1]![1] && points[0]![0] < points[1]![0]);
  });

  it("one x alone is a plot, too", () => {
    assert.doesNotMatch(svgPlot({ ...plot, lines: [plot.lines[1]] }), /NaN|Infinity/);
  });

  it("refuses no points, and values that a logarithm does not know", () => {
    assert.throws(() => svgPlot({ ...plot, lines: [] }), /no points/);
    const zero = { name: "zero", points: [[1, 0]] as const };
    assert.throws(() => svgPlot({ ...plot, lines: [zero] }), /not positive/);
  });
});

describe("plots of pages", () => {
  const curve = {
    ...plot,
    lines: [
      {
        name: "loss",
        points: [
          [3, 0.5],
          [700, 0.25],
          [900, 0.1],
        ],
        plain: true,
      },
    ],
    xAxis: "linear",
    yAxis: "linear",
    style: "page",
  } as const;

  it("linear ticks are even, around all values", () => {
    assert.deepEqual(linearTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(linearTicks(3, 897), [0, 200, 400, 600, 800, 1000]);
    assert.deepEqual(linearTicks(-0.3, 0.3), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    for (const [least, most] of [
      [5, 5],
      [0, 0],
      [1e-9, 2e-9],
      [-7, -6.9],
    ] as const) {
      const ticks = linearTicks(least, most);
      assert.ok(ticks.length > 1 && ticks[0]! <= least && ticks.at(-1)! >= most, ticks.join());
    }
  });

  it("have no colours, sizes or marks of their own: the page gives them", () => {
    const svg = svgPlot(curve);
    assert.doesNotMatch(svg, /#[0-9a-f]{3}|width="640"|<circle|<rect/);
    assert.match(svg, /role="img"/);
    assert.match(svg, /class="c0"/);
  });

  it("show what begins almost at zero from there", () => {
    assert.match(svgPlot(curve), />0<\/text>/);
    const late = {
      ...curve,
      lines: [
        {
          name: "loss",
          points: [
            [500, 1],
            [900, 2],
          ] as const,
        },
      ],
    };
    assert.doesNotMatch(svgPlot({ ...late, yRange: [1, 2] }), />0<\/text>/);
  });

  it("show negative values on a linear axis, and refuse what is no number", () => {
    const of = (y: number) => ({
      ...curve,
      lines: [
        {
          name: "y",
          points: [
            [1, y],
            [2, 1],
          ] as const,
        },
      ],
    });
    assert.match(svgPlot(of(-1)), />-1<\/text>/);
    assert.throws(() => svgPlot(of(NaN)), /no number/);
    assert.throws(() => svgPlot(of(Infinity)), /no number/);
  });
});
