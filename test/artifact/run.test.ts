import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  ArtifactFormatError,
  ArtifactMismatchError,
  ArtifactNotFoundError,
  ArtifactWriteError,
  createRun,
  encodeConfig,
  hex32,
  openRun,
  type PublicConfig,
  type Run,
  readParent,
  RunFolderError,
  seedBound,
  segmentsRoot,
  sha256,
} from "../../src/artifact/index.ts";
import { weightBound, weightDigest } from "../../src/protocol/index.ts";
import { verifyChain } from "../../src/verifier/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { bytesOf, config, finish, samples, segmentResult, snapshot, weightsAfter } from "./runs.ts";

describe("run folder", () => {
  const folder = temporaryFolder();
  let count = 0;
  const fresh = () => join(folder.path, `run${count++}`);
  /** A run with `segments` finished, closed again. */
  const made = (segments: number, create = () => createRun({ folder: fresh(), config })) => {
    const run = create();
    run.writeSamples(samples);
    for (let i = 0; i < segments; i++) run.finishSegment(i, segmentResult(run, i));
    run.close();
    return run.folder;
  };
  const using = <T>(path: string, action: (run: Run) => T): T => {
    const run = openRun(path);
    try {
      return action(run);
    } finally {
      run.close();
    }
  };

  it("is created with the folders above it", () => {
    const run = createRun({ folder: join(fresh(), "of", "mine"), config });
    finish(run);
    run.close();
    assert.ok(fs.existsSync(join(run.publicFolder, "manifest.json")));
  });

  it("is not created below a file", () => {
    const file = fresh();
    fs.writeFileSync(file, "");
    assert.throws(() => createRun({ folder: join(file, "run"), config }), ArtifactWriteError);
  });

  it("goes from creation to manifest, and manifest and segments.bin have every public file", () => {
    const run = createRun({ folder: fresh(), config });
    const { manifest, proofDigest, path } = finish(run);
    assert.equal(proofDigest, hex32(sha256(fs.readFileSync(path))));
    assert.equal(manifest.configDigest, hex32(sha256(encodeConfig(config))));
    const files = [...snapshot(run.publicFolder).keys()].filter((name) => name !== "manifest.json");
    assert.deepEqual(
      manifest.files.map((file) => file.path),
      ["config.json", "samples.bin", "segments.bin"],
    );
    const inSegments = ["000000", "000001"].flatMap((segment) =>
      ["statement.bin", "weights-out.bin", "proof.bin"].map(
        (name) => `segments/${segment}/${name}`,
      ),
    );
    const listed = [...manifest.files.map((file) => file.path), ...inSegments];
    assert.deepEqual(listed.sort(), files);
    const list = fs.readFileSync(join(run.publicFolder, "segments.bin"));
    const digests = inSegments.map((name) => sha256(fs.readFileSync(join(run.publicFolder, name))));
    assert.deepEqual(new Uint8Array(list), Uint8Array.from(digests.flatMap((d) => [...d])));
    assert.equal(manifest.segmentsRoot, hex32(segmentsRoot(list)));
    for (const file of manifest.files) {
      const bytes = fs.readFileSync(join(run.publicFolder, file.path));
      assert.deepEqual([bytes.length, hex32(sha256(bytes))], [file.size, file.sha256]);
    }
    assert.equal(run.publish().proofDigest, proofDigest);
    run.close();
    using(run.folder, (again) => assert.equal(again.publish().proofDigest, proofDigest));
  });

  it("resumes at the last finished segment with its weights, rows and blindings", () => {
    using(made(1), (run) => {
      const { segment, start, previous } = run.resume();
      assert.deepEqual(segment, { index: 1, firstStep: 4, steps: 1 });
      const { weights, rows, blindings } = weightsAfter(0);
      assert.deepEqual(start!.weights, weights);
      assert.deepEqual([...start!.rows], [...rows]);
      assert.deepEqual([...start!.blindings], [...blindings]);
      assert.equal(previous!.W0, seedBound(config.widths, 32));
      const next = run.nextStatement();
      assert.equal(next.W0, weightBound(previous!));
      assert.deepEqual(next.start, previous!.weightsOut);
    });
  });

  it("keeps secrets for the owner alone", () => {
    const path = made(1);
    for (const name of [
      "secret",
      ...fs
        .readdirSync(join(path, "secret"), { recursive: true, encoding: "utf8" })
        .map((n) => join("secret", n)),
    ]) {
      const stat = fs.statSync(join(path, name));
      assert.equal(stat.mode & 0o777, stat.isDirectory() ? 0o700 : 0o600, name);
    }
  });

  it("draws another run id, key and nonce each time, and keeps the key that it was given", () => {
    const secrets = [0, 1].map(() => {
      const run = createRun({ folder: fresh(), config });
      run.close();
      return [hex32(run.runId), ...Object.values(run.dataSecrets()).map(hex32)];
    });
    assert.equal(new Set(secrets.flat()).size, 6);
    const data = { key: bytesOf("k", 32), nonce: bytesOf("n", 32) };
    const run = createRun({ folder: fresh(), config, data });
    assert.deepEqual(Object.values(run.dataSecrets()).map(hex32), Object.values(data).map(hex32));
    run.close();
    assert.throws(
      () => createRun({ folder: fresh(), config, data: { ...data, key: data.key.subarray(1) } }),
      RangeError,
    );
  });

  it("starts from a parent's weights, public rows in weights-in.bin", () => {
    const parent = weightsAfter(9);
    const modelCommitment = hex32(weightDigest({ ...config, R: 32 }, parent.rows));
    const child: PublicConfig = {
      ...config,
      start: { parent: { modelCommitment, weightBound: "5" } },
    };
    const run = createRun({ folder: fresh(), config: child, start: parent });
    assert.deepEqual(run.resume().start!.weights, parent.weights);
    const { manifest } = finish(run);
    assert.equal(manifest.files.at(-1)!.path, "weights-in.bin");
    run.close();
    const other = weightsAfter(8);
    assert.throws(
      () => createRun({ folder: fresh(), config: child, start: other }),
      /not those of the model commitment/,
    );
    assert.throws(() => createRun({ folder: fresh(), config: child }), RangeError);
    assert.throws(() => createRun({ folder: fresh(), config, start: parent }), RangeError);
  });

  it("starts from undisclosed weights, which its first statement alone names", () => {
    const start = weightsAfter(9);
    const modelCommitment = hex32(weightDigest({ ...config, R: 32 }, start.rows));
    const weightBound = String(2n ** 47n);
    const undisclosed: PublicConfig = {
      ...config,
      start: { undisclosed: { modelCommitment, weightBound } },
    };
    const run = createRun({ folder: fresh(), config: undisclosed, start });
    assert.deepEqual(
      fs.readFileSync(join(run.publicFolder, "weights-in.bin")),
      Buffer.from(start.rows),
    );
    run.writeSamples(samples);
    const first = run.nextStatement();
    assert.deepEqual([first.startKind, first.W0], [2, 2n ** 47n]);
    assert.equal(hex32(first.start), modelCommitment);
    run.finishSegment(0, segmentResult(run, 0));
    run.close();
    // What the run starts from is gone once the first segment is finished.
    assert.ok(!fs.existsSync(join(run.folder, "secret/weights/start")));
    using(run.folder, (again) => {
      assert.equal(again.finished, 1);
      assert.equal(again.nextStatement().startKind, 1);
      again.finishSegment(1, segmentResult(again, 1));
      assert.equal(again.publish().manifest.files.at(-1)!.path, "weights-in.bin");
    });
    const { link } = readParent(run.folder);
    assert.ok(link.weightBound > 2n ** 47n);
    assert.throws(
      () => createRun({ folder: fresh(), config: undisclosed, start: weightsAfter(8) }),
      /not those of the model commitment/,
    );
    assert.throws(() => createRun({ folder: fresh(), config: undisclosed }), RangeError);
  });

  it("a finished run is a parent, an unfinished one is not", () => {
    const first = createRun({ folder: fresh(), config });
    finish(first);
    const last = first.resume().previous!;
    first.close();
    const { link, committed, facts } = readParent(first.folder);
    assert.deepEqual(link, { modelCommitment: last.weightsOut, weightBound: weightBound(last) });
    assert.equal(facts.kappa, config.kappa);
    const start = {
      modelCommitment: hex32(link.modelCommitment),
      weightBound: String(link.weightBound),
    };
    const child = createRun({
      folder: fresh(),
      config: { ...config, start: { parent: start } },
      start: committed,
    });
    child.writeSamples(samples);
    assert.equal(child.nextStatement().W0, link.weightBound);
    assert.deepEqual(child.nextStatement().start, last.weightsOut);
    finish(child);
    assert.throws(() => child.nextStatement(), RangeError);
    child.close();
    assert.throws(
      () => readParent(made(1)),
      (e) => e instanceof RunFolderError && /only 1 of 2/.test(e.message),
    );
    assert.throws(() => readParent(made(0)), RunFolderError);
  });

  it("its statements form a chain that the verifier accepts", () => {
    const run = createRun({ folder: fresh(), config });
    finish(run);
    run.close();
    const statements = ["000000", "000001"].map((n) =>
      fs.readFileSync(join(run.publicFolder, "segments", n, "statement.bin")),
    );
    assert.deepEqual(verifyChain(statements), { ok: true });
    assert.equal(verifyChain(statements.slice(1)).ok, false);
  });

  it("refuses to create over anything that is there", () => {
    const path = made(0);
    const before = snapshot(path);
    assert.throws(
      () => createRun({ folder: path, config }),
      (e) => e instanceof RunFolderError && /resume it/.test(e.message),
    );
    assert.deepEqual(snapshot(path), before);
    const file = folder.write("file", "x");
    assert.throws(() => createRun({ folder: file, config }), RunFolderError);
    assert.equal(fs.readFileSync(file, "utf8"), "x");
  });

  it("refuses to write a configuration that it could not read", () => {
    const path = fresh();
    assert.throws(
      () => createRun({ folder: path, config: { ...config, batch: 3 } }),
      ArtifactFormatError,
    );
    assert.equal(fs.existsSync(path), false);
  });

  it("refuses folders that are no runs, and leaves no lock in them", () => {
    assert.throws(() => openRun(join(folder.path, "none")), ArtifactNotFoundError);
    const empty = fresh();
    fs.mkdirSync(empty);
    assert.throws(() => openRun(empty), ArtifactNotFoundError);
    assert.deepEqual(fs.readdirSync(empty), []);
  });

  it("refuses samples of another number, twice, and segments before them", () => {
    const run = createRun({ folder: fresh(), config });
    assert.throws(() => run.writeSamples(samples.subarray(1)), RangeError);
    assert.throws(() => run.dataRoot(), /not committed yet/);
    assert.throws(() => run.publish(), /0 of 2 segments/);
    run.writeSamples(samples);
    assert.throws(() => run.writeSamples(samples), RangeError);
    run.close();
  });

  it("refuses segments out of order and statements of other runs", () => {
    const run = createRun({ folder: fresh(), config });
    run.writeSamples(samples);
    const good = segmentResult(run, 0);
    const before = snapshot(run.folder);
    assert.throws(() => run.finishSegment(1, good), RangeError);
    const change = (at: number) =>
      Uint8Array.from(good.statement, (byte, i) => (i === at ? byte ^ 1 : byte));
    for (let at = 0; at < good.statement.length; at++) {
      if (at >= 110 && at < 142) continue; // W0 is the verifier's concern
      assert.throws(
        () => run.finishSegment(0, { ...good, statement: change(at) }),
        (e) => e instanceof ArtifactMismatchError || e instanceof ArtifactFormatError,
        `statement byte ${at}`,
      );
    }
    assert.throws(
      () => run.finishSegment(0, { ...good, blindings: good.blindings.subarray(32) }),
      RangeError,
    );
    assert.throws(
      () => run.finishSegment(0, { ...good, rows: weightsAfter(7).rows }),
      ArtifactMismatchError,
    );
    assert.deepEqual(snapshot(run.folder), before);
    run.finishSegment(0, good);
    assert.throws(() => run.finishSegment(0, good), RangeError);
    run.close();
  });

  const damage = (name: string, pattern: RegExp, action: (path: string) => void, segments = 1) =>
    it(`opening says so when ${name}`, () => {
      const path = made(segments);
      action(path);
      assert.throws(() => using(path, (run) => run.resume()), pattern);
      assert.equal(fs.existsSync(join(path, "lock.json")), false);
    });
  const flip = (path: string) => {
    const bytes = fs.readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(path, bytes);
  };
  const cut = (path: string) => fs.truncateSync(path, fs.statSync(path).size - 1);
  const swapWeights = (path: string) =>
    fs.cpSync(join(made(2), "secret/weights/000001"), join(path, "secret/weights/000000"), {
      recursive: true,
    });
  const proof = "public/segments/000000/proof.bin";
  damage("a proof has one bit flipped", /proof\.bin: this finished file was altered/, (p) =>
    flip(join(p, proof)),
  );
  damage("a proof is cut", /proof\.bin: .*altered \(expected SHA-256 0x.*found SHA-256 0x/, (p) =>
    cut(join(p, proof)),
  );
  damage("a proof is gone", /proof\.bin: no such file/, (p) => fs.rmSync(join(p, proof)));
  damage(
    "a segment is gone",
    /segments\/000000: the files of this finished segment are gone/,
    (p) => fs.rmSync(join(p, "public/segments/000000"), { recursive: true }),
  );
  damage(
    "the first of two segments is gone",
    /no part of a run/,
    (p) => fs.rmSync(join(p, "public/segments/000000"), { recursive: true }),
    2,
  );
  damage("the samples are altered", /samples\.bin: .*altered/, (p) =>
    flip(join(p, "public/samples.bin")),
  );
  damage("the samples are gone", /samples\.bin: .*gone/, (p) =>
    fs.rmSync(join(p, "public/samples.bin")),
  );
  damage("the configuration is altered", /config\.json/, (p) =>
    flip(join(p, "public/config.json")),
  );
  damage("a strange file is in public", /notes\.txt: this is no part of a run/, (p) =>
    fs.writeFileSync(join(p, "public/notes.txt"), ""),
  );
  damage("a strange file is in a segment", /key: this is no part/, (p) =>
    fs.writeFileSync(join(p, "public/segments/000000/key"), ""),
  );
  damage("weights are cut", /weights\.safetensors: /, (p) =>
    cut(join(p, "secret/weights/000000/weights.safetensors")),
  );
  damage("blindings are cut", /altered/, (p) =>
    cut(join(p, "secret/weights/000000/weights-blindings.bin")),
  );
  damage("a weight has one bit flipped", /weights\.safetensors: .*altered/, (p) =>
    flip(join(p, "secret/weights/000000/weights.safetensors")),
  );
  damage("the weights are gone", /weights after the last finished segment are gone/, (p) =>
    fs.rmSync(join(p, "secret/weights/000000"), { recursive: true }),
  );
  damage("the weights are of another run", /safetensors: .*altered/, (p) => swapWeights(p));
  damage(
    "the weights are of another run and the state says so too",
    /not those after the last/,
    (p) => {
      swapWeights(p);
      const state = join(p, "secret/state.json");
      const text = fs.readFileSync(state, "utf8");
      fs.writeFileSync(state, text.replace(/"weights":\[.*?\]/, '"weights":[]'));
    },
  );
  damage("the state is cut", /state\.json: not canonical JSON/, (p) =>
    cut(join(p, "secret/state.json")),
  );
  damage("the list of segments is gone", /segments\.bin: no such file/, (p) =>
    fs.rmSync(join(p, "secret/segments.bin")),
  );
  damage("the list of segments is altered", /weights-out\.bin: .*altered/, (p) =>
    flip(join(p, "secret/segments.bin")),
  );
  damage("the state is gone", /state\.json: no such file/, (p) =>
    fs.rmSync(join(p, "secret/state.json")),
  );

  it("says that the data key is damaged", () => {
    const path = made(0);
    cut(join(path, "secret/data-key.bin"));
    using(path, (run) =>
      assert.throws(() => run.dataSecrets(), /data-key\.bin: .*expected 32 bytes, found 31/),
    );
  });
});
