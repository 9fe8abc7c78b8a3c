import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ArtifactDigestError,
  ArtifactFormatError,
  ArtifactMismatchError,
  ArtifactNotFoundError,
  ArtifactTooLargeError,
  ArtifactUnreachableError,
  checkSegment,
  createRun,
  hex32,
  manifestUrl,
  planDigest,
  type PublicConfig,
  readPublicRun,
  type ReadPublicRunOptions,
  segmentSizes,
} from "../../src/artifact/index.ts";
import {
  decodeStatement,
  encodeStatement,
  fromHex,
  type Statement,
  weightDigest,
} from "../../src/protocol/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { republish, type Rewritten } from "./republish.ts";
import { config, finish, samples, weightsAfter } from "./runs.ts";

describe("published run", () => {
  const folder = temporaryFolder();
  const original = join(folder.path, "run");
  let proofDigest = "";
  before(() => {
    const run = createRun({ folder: original, config });
    ({ proofDigest } = finish(run));
    run.close();
  });
  let count = 0;
  /** A copy of the public part alone, as a third party has it. */
  const copy = () => {
    const path = join(folder.path, `copy${count++}`);
    fs.cpSync(join(original, "public"), path, { recursive: true });
    return path;
  };
  const readAll = async (source: string | URL, options: ReadPublicRunOptions = {}) => {
    const run = await readPublicRun(source, options);
    const segments = [];
    for await (const segment of run.segments()) segments.push(segment);
    return { run, segments };
  };
  const nothing = () => undefined;

  it("reads the same from a run folder, its public part, and a file: address", async () => {
    for (const source of [
      original,
      join(original, "public"),
      join(original, "public/manifest.json"),
      manifestUrl(join(original, "public")),
      pathToFileURL(join(copy(), "manifest.json")),
    ]) {
      const { run, segments } = await readAll(source, { expected: { proofDigest, steps: 5n } });
      assert.equal(run.proofDigest, proofDigest);
      assert.deepEqual(run.config, config);
      assert.deepEqual([...run.samples], [...samples]);
      assert.deepEqual(
        segments.map(({ statement }) => statement.firstStep),
        [0n, 4n],
      );
      assert.equal(segments[0]!.weightsIn, undefined);
      assert.deepEqual([...segments[1]!.weightsIn!], [...weightsAfter(0).rows]);
      const alone = await run.readSegment(1);
      assert.deepEqual([...alone.weightsIn!], [...segments[1]!.weightsIn!]);
    }
  });

  it("gives weights-in.bin to the first segment of a run with a parent", async () => {
    const parent = weightsAfter(9);
    const modelCommitment = hex32(weightDigest({ ...config, R: 32 }, parent.rows));
    const child = { ...config, start: { parent: { modelCommitment, weightBound: "5" } } };
    const run = createRun({ folder: join(folder.path, "child"), config: child, start: parent });
    finish(run);
    run.close();
    const { segments } = await readAll(run.folder);
    assert.deepEqual([...segments[0]!.weightsIn!], [...parent.rows]);
  });

  it("checks kind, bound and commitments of a start from undisclosed weights against config.json", async () => {
    const start = weightsAfter(9);
    const modelCommitment = hex32(weightDigest({ ...config, R: 32 }, start.rows));
    const undisclosed = { modelCommitment, weightBound: String(2n ** 47n) };
    const child = { ...config, start: { undisclosed } };
    const run = createRun({ folder: join(folder.path, "undisclosed"), config: child, start });
    finish(run);
    run.close();
    const { run: read, segments } = await readAll(run.folder);
    assert.deepEqual([...segments[0]!.weightsIn!], [...start.rows]);
    const { statementBytes, weightsIn, weightsOut } = segments[0]!;
    const { runId, dataRoot } = read.manifest;
    const facts = { runId: fromHex(runId), dataRoot: fromHex(dataRoot), weightsIn, weightsOut };
    const check = (change: Partial<Statement>, otherConfig: PublicConfig = child) => {
      const statement = { ...decodeStatement(statementBytes), ...change };
      return checkSegment(otherConfig, 0, encodeStatement(statement), facts, "statement.bin");
    };
    assert.equal(check({}).startKind, 2);
    const refused = (pattern: RegExp, ...args: Parameters<typeof check>) =>
      assert.throws(
        () => check(...args),
        (e) => e instanceof ArtifactMismatchError && pattern.test(e.message),
      );
    refused(/statement's startKind/, { startKind: 1 });
    refused(/statement's W0/, { W0: 2n ** 63n });
    const zero = `0x${"00".repeat(32)}`;
    const other = { ...undisclosed, modelCommitment: zero };
    refused(
      /commitments to the undisclosed weights/,
      {},
      { ...config, start: { undisclosed: other } },
    );
    // Nobody can announce such a run: not by leaving the weights out either.
    const drawn = planDigest({ ...config, start: { seed: zero } }, dataRoot);
    assert.notEqual(planDigest(child, dataRoot), drawn);
  });

  it("compares the claim's digests before it parses anything", async () => {
    const path = copy();
    fs.writeFileSync(join(path, "manifest.json"), "not JSON");
    await assert.rejects(readPublicRun(path, { expected: { proofDigest } }), ArtifactDigestError);
    await assert.rejects(readPublicRun(path), ArtifactFormatError);
    const zero = `0x${"00".repeat(32)}`;
    for (const field of ["configDigest", "dataRoot", "modelCommitment"])
      await assert.rejects(
        readPublicRun(original, { expected: { [field]: zero } }),
        (e) => e instanceof ArtifactMismatchError && e.message.includes(field),
      );
    await assert.rejects(
      readPublicRun(original, { expected: { steps: 6 } }),
      ArtifactMismatchError,
    );
  });

  it("finds one flipped bit in any file", async () => {
    const files = [
      "config.json",
      "samples.bin",
      "segments.bin",
      ...["000000", "000001"].flatMap((n) =>
        ["proof", "statement", "weights-out"].map((f) => `segments/${n}/${f}.bin`),
      ),
    ];
    for (const name of files) {
      const path = copy();
      const bytes = fs.readFileSync(join(path, name));
      bytes[bytes.length - 1]! ^= 1;
      fs.writeFileSync(join(path, name), bytes);
      await assert.rejects(readAll(path), (error) => {
        assert.ok(error instanceof ArtifactDigestError, `${name}: ${String(error)}`);
        assert.ok(error.facts.file.endsWith(name));
        assert.match(error.message, /expected 0x.*found 0x/);
        return true;
      });
    }
  });

  it("finds truncated, longer, absent and irregular files", async () => {
    const name = "segments/000001/proof.bin";
    const at = (action: (file: string) => void) => {
      const path = copy();
      action(join(path, name));
      return readAll(path);
    };
    await assert.rejects(
      at((file) => fs.truncateSync(file, 10)),
      /proof\.bin: .*not the SHA-256 that segments\.bin says/,
    );
    await assert.rejects(
      at((file) => fs.appendFileSync(file, "x")),
      /proof\.bin: .*not the SHA-256 that segments\.bin says/,
    );
    // No more is fetched than the configuration implies, however much there is.
    const { "proof.bin": most } = segmentSizes(config)(1);
    for (const [size, problem] of [
      [most, ArtifactDigestError],
      [most + 1, ArtifactTooLargeError],
    ] as const)
      await assert.rejects(
        at((file) => fs.truncateSync(file, size)),
        problem,
      );
    await assert.rejects(
      at((file) => fs.truncateSync(join(file, "../../../samples.bin"), 10)),
      /samples\.bin: .*size.*expected 384 bytes, found 10/,
    );
    await assert.rejects(
      at((file) => fs.rmSync(file)),
      ArtifactNotFoundError,
    );
    await assert.rejects(
      at((file) => {
        fs.rmSync(file);
        execFileSync("mkfifo", [file]);
      }),
      /not a regular file/,
    );
  });

  it("ignores files that the manifest does not list", async () => {
    const path = copy();
    fs.writeFileSync(join(path, "segments/000002"), "x");
    await readAll(path, { expected: { proofDigest } });
  });

  it("finds a manifest that was shortened, spaced or extended", async () => {
    for (const change of [
      (t: string) => t.slice(0, -1),
      (t: string) => `${t}\n`,
      (t: string) => t.replace("{", "{ "),
      (t: string) => t.replace('"steps"', '"format":"trainproof-run/2","steps"'),
    ]) {
      const path = copy();
      const file = join(path, "manifest.json");
      fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
      await assert.rejects(readPublicRun(path), ArtifactFormatError);
    }
  });

  it("refuses paths that could leave the folder, twice the same, or out of order", async () => {
    fs.writeFileSync(join(folder.path, "outside"), "x");
    for (const bad of [
      "../outside",
      "/etc/hostname",
      "a/../../outside",
      "a//b",
      "./a",
      "a\\b",
      "a/.b",
      "a%2fb",
      "a b",
      "C:x",
      "",
      "a\u0000",
      "é",
      "http://x/y",
    ]) {
      const path = copy();
      republish(path, (manifest) => {
        manifest.files[0]!.path = bad;
      });
      await assert.rejects(readPublicRun(path), ArtifactFormatError, bad);
    }
    const path = copy();
    republish(path, (manifest) => manifest.files.reverse());
    await assert.rejects(readPublicRun(path), /out of order/);
    const twice = copy();
    republish(twice, (manifest) => manifest.files.splice(1, 0, manifest.files[0]!));
    await assert.rejects(readPublicRun(twice), /listed twice/);
  });

  it("refuses manifests with missing, surplus or malformed entries", async () => {
    const changes: ((manifest: Rewritten) => void)[] = [
      (m) => m.files.pop(),
      (m) => m.files.splice(1, 1),
      (m) => m.files.push({ path: "weights-in.bin", size: 1, sha256: m.files[0]!.sha256 }),
      (m) => (m["segments"] = 3),
      (m) => (m["steps"] = 4),
      (m) => (m["format"] = "trainproof-run/1"),
      (m) => (m["extra"] = 1),
      (m) => delete m["segmentsRoot"],
      (m) => (m["segmentsRoot"] = `0x${"00".repeat(32)}`),
      (m) => delete m["runId"],
      (m) => (m["dataRoot"] = "0x00"),
      (m) => (m.files[0]!.size = -1),
      (m) => (m.files[0]!.sha256 = m.files[0]!.sha256.toUpperCase()),
      (m) => (m["configDigest"] = `0x${"00".repeat(32)}`),
    ];
    for (const change of changes) {
      const path = copy();
      republish(path, (manifest) => void change(manifest));
      await assert.rejects(
        readPublicRun(path),
        (e) => e instanceof ArtifactFormatError || e instanceof ArtifactMismatchError,
        String(change),
      );
    }
  });

  it("finds files that do not belong together although every digest is right", async () => {
    const swap = async (
      pattern: RegExp,
      action: (path: string) => void,
      change: (m: Rewritten) => void = nothing,
    ) => {
      const path = copy();
      action(path);
      republish(path, change);
      await assert.rejects(readAll(path), (error) => {
        assert.ok(
          error instanceof ArtifactMismatchError || error instanceof ArtifactFormatError,
          String(error),
        );
        assert.match(error.message, pattern);
        return true;
      });
    };
    const edit = (name: string, from: string, to: string) => (path: string) => {
      const file = join(path, name);
      const text = fs.readFileSync(file, "latin1");
      assert.ok(text.includes(from));
      fs.writeFileSync(file, text.replace(from, to), "latin1");
    };
    await swap(/statement's eta/, edit("config.json", '"eta":"4"', '"eta":"5"'));
    await swap(/statement's scheduleSeed/, edit("config.json", "0x22", "0x23"));
    await swap(/statement's start/, edit("config.json", "0x11", "0x12"));
    await swap(/size of samples\.bin/, edit("config.json", '"samples":6', '"samples":7'));
    await swap(/not canonical JSON/, edit("config.json", "{", "{ "));
    await swap(/batch/, edit("config.json", '"batch":2', '"batch":3'));
    await swap(/steps|segments/, edit("config.json", '"steps":5', '"steps":6'));
    await swap(/statement's (kappa|start)/, edit("config.json", '"kappa":3', '"kappa":4'));
    await swap(/the magic is not TPS1/, edit("segments/000000/statement.bin", "TPS1", "TPS2"));
    await swap(/statement's weightsOut/, (p) =>
      fs.writeFileSync(join(p, "segments/000000/weights-out.bin"), new Uint8Array(256)),
    );
    await swap(/statement's runId/, nothing, (m) => (m["runId"] = `0x${"00".repeat(32)}`));
    await swap(/statement's dataRoot/, nothing, (m) => (m["dataRoot"] = `0x${"00".repeat(32)}`));
    await swap(/modelCommitment/, nothing, (m) => (m["modelCommitment"] = `0x${"00".repeat(32)}`));
    await swap(/statement's/, (p) =>
      fs.copyFileSync(
        join(p, "segments/000000/statement.bin"),
        join(p, "segments/000001/statement.bin"),
      ),
    );
  });

  it("keeps to its limits", async () => {
    for (const limits of [
      { manifestBytes: 100 },
      { configBytes: 10 },
      { fileBytes: 383 },
      { fileBytes: 499 },
      { totalBytes: 1000 },
    ])
      await assert.rejects(
        readAll(original, { limits }),
        ArtifactTooLargeError,
        JSON.stringify(limits),
      );
  });

  it("says what an older manifest is", async () => {
    const path = copy();
    republish(path, (m) => (m["format"] = "trainproof-run/1"));
    await assert.rejects(readPublicRun(path), /format: must be trainproof-run\/2/);
  });

  it("reads statements alone, and the segments that it is asked for", async () => {
    const path = copy();
    fs.rmSync(join(path, "segments/000000/proof.bin"));
    for (const name of ["proof.bin", "weights-out.bin"])
      fs.rmSync(join(path, "segments/000001", name));
    const run = await readPublicRun(path);
    const statements = [];
    for await (const one of run.statements()) statements.push(one);
    assert.deepEqual(
      statements.map(({ index, statement }) => [index, statement.firstStep]),
      [
        [0, 0n],
        [1, 4n],
      ],
    );
    await assert.rejects(run.readSegment(0), ArtifactNotFoundError);
    const whole = await readPublicRun(original);
    const found = [];
    for await (const segment of whole.segments([1])) found.push(segment);
    assert.deepEqual(
      found.map(({ index }) => index),
      [1],
    );
    assert.deepEqual([...found[0]!.weightsIn!], [...weightsAfter(0).rows]);
    // What counts is what is to be read.
    const size = (await readAll(original)).run.manifest.files.reduce((sum, f) => sum + f.size, 0);
    const sizes = segmentSizes(config);
    const bytes = (index: number) => Object.values(sizes(index)).reduce((sum, n) => sum + n, 0);
    const limits = { totalBytes: size + bytes(0) };
    const limited = await readPublicRun(original, { limits });
    await limited.segments([0]).next();
    await assert.rejects(limited.segments().next(), /sample of the segments, or raise/);
  });

  it("finds a statement that is not the configuration's, without its segment", async () => {
    const path = copy();
    fs.copyFileSync(
      join(path, "segments/000000/statement.bin"),
      join(path, "segments/000001/statement.bin"),
    );
    republish(path, nothing);
    const run = await readPublicRun(path);
    const statements = run.statements();
    await statements.next();
    await assert.rejects(statements.next(), ArtifactMismatchError);
  });

  it("refuses other kinds of address, hosts in file: addresses, credentials, and what is absent", async () => {
    for (const bad of [
      "ftp://h/manifest.json",
      "ipfs://x",
      "data:text/plain,x",
      "file://host/run/manifest.json",
      "https://u:p@h/manifest.json",
      join(original, "public/config.json"),
    ])
      await assert.rejects(
        readPublicRun(bad),
        (e) => e instanceof ArtifactUnreachableError && !e.message.includes("u:p"),
        bad,
      );
    await assert.rejects(readPublicRun(join(folder.path, "none")), ArtifactNotFoundError);
    await assert.rejects(
      readPublicRun(pathToFileURL(join(folder.path, "none/manifest.json"))),
      ArtifactNotFoundError,
    );
    await assert.rejects(readPublicRun(folder.path), ArtifactNotFoundError);
    await assert.rejects((await readPublicRun(original)).readSegment(2), RangeError);
  });

  it("stops when aborted", async () => {
    const reason = new Error("enough");
    await assert.rejects(readPublicRun(original, { signal: AbortSignal.abort(reason) }), reason);
  });
});
