import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import type { ClaimJob, ClaimOutcome } from "../../../src/relayer/watch/claimWorker.ts";
import { verifyInWorker, type WorkerBounds } from "../../../src/relayer/watch/verifyInWorker.ts";
import { temporaryFolder } from "../../dataset/files.ts";
import { startRegistry, type TestChain } from "../../registry/chain.ts";
import { claim, forge, proveTiny, publish, type Publisher } from "./publisher.ts";

describe("a claim verified in a thread of its own", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const generators = new Uint8Array(
    fs.readFileSync(path.join(import.meta.dirname, "../../../data/generators.bin")),
  );
  let chain: TestChain;
  let publisher: Publisher;
  const claims: Record<string, Hex> = {};

  before(async () => {
    chain = await startRegistry();
    const honest = await proveTiny(path.join(folder.path, "owner"));
    fs.cpSync(honest, path.join(folder.path, "honest"), { recursive: true });
    forge(honest, path.join(folder.path, "forged"));
    publisher = await publish(folder.path);
    for (const name of ["honest", "forged"]) {
      const uri = `${publisher.origin}/${name}/manifest.json`;
      claims[name] = await claim(await chain.clients(1), path.join(folder.path, name), uri);
    }
    claims["local"] = await claim(
      await chain.clients(2),
      honest,
      path.join(honest, "manifest.json"),
    );
  });
  after(async () => {
    await publisher.stop();
    await chain.chain.stop();
  });
  afterEach(() => publisher.interfere(undefined));

  const job = (claimId: Hex, changes: Partial<ClaimJob> = {}): ClaimJob => ({
    claimId,
    rpcUrl: chain.chain.rpcUrl,
    chainId: chain.chain.chainId,
    registry: chain.address,
    generators,
    threads: 1,
    memoryMiB: 1024,
    limits: {},
    allowedNetworks: ["127.0.0.0/8"],
    ...changes,
  });
  const outcome = (
    name: string,
    changes: Partial<ClaimJob> = {},
    bounds: Partial<WorkerBounds> = {},
  ): Promise<ClaimOutcome> =>
    verifyInWorker(job(claims[name]!, changes), { memoryMiB: 1024, seconds: 30, ...bounds });
  const undecided = async (
    pattern: RegExp,
    lasting: boolean,
    ...rest: Parameters<typeof outcome>
  ) => {
    const found = await outcome(...rest);
    assert.equal(
      found.kind,
      "undecided",
      JSON.stringify(found, (_, v: unknown) => String(v)),
    );
    assert.match(found.reason, pattern);
    assert.equal(found.lasting, lasting);
  };

  it("has the same verdict by several threads, and each of them its bound of memory", async () => {
    const honest = await outcome("honest", { threads: 3 });
    assert.ok(honest.kind === "verdict");
    assert.deepEqual(honest.verification.verdict, { ok: true });
    assert.equal(honest.verification.timings.atATime, 2);
    const forged = await outcome("forged", { threads: 3 });
    assert.ok(forged.kind === "verdict" && !forged.verification.verdict.ok);
    await undecided(/segment 0: its worker thread failed: .*memory/, true, "honest", {
      threads: 2,
      memoryMiB: 8,
    });
  });

  it("has the verdict that its proofs deserve", async () => {
    const honest = await outcome("honest");
    assert.ok(honest.kind === "verdict");
    assert.deepEqual(honest.verification.verdict, { ok: true });
    assert.equal(honest.verification.steps, 12);
    const forged = await outcome("forged");
    assert.ok(forged.kind === "verdict" && !forged.verification.verdict.ok);
    assert.match(forged.verification.verdict.check, /^V/);
  });

  it("is gone where the chain has none", async () => {
    claims["none"] = `0x${"ab".repeat(32)}`;
    assert.deepEqual(await outcome("none"), { kind: "gone" });
  });

  it("is undecided while its files cannot be had", async () => {
    publisher.interfere((_, response) => (response.writeHead(503).end(), true));
    await undecided(/HTTP status 503/, false, "honest");
    publisher.interfere((_, response) => (response.writeHead(404).end(), true));
    await undecided(/HTTP status 404/, false, "honest");
  });

  it("is undecided where its files are others than the claimed ones", async () => {
    publisher.interfere((request, response) => {
      if (!request.url!.endsWith("manifest.json")) return false;
      response.end("{}");
      return true;
    });
    await undecided(/not the one that was claimed/, true, "honest");
  });

  it("asks no host of a private network, and reads no file of this machine", async () => {
    const { length } = publisher.asked;
    await undecided(/127\.0\.0\.1, which may not be asked/, false, "honest", {
      allowedNetworks: [],
    });
    assert.equal(publisher.asked.length, length);
    await undecided(/not an http: or https: address/, false, "local");
  });

  it("is undecided when it exceeds the limits of size", async () => {
    await undecided(/limit is 1000/, true, "honest", { limits: { totalBytes: 1000 } });
    publisher.interfere((_, response) => {
      const block = Buffer.alloc(1 << 16, 0x20);
      const more = () =>
        void (response.destroyed || response.write(block, () => setImmediate(more)));
      more();
      return true;
    });
    await undecided(/more than the 100000 bytes/, true, "honest", {
      limits: { manifestBytes: 100_000 },
    });
  });

  it("is undecided when its server trickles, or the whole takes too long", async () => {
    publisher.interfere((_, response) => {
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
      return true;
    });
    await undecided(/within 300 ms/, false, "honest", { limits: { timeoutMs: 300 } });
    await undecided(/no verdict within 1.5 s/, true, "honest", {}, { seconds: 1.5 });
  });

  it("is undecided when its thread has no memory left", () =>
    undecided(/more than 8 MiB of memory|thread failed/, true, "honest", {}, { memoryMiB: 8 }));

  it("stops when asked to", async () => {
    publisher.interfere(() => true); // never answers
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 300);
    await assert.rejects(outcome("honest", {}, { signal: controller.signal }), reason);
    await assert.rejects(outcome("honest", {}, { signal: controller.signal }), reason);
  });
});
