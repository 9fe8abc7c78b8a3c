import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  createRun,
  exampleStatement,
  loadPlan,
  openPlanData,
  publicConfig,
  resolvePlan,
  seedBound,
} from "../../src/artifact/index.ts";
import {
  decodeProof,
  encodeStatement,
  fromHex,
  proofLayout,
  SampleList,
  shapeOf,
  weightDigest,
} from "../../src/protocol/index.ts";
import type { ScalarList } from "../../src/protocol/scalarList.ts";
import {
  NativeProver,
  ProverError,
  type ProverErrorCode,
  proveRun,
} from "../../src/prover/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, writeTiny } from "../e2e/verbs.ts";

const isProverError = (code: ProverErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProverError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

describe("the native prover", () => {
  const folder = temporaryFolder();
  let prover: NativeProver;
  let count = 0;
  before(async () => {
    prover = await NativeProver.load({ threads: 2 });
  });

  it("names the device that computes, and refuses names that are none", async () => {
    const { backend, cuda } = prover.info();
    assert.match(backend, /^(cpu|cuda:\d+)$/);
    // Either there is a device, or a reason why not.
    assert.equal(cuda.devices.length === 0, cuda.reason !== "");
    for (const device of [
      "gpu",
      "cuda",
      "cuda:",
      "cuda:-1",
      "cuda:0x",
      "",
      "cuda:0,",
      "cpu,cuda:0",
    ]) {
      await assert.rejects(
        NativeProver.load({ device }),
        isProverError("InvalidArgument", /auto, cpu or cuda:0/),
      );
    }
  });

  it("refuses a GPU that is named twice, and a device beyond those that were chosen", async () => {
    await assert.rejects(
      NativeProver.load({ device: "cuda:0,cuda:1,cuda:0" }),
      isProverError("InvalidArgument", /cuda:0 twice/),
    );
    assert.equal(prover.info().devices.length, 1);
  });

  it("does not put another device in the place of a GPU that is not usable, unless asked to", async () => {
    const before = prover.info().backend;
    await assert.rejects(
      NativeProver.load({ device: "cuda:99" }),
      isProverError("Device", /cuda:99/),
    );
    assert.equal(prover.info().backend, before);
    const reasons: string[] = [];
    const onFallback = (reason: string) => reasons.push(reason);
    const fallen = await NativeProver.load({ device: "cuda:99", onFallback });
    assert.equal(fallen.info().backend, "cpu");
    assert.match(reasons.join(), /^[^,]*cuda:99/);
  });

  /** A plan's first segment, ready to train. */
  const segment = async (changes: Record<string, unknown> = {}) => {
    const file = writeTiny(path.join(folder.path, `plan${count++}`), changes);
    const loaded = loadPlan(file);
    const data = await openPlanData(loaded, "train");
    const resolved = resolvePlan(loaded.plan, file, { samples: data.count });
    const { run, plan, segments } = resolved;
    const base = {
      ...exampleStatement(run, segments[0]!, 0, seedBound(run.widths, run.fixedPoint.R)),
      start: fromHex(plan.start.seed!),
    };
    const draft = encodeStatement(base);
    const indices = prover.schedule(draft);
    const batch = data.rows(indices);
    const weightsIn = prover.initialWeights(draft);
    return { resolved, data, run, base, draft, indices, batch, weightsIn };
  };

  /** Trains a segment and commits to all that its proof speaks of. */
  const trained = async (changes: Record<string, unknown> = {}) => {
    const { data, run, base, draft, indices, batch, weightsIn } = await segment(changes);
    const secret = { key: new Uint8Array(32).fill(1), nonce: new Uint8Array(32).fill(2) };
    const columns = data.featureCount + data.labelCount;
    const all = data.rows(Array.from({ length: data.count }, (_, i) => i));
    const samples = await prover.commitSamples(all, columns, 0, secret);
    const { trace, weights } = await prover.train(draft, batch, weightsIn);
    const weightsOut = await prover.commitWeights(draft, weights);
    weights.release();
    const { widths, fixedPoint, kappa, x0, y0 } = run;
    const { fA, sigma, R } = fixedPoint;
    const [features, labels] = [data.featureCount, data.labelCount];
    const statement = {
      ...base,
      dataRoot: new SampleList(samples).root({ features, labels, fA, sigma, x0, y0 }),
      weightsOut: weightDigest({ widths, R, kappa }, weightsOut.rows),
    };
    const samplePoints = Buffer.concat(
      indices.map((index) => samples.subarray(64 * index, 64 * index + 64)),
    );
    const bytes = encodeStatement(statement);
    const input = { statement: bytes, trace, ...secret, samplePoints, weightsOut };
    return { statement, input };
  };

  it("names layer and step of a value out of range", async () => {
    const { draft, batch, weightsIn } = await segment({ eta: 4_000_000 });
    await assert.rejects(
      prover.train(draft, batch, weightsIn),
      isProverError("OutOfRange", /layer \d.*step \d|step \d.*layer \d/s),
    );
  });

  it("tells the largest pre-activation and gradient of each layer and step, up to the value that is refused", async () => {
    const wide = { fixedPoint: { fA: 8, fG: 10, R: 32, sigma: 8, b: 16, dv: 2, dg: 2 } };
    const { draft, batch, weightsIn } = await segment(wide);
    const training = await prover.train(draft, batch, weightsIn);
    training.trace.release();
    const { largestPreActivations, largestGradients } = training;
    assert.deepEqual([largestPreActivations.length, largestGradients.length], [8 * 2, 8 * 1]);
    assert.ok([...largestPreActivations, ...largestGradients].every((x) => x > 0 && x < 2 ** 16));
    // With labels at a finer scale gradients grow; narrower digits hold them exactly as long as these figures say.
    for (const fG of [14, 15, 16, 17, 18, 19, 20]) {
      const finer = { ...wide.fixedPoint, fG, R: 48 };
      const { batch: rows, ...one } = await segment({ fixedPoint: finer, eta: 64 });
      const { trace, largestGradients: found } = await prover.train(one.draft, rows, one.weightsIn);
      trace.release();
      const narrow = await segment({ fixedPoint: { ...finer, dg: 1 }, eta: 64 });
      const training = prover.train(narrow.draft, narrow.batch, narrow.weightsIn);
      if (Math.max(...found) < 2 ** 15) (await training).trace.release();
      else await assert.rejects(training, isProverError("OutOfRange", /layer 1.*gradient/));
    }
  });

  it("refuses what needs more memory than allowed, with both figures", async () => {
    const { draft, batch, weightsIn } = await segment();
    const options = { memoryLimit: 1000 };
    const figures = /need about \d+ MiB, the limit is \d+ MiB/;
    await assert.rejects(
      prover.train(draft, batch, weightsIn, options),
      isProverError("MemoryLimit", figures),
    );
    const { input } = await trained();
    await assert.rejects(prover.prove(input, options), isProverError("MemoryLimit", figures));
    input.trace.release();
  });

  it("is cancelled by a signal, before and during", async () => {
    const { input } = await trained({ steps: 256, segmentSteps: 256 });
    const aborted = { signal: AbortSignal.abort() };
    await assert.rejects(prover.prove(input, aborted), isProverError("Cancelled", /./));
    const controller = new AbortController();
    const phases: string[] = [];
    await assert.rejects(
      prover.prove(input, {
        signal: controller.signal,
        onProgress: (phase) => {
          phases.push(phase);
          controller.abort();
        },
      }),
      isProverError("Cancelled", /./),
    );
    assert.ok(phases.length > 0);
    // Cancelling harmed nothing.
    assert.ok((await prover.prove(input)).length > 0);
    input.trace.release();
  });

  it("starts a segment from where another one's training ended, as from a copy of its weights", async () => {
    const { draft, base, batch, weightsIn } = await segment();
    const first = await prover.train(draft, batch, weightsIn);
    const copied = await prover.readWeights(first.weights);
    assert.notDeepEqual(copied, weightsIn);
    const committed = encodeStatement({ ...base, startKind: 1, W0: 2n ** 60n });
    const [one, other] = [first.weights, copied].map((w) => prover.train(committed, batch, w));
    const ends = [(await one!).weights, (await other!).weights];
    const [a, b] = await Promise.all(ends.map((weights) => prover.readWeights(weights)));
    assert.deepEqual(a, b);
    assert.deepEqual((await one!).loss, (await other!).loss);

    const low = encodeStatement({ ...base, startKind: 1, W0: 1n });
    await assert.rejects(
      prover.train(low, batch, first.weights),
      isProverError("OutOfRange", /input weight of layer 1 .*raise W0/),
    );
    const { widths } = base;
    const wider = encodeStatement({
      ...base,
      startKind: 1,
      W0: 2n ** 60n,
      widths: [...widths, widths.at(-1)!],
    });
    const refused = isProverError("InvalidArgument", /statement's widths/);
    await assert.rejects(prover.train(wider, batch, first.weights), refused);
    await assert.rejects(prover.commitWeights(wider, first.weights), refused);
    first.weights.release();
    const released = isProverError("InvalidArgument", /released/);
    await assert.rejects(prover.commitWeights(draft, first.weights), released);
    await assert.rejects(prover.readWeights(first.weights), released);
    await assert.rejects(
      prover.commitWeights(draft, first.trace),
      isProverError("InvalidArgument", /the weights that train\(\) gave/),
    );
  });

  it("takes start weights in 32 bits each as the same ones in 64", async () => {
    const { draft, batch, weightsIn } = await segment();
    const wide = weightsIn.map((weight) => weight >> 8n);
    const narrow = Int32Array.from(wide, Number);
    assert.deepEqual(BigInt64Array.from(narrow, BigInt), wide);
    assert.ok(narrow.some((weight) => weight < 0) && narrow.some((weight) => weight > 0));
    const ends = [wide, narrow].map((weights) => prover.train(draft, batch, weights));
    const [one, other] = await Promise.all(ends);
    const found = [one!, other!].map(({ weights }) => prover.readWeights(weights));
    const [a, b] = await Promise.all(found);
    assert.deepEqual(a, b);
    assert.deepEqual(one!.loss, other!.loss);
    await assert.rejects(
      prover.train(draft, batch, narrow.subarray(1)),
      isProverError("InvalidArgument", /weights/),
    );
  });

  it("trains from a batch that was sent ahead as from its rows, more than once, and never from another shape's", async () => {
    const { draft, base, batch, weightsIn } = await segment();
    const sent = await prover.sendBatch(draft, batch);
    const of = (rows: Parameters<NativeProver["train"]>[1], from = draft) =>
      prover.train(from, rows, weightsIn);
    const [plain, ahead, again] = [await of(batch), await of(sent), await of(sent)];
    assert.deepEqual([...ahead.loss], [...plain.loss]);
    const weights = await Promise.all(
      [plain, ahead, again].map((training) => prover.readWeights(training.weights)),
    );
    assert.deepEqual(weights[1], weights[0]);
    assert.deepEqual(weights[2], weights[0]);

    // As many samples, in steps of other batches: the same memory, read otherwise, is another batch.
    const steps = encodeStatement({ ...base, tau: base.tau + 1, beta: base.beta - 1 });
    assert.deepEqual([...(await of(sent, steps)).loss], [...(await of(batch, steps)).loss]);
    const refused = isProverError("InvalidArgument", /statement's shape/);
    const widths = [base.widths[0]! - 1, ...base.widths.slice(1, -1), base.widths.at(-1)! + 2];
    await assert.rejects(
      of(sent, encodeStatement({ ...base, widths, startKind: 1, W0: 2n ** 60n })),
      refused,
    );
    await assert.rejects(of(sent, encodeStatement({ ...base, beta: base.beta - 1 })), refused);
    await assert.rejects(
      of(sent, encodeStatement({ ...base, x0: 65_535 })),
      isProverError("OutOfRange", /feature \d+ of batch row/),
    );
    await assert.rejects(
      prover.sendBatch(draft, batch.subarray(1)),
      isProverError("InvalidArgument", /the batch has \d+ entries/),
    );
    sent.release();
    await assert.rejects(of(sent), isProverError("InvalidArgument", /released; send it again/));
    await assert.rejects(
      of(plain.trace),
      isProverError("InvalidArgument", /the batch that sendBatch\(\) gave/),
    );
  });

  it("refuses arrays of a wrong size", async () => {
    const { draft, batch, weightsIn } = await segment();
    const refused = isProverError("InvalidArgument", /./);
    await assert.rejects(prover.train(draft, batch.subarray(1), weightsIn), refused);
    await assert.rejects(prover.train(draft, batch, weightsIn.subarray(1)), refused);
    await assert.rejects(prover.train(draft.subarray(1), batch, weightsIn), refused);
    await assert.rejects(prover.commitWeights(draft, weightsIn.subarray(1)), refused);
    assert.throws(() => prover.schedule(new Uint8Array(3)), refused);
    const secret = { key: new Uint8Array(32), nonce: new Uint8Array(32) };
    await assert.rejects(prover.commitSamples(new Int32Array(8), 7, 0, secret), refused);
    await assert.rejects(
      prover.commitSamples(new Int32Array(7), 7, 0, { ...secret, key: new Uint8Array(31) }),
      refused,
    );
    const { input } = await trained();
    const { rows, blindings } = input.weightsOut;
    for (const bad of [
      { samplePoints: input.samplePoints.subarray(64) },
      { key: new Uint8Array(31) },
      { weightsOut: { rows: rows.subarray(64), blindings } },
      { weightsOut: { rows, blindings: blindings.subarray(32) } },
    ]) {
      await assert.rejects(prover.prove({ ...input, ...bad }), refused);
    }
    input.trace.release();
    await assert.rejects(prover.prove(input), refused);
  });

  it("explains a missing addon: exit code 2", async () => {
    const file = writeTiny(path.join(folder.path, "noAddon"));
    const { code, stderr } = await runVerb(
      ["prove", file, "--run", path.join(folder.path, "noRun")],
      { env: { TRAINPROOF_ADDON: path.join(folder.path, "nothing.node") } },
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /not built[^]*nothing\.node[^]*npm run build:native/);
  });

  it("explains an addon built from other sources: exit code 2", async () => {
    const file = writeTiny(path.join(folder.path, "oldAddon"));
    const addon = path.join(folder.path, "old.cjs");
    fs.writeFileSync(addon, "exports.info = () => ({}); exports.loadGenerators = () => {};");
    const { code, stderr } = await runVerb(
      ["prove", file, "--run", path.join(folder.path, "oldRun")],
      { env: { TRAINPROOF_ADDON: addon } },
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /old\.cjs lacks selectDevice, [^]*npm run build:native/);
  });

  it("hides a trace anew in each proof", async () => {
    const { statement, input } = await trained();
    const shape = shapeOf(statement);
    const scalars: (readonly bigint[])[] = [];
    for (const bytes of [await prover.prove(input), await prover.prove(input)]) {
      const proof = decodeProof(bytes, statement, shape);
      assert.ok("hidden" in proof);
      const fields = proofLayout(statement, shape).filter(({ type }) => type === "S");
      scalars.push(fields.flatMap(({ field }) => (proof[field] as ScalarList).values));
    }
    input.trace.release();
    const [first, second] = scalars;
    assert.ok(first!.length > 100);
    const seen = new Set(first);
    assert.equal(seen.size, first!.length);
    assert.deepEqual(
      second!.filter((scalar) => seen.has(scalar)),
      [],
    );
  });

  it("keeps secrets in files that only their owner reads", async () => {
    const { resolved, data } = await segment();
    const run = createRun({
      folder: path.join(folder.path, "run"),
      config: publicConfig(resolved, undefined),
    });
    await proveRun(run, data, prover);
    run.publish();
    run.close();
    const filesIn = (part: string) =>
      fs
        .readdirSync(path.join(run.folder, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
    const secret = filesIn("secret");
    assert.ok(secret.length >= 5);
    for (const file of secret) assert.equal(fs.statSync(file).mode & 0o777, 0o600, file);
    // segments.bin has digests of public files, and is published as it is.
    const needles = secret
      .filter((file) => file.endsWith(".bin") && path.basename(file) !== "segments.bin")
      .flatMap((file) => {
        const bytes = fs.readFileSync(file);
        return Array.from({ length: bytes.length / 32 }, (_, i) =>
          bytes.subarray(32 * i, 32 * i + 32),
        );
      });
    assert.ok(needles.length >= 3);
    for (const file of filesIn("public")) {
      const bytes = fs.readFileSync(file);
      for (const needle of needles) {
        assert.equal(bytes.indexOf(needle), -1, file);
        assert.equal(bytes.indexOf(needle.toString("hex")), -1, file);
      }
    }
  });
});
