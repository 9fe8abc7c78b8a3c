/**
 * Writes test/vectors/*.json: known answers of the protocol's public functions, which the
 * TypeScript and the native tests both read. Run it after a change of the protocol, and read the diff:
 *
 *     node scripts/dev/generateVectors.ts
 *
 * All values are hexadecimal strings: scalars 32 bytes, points 64 bytes, both big-endian.
 */
import { writeFileSync } from "node:fs";
import { ascii, concat, toHex, u32 } from "../../src/protocol/bytes.ts";
import { add, encodeScalars, inverse, mod, mul, pow, R, sub } from "../../src/protocol/field.ts";
import { deriveGenerator, GENERATOR_DIGEST } from "../../src/protocol/generators.ts";
import { hash512, keccak256 } from "../../src/protocol/hash.ts";
import {
  batchIndices,
  encodeStatement,
  epochPermutation,
  initialBound,
  initialWeights,
  SampleList,
  shapeOf,
  type Statement,
  statementDigest,
  weightBound,
  weightDigest,
} from "../../src/protocol/index.ts";
import { encodePoints } from "../../src/protocol/points.ts";
import { type Frame, Transcript } from "../../src/protocol/transcript.ts";
import { verify } from "../../src/verifier/verify.ts";
import { GENERATORS, toy, type ToyOptions } from "../../test/model/toy.ts";
import { flattenWeights } from "../../test/model/training.ts";

/** 32 bytes, or `size`, that name what they stand for. */
const bytesOf = (name: string, size = 32): Uint8Array =>
  concat(
    ...Array.from({ length: Math.ceil(size / 32) }, (_, i) => keccak256(ascii(name), u32(i))),
  ).slice(0, size);
const scalar = (value: bigint): string => toHex(encodeScalars([value]));
const write = (name: string, value: unknown): void =>
  writeFileSync(
    new URL(`../../test/vectors/${name}.json`, import.meta.url),
    `${JSON.stringify(value, undefined, 2)}\n`,
  );

const operands = [
  0n,
  1n,
  R - 1n,
  (R - 1n) / 2n,
  ...["a", "b", "c"].map((s) => mod(hash512(ascii(s)))),
];
write("field", {
  pairs: operands.flatMap((a) =>
    operands.map((b) => ({
      a: scalar(a),
      b: scalar(b),
      sum: scalar(add(a, b)),
      difference: scalar(sub(a, b)),
      product: scalar(mul(a, b)),
    })),
  ),
  inverses: operands.slice(1).map((a) => ({ a: scalar(a), inverse: scalar(inverse(a)) })),
  powers: [3n, 5n].map((a) => ({ a: scalar(a), exponent: 1000, power: scalar(pow(a, 1000n)) })),
  integers: [-1n, -255n, 2n ** 62n, -(2n ** 62n)].map((a) => ({
    integer: String(a),
    scalar: scalar(mod(a)),
  })),
  hash512: ["", "a", "trainproof"].map((text) => ({
    message: toHex(ascii(text)),
    scalar: scalar(mod(hash512(ascii(text)))),
  })),
});

write("generators", {
  digest: toHex(GENERATOR_DIGEST),
  points: (["G", "P", "H"] as const).flatMap((family) =>
    [0, 1, 2, 4095, 8191]
      .filter((index) => index < { G: 8192, P: 4096, H: 1 }[family])
      .map((index) => ({
        family,
        index,
        point: toHex(encodePoints([deriveGenerator(family, index)])),
      })),
  ),
});

const frames: Frame[] = [];
const transcript = new Transcript((frame) => frames.push(frame));
const steps: Record<string, unknown>[] = [];
const ask = (label: string, count: number): void => {
  steps.push({ challenge: label, scalars: transcript.challenge(label, count).map(scalar) });
};
ask("empty", 1);
transcript.absorbBytes("bytes", ascii("some bytes"));
steps.push({ absorb: "bytes", type: "B", payload: toHex(ascii("some bytes")) });
transcript.absorbU64s("numbers", [0, 1, 2n ** 64n - 1n]);
steps.push({
  absorb: "numbers",
  type: "U",
  payload: "00000000000000000000000000000001ffffffffffffffff".padStart(48, "0"),
});
ask("two", 2);
ask("none", 0);
const scalars = [0n, 1n, R - 1n];
transcript.absorbScalars("scalars", scalars);
steps.push({ absorb: "scalars", type: "S", payload: toHex(encodeScalars(scalars)) });
const points = [deriveGenerator("G", 0), deriveGenerator("H", 0)];
transcript.absorbPoints("points", points);
steps.push({ absorb: "points", type: "P", payload: toHex(encodePoints(points)) });
ask("five", 5);
ask("again", 1);
write("transcript", { steps, frames });

write(
  "schedule",
  [
    { samples: 1n, tau: 2, beta: 0, firstStep: 0n },
    { samples: 5n, tau: 3, beta: 1, firstStep: 3n },
    { samples: 64n, tau: 3, beta: 2, firstStep: 0n },
    { samples: 1000n, tau: 2, beta: 4, firstStep: 2n ** 39n + 1n },
    { samples: 60000n, tau: 1, beta: 5, firstStep: 1874n },
    { samples: 2n ** 32n, tau: 1, beta: 3, firstStep: 77n },
  ].map((parameters) => {
    const scheduleSeed = bytesOf("schedule");
    const { samples, tau, beta, firstStep } = parameters;
    return {
      scheduleSeed: toHex(scheduleSeed),
      samples: Number(samples),
      tau,
      beta,
      firstStep: Number(firstStep),
      epoch0: Array.from({ length: Math.min(Number(samples), 16) }, (_, q) =>
        epochPermutation(scheduleSeed, 0n, Number(samples))(q),
      ),
      indices: [...batchIndices({ ...parameters, scheduleSeed })],
    };
  }),
);

