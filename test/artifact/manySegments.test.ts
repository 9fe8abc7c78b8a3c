import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  createRun,
  encodeConfig,
  encodeManifest,
  type FileSystem,
  hex32,
  type PublicConfig,
  RECORD_BYTES,
  segmentAt,
  segmentCount,
  segmentRecord,
  segmentSizes,
  segmentsRoot,
  segmentStatement,
  seedBound,
  sha256,
} from "../../src/artifact/index.ts";
import { readRun } from "../../src/artifact/published.ts";
import { runParameters } from "../../src/artifact/config.ts";
import {
  dataRoot,
  encodeStatement,
  fromHex,
  SampleTree,
  u64,
  weightBound,
  weightDigest,
} from "../../src/protocol/index.ts";
import { verifyChain } from "../../src/verifier/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { config as small, samples, segmentResult } from "./runs.ts";

const COUNT = 100_000;
const config: PublicConfig = { ...small, steps: COUNT, segmentSteps: 1 };
const runId = new Uint8Array(32).fill(7);

/** 64-byte rows of the weights after a segment. */
const rowsAfter = (index: number, rows: number) =>
  new Uint8Array(64 * rows).map((_, i) => (i % 64 < 8 ? u64(index)[i % 8]! : 1));

/** The files of a run of 100,000 segments whose proofs are a few bytes, in memory; `read` sees what is fetched. */
function manySegments(read: (path: string) => void) {
  const run = runParameters(config);
  const layout = { ...run, R: run.fixedPoint.R };
  const rows = segmentSizes(config)(0)["weights-out.bin"] / 64;
  const tree = new SampleTree();
  for (let i = 0; i < config.samples; i++) tree.append(samples.subarray(64 * i, 64 * (i + 1)));
  const { widths, fixedPoint, offsets } = config;
  const root = dataRoot(config.samples, tree.top(), {
    features: widths[0]!,
    labels: widths.at(-1)!,
    fA: fixedPoint.fA,
    sigma: fixedPoint.sigma,
    ...offsets,
  });
  const statements: Uint8Array[] = [];
  const list = new Uint8Array(RECORD_BYTES * COUNT);
  let [W0, start] = [
    seedBound(widths, fixedPoint.R),
    fromHex((config.start as { seed: string }).seed),
  ];
  for (let index = 0; index < COUNT; index++) {
    const out = rowsAfter(index, rows);
    const weightsOut = weightDigest(layout, out);
    const segment = segmentAt(index, COUNT, 1)!;
    const startKind = index === 0 ? 0 : 1;
    const facts = { runId, dataRoot: root, W0, startKind, start, weightsOut } as const;
    const statement = segmentStatement(run, segment, facts);
    const bytes = encodeStatement(statement);
    statements.push(bytes);
    const files = { "statement.bin": bytes, "weights-out.bin": out, "proof.bin": u64(index) };
    list.set(segmentRecord(files), RECORD_BYTES * index);
    [W0, start] = [weightBound(statement), weightsOut];
  }
  const files = new Map([
    ["config.json", encodeConfig(config)],
    ["samples.bin", samples],
    ["segments.bin", list],
  ]);
  const manifest = encodeManifest({
    format: "trainproof-run/2",
    runId: hex32(runId),
    configDigest: hex32(sha256(encodeConfig(config))),
    dataRoot: hex32(root),
    modelCommitment: hex32(start),
    segmentsRoot: hex32(segmentsRoot(list)),
    steps: COUNT,
    segments: COUNT,
    files: [...files].map(([path, b]) => ({ path, size: b.length, sha256: hex32(sha256(b)) })),
  });
  files.set("manifest.json", manifest);
  const source = {
    name: "memory",
    nameOf: (path: string) => path,
    fetch(path: string): Promise<Uint8Array> {
      read(path);
      const [, index, name] = /^segments\/(\d{6})\/(.*)$/.exec(path) ?? [];
      const at = Number(index);
      if (name === "statement.bin") return Promise.resolve(statements[at]!);
      if (name === "weights-out.bin") return Promise.resolve(rowsAfter(at, rows));
      return Promise.resolve(name === "proof.bin" ? u64(at) : files.get(path)!);
    },
  };
  return { source, list, manifest };
}

