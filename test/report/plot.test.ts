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
