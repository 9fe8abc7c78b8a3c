import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  attest,
  connect,
  ERROR_CODES,
  errorCodeOf,
  prove,
  query,
  register,
  TrainproofError,
  verify,
} from "../../src/api/index.ts";
import * as artifact from "../../src/artifact/index.ts";
import * as dataset from "../../src/dataset/index.ts";
import * as model from "../../src/model/index.ts";
import * as prover from "../../src/prover/index.ts";
import * as record from "../../src/record/index.ts";
import * as registry from "../../src/registry/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { writeTiny } from "../e2e/verbs.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";

const id = `0x${"ab".repeat(32)}` as const;

/** Rejects with a TrainproofError of that code, whose message matches. */
const rejects = (work: Promise<unknown>, code: keyof typeof ERROR_CODES, message: RegExp) =>
  assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof TrainproofError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });

describe("the library's errors", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let chain: TestChain;
  before(async () => {
    chain = await startRegistry();
  });
  after(() => chain.chain.stop());

  const connected = (key?: string) =>
    connect({
      rpcUrl: chain.chain.rpcUrl,
      registry: chain.address,
      ...(key !== undefined && { privateKey: key }),
    });

  it("every error class of the modules has a code of its own or its base's", () => {
    const classes = [artifact, dataset, model, prover, record, registry]
      .flatMap((module) => Object.entries(module as Record<string, unknown>))
      .filter(([name]) => name.endsWith("Error"));
    assert.ok(classes.length >= 15, `${classes.length}`);
    for (const [name, made] of classes) {
      const error = Object.create((made as { prototype: object }).prototype) as Record<
        string,
        unknown
      >;
      if (name === "ProverError") error["code"] = "OutOfRange";
      if (name === "RegistryError") error["kind"] = "reverted";
      const code = errorCodeOf(error);
      assert.ok(code in ERROR_CODES && code !== "INTERNAL", `${name}: ${code}`);
    }
  });

  it("what is none of ours is INTERNAL", () => {
    for (const error of [new Error("x"), new TypeError("x"), "x", undefined])
      assert.equal(errorCodeOf(error), "INTERNAL");
  });

  it("prove: a plan, data, an announcement that cannot be used", async () => {
    const plan = writeTiny(path.join(folder.path, "bad"), { bogus: 1 });
    const run = path.join(folder.path, "never");
    await rejects(prove(plan, { run }), "PLAN_INVALID", /bogus/);
    await rejects(prove(path.join(folder.path, "no.json"), { run }), "FILES_NOT_FOUND", /no\.json/);
    const noData = writeTiny(path.join(folder.path, "noData"));
    fs.rmSync(path.join(folder.path, "noData/data.csv"));
    await rejects(prove(noData, { run }), "DATA_INVALID", /data\.csv/);
    const announced = path.join(folder.path, "nowhere");
    await rejects(prove(plan, { run, announced }), "FILES_NOT_FOUND", /nowhere/);
    assert.ok(!fs.existsSync(run));
  });

  it("prove: a device that is not there, a memory limit, a signal, another plan's folder", async () => {
    const plan = writeTiny(path.join(folder.path, "plan"));
    const run = path.join(folder.path, "limited");
    await rejects(prove(plan, { run, device: "cuda:99" }), "PROVER_DEVICE", /cuda:99/);
    assert.ok(!fs.existsSync(run));
    await rejects(
      prove(plan, { run, device: "cpu", memoryLimit: 1 }),
      "MEMORY_LIMIT",
      /byte|KiB|MiB/,
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await rejects(prove(plan, { run, device: "cpu", signal }), "CANCELLED", /enough|cancel/i);
    const other = writeTiny(path.join(folder.path, "other"), { steps: 4 });
    await rejects(prove(other, { run, device: "cpu" }), "RUN_FOLDER_INVALID", /another plan/);
    // What was refused left the run as it was.
    const { steps, segments } = await prove(plan, { run, device: "cpu" });
    assert.deepEqual([steps, segments.length], [12, 2]);
  });

  it("verify: no registry, no such claim, no files, threads that are none, a signal", async () => {
    await rejects(verify(id), "INVALID_ARGUMENT", /claim id; give the registry/);
    await rejects(verify(id, { registry: await connected() }), "NOT_FOUND", /no claim/);
    await rejects(verify(path.join(folder.path, "nowhere")), "FILES_NOT_FOUND", /nowhere/);
    await rejects(verify("ftp://example.org/manifest.json"), "FILES_UNREACHABLE", /ftp:/);
    const run = path.join(folder.path, "limited");
    await rejects(verify(run, { threads: 0 }), "INVALID_ARGUMENT", /threads: 0/);
    await rejects(verify(run, { signal: AbortSignal.abort() }), "CANCELLED", /abort/);
  });

  it("register and attest: no key, no such claim; neither sends anything", async () => {
    const reader = await connected();
    const run = path.join(folder.path, "limited");
    await rejects(register(reader, { run }), "KEY_MISSING", /TRAINPROOF_PRIVATE_KEY/);
    const report = path.join(folder.path, "report.json");
    await rejects(attest(reader, { claimId: id, report }), "KEY_MISSING", /key/);
    const signer = await connected(chain.chain.accounts[1]!.privateKey);
    await rejects(attest(signer, { claimId: id, report }), "NOT_FOUND", /no claim/);
    await rejects(register(signer, { run: "nowhere" }), "FILES_NOT_FOUND", /nowhere/);
    const weightsFile = "no-such-file";
    await rejects(register(signer, { run, weightsFile }), "INVALID_ARGUMENT", /cannot be read/);
    assert.ok(!fs.existsSync(report));
    assert.deepEqual((await query.claims(reader)).claims, []);
  });

  it("connect and query: no node, no contract, a key that is none and is not shown", async () => {
    const rpcUrl = "http://127.0.0.1:1";
    await rejects(
      connect({ rpcUrl, registry: chain.address }),
      "CHAIN_UNREACHABLE",
      /127\.0\.0\.1:1/,
    );
    const nobody = `0x${"12".repeat(20)}`;
    const { rpcUrl: here } = chain.chain;
    await rejects(connect({ rpcUrl: here, registry: nobody }), "CONTRACT_MISSING", /no contract/);
    await rejects(connect({ rpcUrl: here, registry: "0x12" }), "INVALID_ARGUMENT", /0x and 40/);
    const registry = { rpcUrl: here, registry: chain.address };
    await rejects(connect({ ...registry, chainId: 1 }), "CHAIN_WRONG", /chain/);
    await rejects(connected(`0x${"5e".repeat(31)}`), "KEY_INVALID", /^(?!.*5e5e)/);
    const reader = await connected();
    await rejects(query.claim(reader, { claimId: id }), "NOT_FOUND", /no claim/);
    const verifiers = [chain.chain.accounts[1]!.address];
    await rejects(
      query.status(reader, { claimId: id, verifiers, threshold: 1 }),
      "NOT_FOUND",
      /no claim/,
    );
    await rejects(query.bonds(reader, {}), "INVALID_ARGUMENT", /dispute contract/);
  });
});

describe("docs/LIBRARY.md", () => {
  it("lists every error code, with its meaning", () => {
    const text = fs.readFileSync("docs/LIBRARY.md", "utf8");
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map((row) => row.slice(1));
    assert.deepEqual(Object.fromEntries(rows), ERROR_CODES);
  });
});
