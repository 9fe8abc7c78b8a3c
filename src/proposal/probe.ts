import { chooseKappa, exampleStatement, seedBound } from "../artifact/index.ts";
import type { MachineSpeed } from "../cost/index.ts";
import { encodeStatement, SampleList, weightDigest } from "../protocol/index.ts";
import { type NativeProver, Stopwatch } from "../prover/index.ts";

/** A segment of some tens of milliseconds, always the same: how fast a machine is. */
const WIDTHS = [256, 64, 10];
const SAMPLES = 64;
const STEPS = 16;

/** Values in [−128, 128) and one-hot labels, the same everywhere. */
function samples(columns: number, labels: number): Int32Array {
  const rows = new Int32Array(SAMPLES * columns);
  let state = 1;
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (let f = 0; f < columns - labels; f++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      rows[sample * columns + f] = (state >>> 24) - 128;
    }
    rows[(sample + 1) * columns - labels + (sample % labels)] = 256;
  }
  return rows;
}

/** Trains and proves the probe's segment and says what took how long, in seconds: the least of `rounds`. */
export async function measureProbe(prover: NativeProver, rounds = 3): Promise<MachineSpeed> {
  const fixedPoint = { fA: 8, fG: 10, R: 32, sigma: 8, b: 16 as const, dv: 1, dg: 1 };
  const [features, labels] = [WIDTHS[0]!, WIDTHS.at(-1)!];
  const columns = features + labels;
  const base = {
    widths: WIDTHS,
    fixedPoint,
    eta: 4n,
    batch: SAMPLES,
    samples: SAMPLES,
    x0: 128,
    y0: 0,
    scheduleSeed: new Uint8Array(32),
  };
  const run = { ...base, kappa: chooseKappa(base, STEPS) };
  const segment = { firstStep: 0, steps: STEPS };
  const draft = exampleStatement(run, segment, 0, seedBound(WIDTHS, fixedPoint.R));
  const bytes = encodeStatement(draft);
  const rows = samples(columns, labels);
  const indices = prover.schedule(bytes);
  const batch = new Int32Array(indices.length * columns);
  indices.forEach((index, row) =>
    batch.set(rows.subarray(index * columns, (index + 1) * columns), row * columns),
  );
  const secret = { key: new Uint8Array(32), nonce: new Uint8Array(32) };
  const points = await prover.commitSamples(rows, columns, 0, secret);
  const samplePoints = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    samplePoints.set(points.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  const dataRoot = new SampleList(points).root({ features, labels, ...fixedPoint, x0: 128, y0: 0 });

  const least = { train: Infinity, commit: Infinity, prove: Infinity };
  for (let round = 0; round < rounds; round++) {
    const watch = new Stopwatch();
    const weightsIn = prover.initialWeights(bytes);
    const training = await watch.time("train", () => prover.train(bytes, batch, weightsIn));
    const weightsOut = await watch.time("commit weights", () =>
      prover.commitWeights(bytes, training.weights),
    );
    const digest = weightDigest({ ...run, R: fixedPoint.R }, weightsOut.rows);
    const statement = encodeStatement({ ...draft, dataRoot, weightsOut: digest });
    watch.at("prepare");
    await prover.prove(
      { statement, trace: training.trace, ...secret, samplePoints, weightsOut },
      { onProgress: (phase) => watch.at(phase) },
    );
    watch.stop();
    training.trace.release();
    training.weights.release();
    const commit = Object.entries(watch.seconds)
      .filter(([phase]) => phase.startsWith("commit"))
      .reduce((sum, [, seconds]) => sum + seconds, 0);
    const train = watch.seconds["train"]!;
    least.train = Math.min(least.train, train);
    least.commit = Math.min(least.commit, commit);
    least.prove = Math.min(least.prove, watch.total - train - commit);
  }
  return least;
}
