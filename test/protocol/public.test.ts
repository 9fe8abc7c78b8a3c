import assert from "node:assert/strict";
import { ascii, u32, u64 } from "../../src/protocol/bytes.ts";
import { keccak256 } from "../../src/protocol/hash.ts";
import { SampleList, SampleTree } from "../../src/protocol/samples.ts";
import { batchIndices, epochPermutation } from "../../src/protocol/schedule.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { Transcript } from "../../src/protocol/transcript.ts";
import { initialBound, initialRows, initialWeights } from "../../src/protocol/weights.ts";
import { Random } from "../model/random.ts";

const seed = keccak256(ascii("public"));

describe("schedule", () => {
  it("is a permutation of the samples in every epoch", () => {
    for (const samples of [1, 2, 3, 4, 5, 15, 16, 17, 100, 1000])
      for (const epoch of [0n, 1n, 2n ** 40n]) {
        const permute = epochPermutation(seed, epoch, samples);
        const seen = new Set(Array.from({ length: samples }, (_, q) => permute(q)));
        assert.equal(seen.size, samples);
        for (const index of seen) assert.ok(index >= 0 && index < samples);
      }
  });

  it("a segment is a slice of the run, whatever it is cut into", () => {
    const run = { scheduleSeed: seed, beta: 2, samples: 37n };
    const whole = [...batchIndices({ ...run, firstStep: 0n, tau: 5 })];
    const cut = [0, 8, 16, 24].flatMap((step) => [
      ...batchIndices({ ...run, firstStep: BigInt(step), tau: 3 }),
    ]);
    assert.deepEqual(cut, whole);
  });

  it("no sample comes twice in an epoch", () => {
    const indices = batchIndices({
      scheduleSeed: seed,
      beta: 2,
      tau: 3,
      firstStep: 9n,
      samples: 37n,
    });
    // 9 steps of 4 make an epoch of 36 positions; steps 9 … 16 lie in the second
    assert.equal(new Set(indices).size, 32);
  });

  it("depends on seed and epoch", () => {
    const run = { scheduleSeed: seed, beta: 3, tau: 1, samples: 1000n };
    const [a, b] = [0n, 125n].map((firstStep) => [...batchIndices({ ...run, firstStep })]);
    assert.notDeepEqual(a, b);
    const other = keccak256(seed);
    assert.notDeepEqual(a, [...batchIndices({ ...run, firstStep: 0n, scheduleSeed: other })]);
  });
});

describe("initial weights", () => {
  it("lie within their bound, with zero bias, whether by row or at once", () => {
    const layer = { layer: 2, inputs: 13, outputs: 7 };
    const bound = initialBound(16, 13);
    assert.ok(
      bound * bound <= (6n << 32n) / 13n && (bound + 1n) * (bound + 1n) > (6n << 32n) / 13n,
    );
    const all = initialWeights(seed, 16, layer);
    assert.equal(all.length, 14 * 7);
    for (const weight of all) assert.ok(weight >= -bound && weight <= bound);
    assert.deepEqual([...all.subarray(13 * 7)], new Array<bigint>(7).fill(0n));
    assert.deepEqual(
      [...initialRows(seed, 16, layer)].flatMap((row) => [...row]),
      [...all],
    );
    assert.ok(new Set(all).size > 80);
  });

  it("the bound is the exact integer square root", () => {
    for (const R of [1, 8, 16, 48, 56])
      for (const inputs of [1, 2, 3, 6, 7, 784, 2 ** 20]) {
        const [bound, square] = [initialBound(R, inputs), (6n << BigInt(2 * R)) / BigInt(inputs)];
        assert.ok(
          bound * bound <= square && (bound + 1n) * (bound + 1n) > square,
          `${R} ${inputs}`,
        );
      }
  });
});