write(
  "weights",
  [
    { R: 16, layer: 1, inputs: 784, outputs: 128, shown: 24 },
    { R: 16, layer: 2, inputs: 3, outputs: 5, shown: 20 },
    { R: 8, layer: 3, inputs: 1, outputs: 1, shown: 2 },
    { R: 56, layer: 1, inputs: 7, outputs: 3, shown: 24 },
  ].map(({ shown, ...p }) => {
    const all = initialWeights(bytesOf("weights"), p.R, p);
    return {
      seed: toHex(bytesOf("weights")),
      ...p,
      bound: String(initialBound(p.R, p.inputs)),
      first: Array.from(all.subarray(0, shown), String),
      sum: String(all.reduce((sum, weight) => sum + weight, 0n)),
    };
  }),
);

const statement: Statement = {
  runId: bytesOf("runId"),
  scheduleSeed: bytesOf("schedule"),
  firstStep: 128n,
  tau: 6,
  beta: 6,
  kappa: 12,
  b: 16,
  R: 16,
  dv: 2,
  dg: 2,
  fA: 8,
  fG: 16,
  sigma: 8,
  eta: 3n,
  x0: 128,
  y0: 1,
  samples: 60000n,
  W0: 2n ** 70n + 12345n,
  startKind: 1,
  start: bytesOf("start"),
  weightsOut: bytesOf("weightsOut"),
  dataRoot: bytesOf("dataRoot"),
  widths: [784, 128, 10],
};
write(
  "statement",
  [
    statement,
    { ...statement, startKind: 0, firstStep: 0n, widths: [5, 3, 7, 2] },
    { ...statement, b: 8, kappa: 3, tau: 1, beta: 0, widths: [3, 2] },
    { ...statement, startKind: 2, firstStep: 0n, W0: 2n ** 31n },
    {
      ...statement,
      startKind: 2,
      firstStep: 0n,
      W0: 2n ** 23n,
      b: 8,
      tau: 3,
      beta: 0,
      widths: [5, 3, 7, 2],
    },
  ].map((s) => {
    const { layers, ...shape } = shapeOf(s);
    return {
      bytes: toHex(encodeStatement(s)),
      digest: toHex(statementDigest(encodeStatement(s))),
      weightBound: String(weightBound(s)),
      shape: { ...shape, layers },
    };
  }),
);

const list = (samples: number): Uint8Array => bytesOf("samples", 64 * samples);
const data = { features: 784, labels: 10, fA: 8, sigma: 8, x0: 128, y0: 1 };
const rows = bytesOf("rows", 64 * 26);
write("commitments", {
  dataRoots: [1, 2, 3, 4, 5, 6, 7, 8, 13].map((samples) => ({
    samples,
    ...data,
    list: toHex(list(samples)),
    dataRoot: toHex(new SampleList(list(samples)).root(data)),
  })),
  weightDigests: [{ widths: [784, 128, 10], R: 16, kappa: 12 }].map((p) => ({
    ...p,
    rows: toHex(rows),
    digest: toHex(weightDigest(p, rows)),
  })),
});

// Exact training and whole proofs, by the model prover of test/model. Tensors are by linear address
// (PROTOCOL §8), layer by layer; rows of x and y are in the order of the schedule, c = t·B + i.
const texts = (values: readonly bigint[]): string[] => values.map(String);
const shapes: ToyOptions[] = [
  { widths: [2, 1], tau: 1, beta: 0 },
  { widths: [3, 4, 2], tau: 1, beta: 1 },
  { widths: [4, 3, 1, 3], tau: 2, beta: 1 },
];
const toys = shapes.map((options, i) => toy({ ...options, seed: `vector ${i}` }));
write(
  "training",
  toys.map(({ statement: s, bytes, trace, committed }) => ({
    statement: toHex(bytes),
    x: trace.X.map(texts),
    y: trace.Y.map(texts),
    weightsIn: texts(flattenWeights(shapeOf(s), trace.W[0]!)),
    weightsOut: texts(committed.WOut),
    D: texts(committed.D),
    M: texts(committed.M),
    mu: texts(committed.mu),
  })),
);
const second = toy({ after: toys[1]!, seed: "vector after" });
const undisclosed = toy({ undisclosed: {}, seed: "vector undisclosed" });
write(
  "proofs",
  [...toys.slice(0, 2), second, undisclosed].map(
    ({ bytes, proof, samples, weightsIn, weightsOut }) => {
      const inventory: Frame[] = [];
      const commitments = { samples, weightsOut, ...(weightsIn ? { weightsIn } : {}) };
      const verdict = verify(bytes, proof, commitments, {
        generators: GENERATORS,
        onFrame: (frame) => inventory.push(frame),
      });
      return {
        statement: toHex(bytes),
        samples: toHex(samples.bytes),
        ...(weightsIn ? { weightsIn: toHex(weightsIn) } : {}),
        weightsOut: toHex(weightsOut),
        proof: toHex(proof),
        verdict,
        inventory: inventory.map(({ label, type, count }) => `${label} ${type}${count}`),
      };
    },
  ),
);
