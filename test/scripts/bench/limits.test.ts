import assert from "node:assert/strict";
import { draftOf } from "../../../scripts/bench/caseStatement.ts";
import { mnistSegment, network } from "../../../scripts/bench/cases.ts";
import { architecture } from "../../../scripts/bench/describe.ts";
import { syntheticImages } from "../../../scripts/bench/images.ts";
import { phaseLimits } from "../../../scripts/bench/limits.ts";
import { partRatio, targetRows } from "../../../scripts/bench/report.ts";
import { parameterCount } from "../../../src/cost/index.ts";
import { shapeOf } from "../../../src/protocol/index.ts";

const rates = {
  affineAddition: 1,
  lookupLeaf: 1,
  zkreluPoint: 1,
  openingIndex: 1,
  multiplyAccumulate: 1,
};

describe("the limits of a segment's phases", () => {
  it("count the operations of issue 3's headline network, for one step", () => {
    const limits = phaseLimits(draftOf(network({ steps: 1 })), 39, rates);
    const millions = (name: string) => Math.round(limits[name]! / 1e4) / 100;
    assert.equal(millions("train"), 1813.91); // the first layer passes no gradient back
    assert.equal(millions("commit digits"), 6.3); // 3.15 M digits in two windows
    assert.equal(millions("zkrelu"), 0.52);
    assert.equal(millions("lookup"), 3.41);
    assert.equal(millions("commit weights"), 52.52); // 10.5 M weights in five windows
  });

  it("do not grow with padding: they are below what the shape's tables hold", () => {
    const statement = draftOf(mnistSegment);
    const limits = phaseLimits(statement, 31, rates);
    const shape = shapeOf(statement);
    assert.ok(limits["lookup"]! < 2 ** shape.d1 + 2 ** statement.b);
    assert.ok(limits["opening"]! < 5 * 2 ** shape.openingBits);
  });
});

describe("the target table", () => {
  const result = {
    device: "cpu",
    cpu: "x",
    threads: 2,
    stepSeconds: 0.25,
    verifySeconds: 0.5,
    proofBytes: 1000,
    peakBytes: 2 ** 30,
    trainOnlySeconds: 1,
    phases: {
      "commit weights": { seconds: 1, limitSeconds: 1 },
      "commit digits": { seconds: 3, limitSeconds: 1 },
    },
  };

  it("a part of several phases is held against the sum of their limits", () => {
    assert.equal(partRatio(result.phases, "commitments"), 2);
  });

  it("says what is met, the bound itself included, and leaves out what has no target", () => {
    assert.deepEqual(targetRows(result, { stepSeconds: 0.25, verifySeconds: 0.4 }), [
      ["target", "measured", "at most", ""],
      ["a step", "0.250 s", "0.250 s", "met"],
      ["verification", "0.500 s", "0.400 s", "missed"],
    ]);
    assert.deepEqual(targetRows(result, {}), []);
  });
});

describe("the headline's network and data", () => {
  it("has more than ten million parameters", () => {
    const { widths } = network();
    assert.equal(architecture(widths), "3072-1024×8-10");
    assert.ok(parameterCount(widths) > 10_000_000);
  });

  it("images are the same every time, within x_0's range, and with one label each", () => {
    const images = () => syntheticImages(20, 48, 10, 8);
    const rows = images().rows(Array.from({ length: 20 }, (_, i) => i));
    assert.deepEqual(images().rows([3]), rows.slice(3 * 58, 4 * 58));
    for (let i = 0; i < 20; i++) {
      const sample = rows.slice(58 * i, 58 * i + 58);
      assert.ok(sample.slice(0, 48).every((x) => x >= -128 && x <= 127));
      assert.deepEqual([...sample.slice(48)].sort((a, b) => b - a).slice(0, 2), [256, 0]);
    }
  });
});