describe("a run of 100,000 segments", function () {
  this.timeout(240_000);
  const asked: string[] = [];
  let made: ReturnType<typeof manySegments>;
  before(() => {
    made = manySegments((path) => asked.push(path));
  });

  it("has a manifest of a kilobyte, whose root every record and their number changes", () => {
    assert.ok(made.manifest.length < 1200, `${made.manifest.length} bytes`);
    const root = hex32(segmentsRoot(made.list));
    for (const at of [0, 47, 96 * 50_000, made.list.length - 1])
      assert.notEqual(hex32(segmentsRoot(made.list.with(at, made.list[at]! ^ 1))), root);
    assert.notEqual(hex32(segmentsRoot(made.list.subarray(96))), root);
    const swapped = made.list.slice();
    swapped.copyWithin(0, 96, 192);
    swapped.set(made.list.subarray(0, 96), 96);
    assert.notEqual(hex32(segmentsRoot(swapped)), root);
    assert.throws(() => segmentsRoot(made.list.subarray(1)), RangeError);
    assert.throws(() => segmentsRoot(new Uint8Array(0)), RangeError);
  });

  it("has its statements read and chained within a minute, and nothing else of its segments", async () => {
    asked.length = 0;
    const started = performance.now();
    const run = await readRun(made.source);
    const statements: Uint8Array[] = [];
    for await (const { statementBytes } of run.statements()) statements.push(statementBytes);
    assert.equal(statements.length, COUNT);
    assert.deepEqual(verifyChain(statements), { ok: true });
    const seconds = (performance.now() - started) / 1000;
    assert.ok(seconds < 60, `${seconds} s`);
    assert.equal(asked.length, COUNT + 4);
    assert.ok(asked.every((path) => !/proof|weights/.test(path)));
    const broken = statements.with(70_000, statements[70_001]!);
    const verdict = verifyChain(broken);
    assert.ok(!verdict.ok && verdict.check === "C1");
  });

  it("gives any segment alone, as fast as the first", async () => {
    const run = await readRun(made.source);
    asked.length = 0;
    const found: number[] = [];
    for await (const { index, statement, proof, weightsIn } of run.segments([3, 50_000, 99_999])) {
      found.push(index);
      assert.equal(statement.firstStep, BigInt(index));
      assert.deepEqual(proof, u64(index));
      assert.deepEqual(weightsIn, rowsAfter(index - 1, weightsIn!.length / 64));
    }
    assert.deepEqual(found, [3, 50_000, 99_999]);
    assert.equal(asked.length, 12);
  });

  it("cannot have more segments than a folder's six digits number", async () => {
    assert.equal(segmentCount(2 ** 40, 2 ** 16), 2 ** 24);
    const { source } = made;
    const steps = 2 ** 40;
    const huge = encodeConfig({ ...config, steps });
    const manifest = JSON.parse(new TextDecoder().decode(made.manifest)) as {
      files: { path: string; size: number; sha256: string }[];
    };
    const digest = hex32(sha256(huge));
    const [first, ...others] = manifest.files;
    const files = [{ ...first!, size: huge.length, sha256: digest }, ...others];
    const changed = encodeManifest({
      ...(manifest as never as Parameters<typeof encodeManifest>[0]),
      steps,
      configDigest: digest,
      files,
    });
    const fetch = (path: string) =>
      path === "manifest.json"
        ? Promise.resolve(changed)
        : path === "config.json"
          ? Promise.resolve(huge)
          : source.fetch(path);
    await assert.rejects(readRun({ ...source, fetch }), /steps: more than 1000000 segments/);
  });
});

describe("finishing a segment", () => {
  const folder = temporaryFolder();

  it("writes no more when there are many before it", () => {
    let written = 0;
    const files = {
      ...fs,
      fsyncSync: () => undefined,
      writeSync: (descriptor: number, bytes: Uint8Array, ...rest: number[]) => {
        const size = fs.writeSync(descriptor, bytes, ...(rest as [number, number]));
        written += size;
        return size;
      },
    } as unknown as FileSystem;
    const plan = { ...config, steps: 120 };
    const run = createRun({ folder: join(folder.path, "run"), config: plan, files });
    run.writeSamples(samples);
    const sizes: number[] = [];
    for (let index = 0; index < 120; index++) {
      const result = segmentResult(run, index);
      const history = { ...result.history!, segment: index };
      written = 0;
      run.finishSegment(index, { ...result, history });
      sizes.push(written);
    }
    // Digits of the step, in some files. The last segment has the weights in float32, too.
    const others = sizes.slice(1, -1);
    assert.ok(Math.max(...others) - Math.min(...others) < 64, sizes.join());
    const { manifest } = run.publish();
    const list = fs.readFileSync(join(run.publicFolder, "segments.bin"));
    assert.equal(manifest.segmentsRoot, hex32(segmentsRoot(list)));
    assert.equal(list.length, 120 * RECORD_BYTES);
    run.close();
  });
});
