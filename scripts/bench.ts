import { readFileSync } from "node:fs";
import os from "node:os";
import { exampleStatement, loadPlan, openPlanData, resolvePlan } from "../src/artifact/index.ts";
import {
  encodeStatement,
  fromHex,
  readGenerators,
  SampleList,
  weightDigest,
} from "../src/protocol/index.ts";
import { NativeProver } from "../src/prover/index.ts";
import { verify } from "../src/verifier/index.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { kib, secs } from "./lib/format.ts";
import { packageFile } from "./lib/package.ts";
import { main, print, verb } from "./lib/verb.ts";

const elapsed = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
};

/** Seconds in each phase, from the progress that the prover reports. */
class PhaseClock {
  readonly seconds: Record<string, number> = {};
  #phase: string | undefined;
  #since = 0;

  at(phase: string): void {
    const now = performance.now();
    if (this.#phase !== undefined) {
      this.seconds[this.#phase] = (this.seconds[this.#phase] ?? 0) + (now - this.#since) / 1000;
    }
    this.#phase = phase;
    this.#since = now;
  }
}

export const command = withDevice(
  verb(
    "bench",
    "Time one segment of 784-128-10 on MNIST, batch 64, 64 steps: training, commitments, proof, verification.",
  ),
).action(async (options: DeviceOptions & { json?: boolean }) => {
  const loaded = loadPlan(packageFile("examples/mnist.json"));
  const data = openPlanData(loaded, "train");
  const { run, plan } = resolvePlan(loaded.plan, loaded.file, { samples: data.count });
  const segment = { index: 0, firstStep: 0, steps: plan.segmentSteps };
  const prover = await NativeProver.load(loadOptions(options, (line) => console.error(line)));
  const { threads, cpu, backend, cuda } = prover.info();
  const gpu = cuda.devices.find(({ name }) => name === backend);
  const device = gpu === undefined ? backend : `${backend} (${gpu.model})`;
  const [key, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const columns = data.featureCount + data.labelCount;

  const base = exampleStatement(run, segment, 0, 1n << 40n);
  const seeded = { ...base, start: fromHex(plan.start.seed!) };
  const draft = encodeStatement(seeded);
  const indices = prover.schedule(draft);
  const all = Array.from({ length: data.count }, (_, i) => i);
  const [samples, sampleSeconds] = await elapsed(() =>
    prover.commitSamples(data.rows(all), columns, 0, { key, nonce }),
  );
  const weightsIn = prover.initialWeights(draft);
  const batch = data.rows(indices);
  const [training, trainSeconds] = await elapsed(() => prover.train(draft, batch, weightsIn));
  const [weightsOut, weightSeconds] = await elapsed(() =>
    prover.commitWeights(draft, training.weightsOut),
  );
  const list = new SampleList(samples);
  const { widths, fixedPoint, kappa, x0, y0 } = run;
  const { fA, sigma, R } = fixedPoint;
  const [features, labels] = [data.featureCount, data.labelCount];
  const statement = encodeStatement({
    ...seeded,
    dataRoot: list.root({ features, labels, fA, sigma, x0, y0 }),
    weightsOut: weightDigest({ widths, R, kappa }, weightsOut.rows),
  });
  const samplePoints = new Uint8Array(64 * indices.length);
  indices.forEach((index, row) =>
    samplePoints.set(samples.subarray(64 * index, 64 * index + 64), 64 * row),
  );
  const clock = new PhaseClock();
  const [proof, proveSeconds] = await elapsed(() =>
    prover.prove(
      { statement, trace: training.trace, key, nonce, samplePoints, weightsOut },
      { onProgress: (phase) => clock.at(phase) },
    ),
  );
  clock.at("end");
  training.trace.release();
  const table = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
  const generators = readGenerators(table) ?? table;
  const [verdict, verifySeconds] = await elapsed(() =>
    verify(statement, proof, { samples: list, weightsOut: weightsOut.rows }, { generators }),
  );
  if (!verdict.ok) throw new Error(`the proof was rejected: ${verdict.check}, ${verdict.reason}`);

  const total = trainSeconds + weightSeconds + proveSeconds;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const phases = Object.entries(clock.seconds);
  print(
    {
      json: {
        device,
        cpu: os.cpus()[0]?.model ?? cpu,
        threads,
        steps: segment.steps,
        stepSeconds: total / segment.steps,
        trainOnlySeconds: trainSeconds,
        overTraining: total / trainSeconds,
        weightCommitSeconds: weightSeconds,
        proveSeconds,
        verifySeconds,
        proofBytes: proof.length,
        peakBytes,
        dataSetSeconds: sampleSeconds,
        dataSetSamples: data.count,
        phases: clock.seconds,
      },
      text: [
        `784-128-10, batch 64, ${segment.steps} steps, ${device}, ${threads} threads, ${os.cpus()[0]?.model ?? cpu}`,
        `a step in all   ${secs(total / segment.steps)}: training, W^out's commitment and proof`,
        `training        ${secs(trainSeconds)}; all is ${(total / trainSeconds).toFixed(1)} times that`,
        `W^out commit    ${secs(weightSeconds)}`,
        `proof           ${secs(proveSeconds)}, ${kib(proof.length)}`,
        ...phases.map(([phase, s]) => `  ${phase.padEnd(22)} ${secs(s)}`),
        `verification    ${secs(verifySeconds)}, one thread, data set's hashing not included (once a run)`,
        `data set        ${secs(sampleSeconds)} for ${data.count} samples, once`,
        `peak memory     ${(peakBytes / 2 ** 20).toFixed(0)} MiB, with Node and the data set`,
      ],
    },
    options,
  );
});

if (import.meta.main) await main(command);
