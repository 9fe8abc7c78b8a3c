import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  ArtifactMismatchError,
  canonicalBytes,
  hex32,
  planDigest,
  type PublicRun,
  readHistory,
  readPublicRun,
  sha256,
} from "../../src/artifact/index.ts";
import { encodeStatement } from "../../src/protocol/index.ts";
import { verifyPublicRun } from "../../src/relayer/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, writeTiny } from "./verbs.ts";

const generators = new Uint8Array(
  fs.readFileSync(path.join(import.meta.dirname, "../../data/generators.bin")),
);
const verify = (run: PublicRun) => verifyPublicRun(run, { generators, threads: 1 });

type Json = Record<string, unknown>;

/** Changes config.json, and makes manifest and digests fit again, as a forger would. */
function reconfigure(folder: string, change: (config: Json) => void): void {
  const at = (name: string) => path.join(folder, "public", name);
  const read = (name: string) => JSON.parse(fs.readFileSync(at(name), "utf8")) as Json;
  const config = read("config.json");
  change(config);
  const bytes = canonicalBytes(config as Parameters<typeof canonicalBytes>[0]);
  fs.writeFileSync(at("config.json"), bytes);
  const manifest = read("manifest.json") as Json & {
    files: { path: string; sha256: string; size: number }[];
  };
  const digest = hex32(sha256(bytes));
  manifest["configDigest"] = digest;
  const entry = manifest.files.find((file) => file.path === "config.json")!;
  Object.assign(entry, { sha256: digest, size: bytes.length });
  fs.writeFileSync(at("manifest.json"), canonicalBytes(manifest as never));
}

describe("a run with a schedule of step sizes", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const etaSchedule = [
    { fromStep: 4, learningRate: 0.0005 },
    { fromStep: 8, eta: 8 },
  ];
  const run = path.join(folder.path, "run");
  let copies = 0;
  const copy = () => {
    const to = path.join(folder.path, `copy${copies++}`);
    fs.cpSync(run, to, { recursive: true });
    return to;
  };

  before(async () => {
    const plan = { segmentSteps: 4, etaSchedule };
    const file = writeTiny(path.join(folder.path, "plan"), plan);
    const { code, stderr } = await runVerb(["prove", file, "--run", run]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /segment 3\/3: 4 steps, loss [\d.]+, training accuracy [\d.]+ %/);
    assert.match(stderr, /no validation: the plan names neither/);
  });

  it("is verified: each segment with its own eta, which its configuration announces", async () => {
    const published = await readPublicRun(run);
    const etas: bigint[] = [];
    for await (const { statement } of published.segments()) etas.push(statement.eta);
    assert.deepEqual(etas, [64n, 2n ** 11n / 1000n, 8n]);
    assert.deepEqual(published.config.etaSchedule, [
      { fromStep: 4, eta: String(etas[1]) },
      { fromStep: 8, eta: "8" },
    ]);
    assert.deepEqual((await verify(published)).verdict, { ok: true });
    const rates = readHistory(run).segments.map(({ learningRate }) => learningRate);
    assert.deepEqual(
      rates,
      etas.map((eta) => (Number(eta) * 4) / 2 ** 14),
    );
  });

  const readAll = async (from: string) => {
    const published = await readPublicRun(from);
    for await (const segment of published.segments()) assert.ok(segment.proof.length > 0);
    return published;
  };

  it("under another schedule, or none, the same statements are refused by the reader", async () => {
    for (const change of [
      (config: Json) => delete config["etaSchedule"],
      (config: Json) => void (config["etaSchedule"] = [{ fromStep: 8, eta: "8" }]),
      (config: Json) => void (config["etaSchedule"] = [{ fromStep: 4, eta: "8" }]),
      (config: Json) => void (config["eta"] = "8"),
    ]) {
      const forged = copy();
      reconfigure(forged, change);
      await assert.rejects(readAll(forged), (error) => {
        assert.ok(error instanceof ArtifactMismatchError, String(error));
        return /statement's eta/.test(error.message);
      });
    }
  });

  it("an announced plan binds the schedule", async () => {
    const { config, manifest } = await readPublicRun(run);
    const announced = planDigest(config, manifest.dataRoot);
    const constant = { ...config, etaSchedule: undefined };
    assert.notEqual(planDigest(constant, manifest.dataRoot), announced);
    const other = { ...config, etaSchedule: [{ fromStep: 4, eta: "8" }] };
    assert.notEqual(planDigest(other, manifest.dataRoot), announced);
  });

  it("C4: a verifier that is handed other segments than the reader's sees the step size itself", async () => {
    const published = await readPublicRun(run);
    const config = { ...published.config, etaSchedule: [{ fromStep: 4, eta: "8" }] };
    const { verdict } = await verify({ ...published, config });
    assert.equal(verdict.ok, false);
    assert.ok(!verdict.ok && verdict.check === "C4", JSON.stringify(verdict));
    const constant = { ...published.config, etaSchedule: undefined };
    const without = await verify({ ...published, config: constant });
    assert.ok(!without.verdict.ok && without.verdict.check === "C1");
  });

  it("V4 or V5: a segment that was proven with one step size does not prove another", async () => {
    const published = await readPublicRun(run);
    const lie = async (index: number, eta: bigint) => {
      const segment = await published.readSegment(index);
      const statement = { ...segment.statement, eta };
      const other = { ...segment, statement, statementBytes: encodeStatement(statement) };
      return verify({
        ...published,
        async *segments() {
          for await (const one of published.segments()) yield one.index === index ? other : one;
        },
      });
    };
    for (const [index, eta] of [
      [0, 8n],
      [1, 64n],
      [2, 7n],
    ] as const) {
      const { verdict } = await lie(index, eta);
      assert.ok(!verdict.ok && /^V[45]/.test(verdict.check), JSON.stringify(verdict));
    }
  });

  it("goes on as what it is, and not with another schedule", async () => {
    const again = path.join(folder.path, "again");
    fs.cpSync(run, again, { recursive: true });
    // As if it had been interrupted before it was published.
    fs.rmSync(path.join(again, "public/manifest.json"));
    const file = path.join(folder.path, "plan/plan.json");
    const plan = JSON.parse(fs.readFileSync(file, "utf8")) as Json;
    const other = path.join(folder.path, "plan/other.json");
    fs.writeFileSync(other, JSON.stringify({ ...plan, etaSchedule: [etaSchedule[0]] }));
    const refused = await runVerb(["prove", other, "--run", again]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /a run of another plan/);
    assert.equal((await runVerb(["prove", file, "--run", again])).code, 0);
  });
});