describe("sample tree", () => {
  const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
    keccak256(ascii("trainproof/1/sample-node"), left, right);

  it("is the tree of PROTOCOL §7, level by level", () => {
    const random = new Random("tree");
    for (let count = 1; count <= 20; count++) {
      const commitments = Array.from({ length: count }, () =>
        Uint8Array.from([...random.bytes32(), ...random.bytes32()]),
      );
      let level = commitments.map((commitment, i) =>
        keccak256(ascii("trainproof/1/sample-leaf"), u64(i), commitment),
      );
      const tree = new SampleTree();
      for (const commitment of commitments) tree.append(commitment);
      while (level.length > 1)
        level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) =>
          2 * i + 1 < level.length ? node(level[2 * i]!, level[2 * i + 1]!) : level[2 * i]!,
        );
      assert.deepEqual(tree.top(), level[0]);
      assert.equal(tree.count, count);
    }
  });

  it("refuses to be empty or ragged", () => {
    const p = { features: 1, labels: 1, fA: 0, sigma: 0, x0: 0, y0: 0 };
    assert.throws(() => new SampleTree().top(), RangeError);
    assert.throws(() => new SampleList(new Uint8Array()).root(p), RangeError);
    assert.throws(() => new SampleList(new Uint8Array(63)).root(p), RangeError);
  });

  it("the root binds every parameter", () => {
    const p = { features: 1, labels: 1, fA: 0, sigma: 0, x0: 0, y0: 0 };
    const list = new SampleList(new Uint8Array(128));
    const root = list.root(p);
    for (const name of Object.keys(p) as (keyof typeof p)[])
      assert.notDeepEqual(list.root({ ...p, [name]: p[name] + 1 }), root, name);
  });
});

describe("weights' linear addresses", () => {
  it("no two entries share one, and |W| is the last plus one", () => {
    const statement = { tau: 0, beta: 0, kappa: 5, b: 8, R: 8, dv: 1, dg: 1, startKind: 0 };
    for (const widths of [
      [3, 5, 2],
      [1, 1],
      [7, 2, 9, 4],
      [2, 9, 1, 1],
    ]) {
      const shape = shapeOf({ ...statement, widths } as unknown as Parameters<typeof shapeOf>[0]);
      const seen = new Set<number>();
      let entries = 0;
      for (const { inputs, outputs, base, columnBits } of shape.layers)
        for (let k = 0; k <= inputs; k++)
          for (let j = 0; j < outputs; j++, entries++) seen.add(base + k * 2 ** columnBits + j);
      assert.equal(seen.size, entries);
      assert.ok(Math.max(...seen) < shape.weightEntries);
    }
  });
});

describe("transcript", () => {
  const after = (f: (transcript: Transcript) => void): bigint => {
    const transcript = new Transcript();
    f(transcript);
    return transcript.challenge("c", 1)[0]!;
  };

  it("every part of a frame matters: label, type, count, payload, order, borders", () => {
    const variants = [
      after(() => undefined),
      after((t) => {
        t.absorbBytes("a", u32(0));
      }),
      after((t) => {
        t.absorbBytes("b", u32(0));
      }),
      after((t) => {
        t.absorbBytes("a", u32(1));
      }),
      after((t) => {
        t.absorbBytes("a", u64(0));
      }),
      after((t) => {
        t.absorbU64s("a", [0]);
      }),
      after((t) => {
        t.absorbBytes("a", u32(0));
        t.absorbBytes("b", u32(0));
      }),
      after((t) => {
        t.absorbBytes("b", u32(0));
        t.absorbBytes("a", u32(0));
      }),
      after((t) => {
        t.challenge("c", 1);
      }),
      after((t) => {
        t.challenge("c", 2);
      }),
      after((t) => {
        t.challenge("d", 1);
      }),
    ];
    assert.equal(new Set(variants).size, variants.length);
  });

  it("a challenge of none leaves no trace", () => {
    assert.equal(
      after((t) => {
        t.challenge("none", 0);
      }),
      after(() => undefined),
    );
  });
});
