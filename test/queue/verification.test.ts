import assert from "node:assert/strict";
import path from "node:path";
import { ObjectDamagedError, openStore, VerificationObjects } from "../../src/queue/index.ts";
import { parseVerificationJob, verificationFormat } from "../../src/queue/verification/job.ts";
import { temporaryFolder } from "../dataset/files.ts";

describe("what a verifier and its workers exchange", () => {
  const folder = temporaryFolder();
  const id = `0x${"ab".repeat(32)}`;
  const bytes = (n: number) => new Uint8Array(8).fill(n);
  const segment = {
    statementBytes: bytes(1),
    proof: bytes(2),
    weightsIn: bytes(3),
    weightsOut: bytes(4),
  };
  const build = `0x${"01".repeat(32)}`;
  const make = async (key = bytes(9)) => {
    const objects = new VerificationObjects(await openStore(folder.path), { runId: id, key });
    const job = async (index: number) => ({
      ...{ format: "verification/1" as const, version: "1", build, runId: id },
      ...{ segment: index, attempt: 0, not: [] },
      objects: {
        samples: await objects.putSamples(bytes(5)),
        segment: await objects.putSegment(index, segment),
      },
    });
    return { objects, job };
  };

  it("come back as they were put", async () => {
    const { objects, job } = await make();
    const one = await job(3);
    assert.deepEqual(parseVerificationJob(JSON.parse(JSON.stringify(one))), one);
    assert.deepEqual(await objects.getSegment(one), segment);
    assert.deepEqual(new Uint8Array(await objects.getSamples(one.objects.samples)), bytes(5));
    for (const verdict of [{ ok: true }, { ok: false, check: "V4.2", reason: "no" }] as const)
      assert.deepEqual(objects.openVerdict(one, objects.sealVerdict(one, "w", verdict)), verdict);
  });

  it("a verdict opens for its own segment, files, build and key alone", async () => {
    const { objects, job } = await make();
    const one = await job(3);
    const valid = objects.sealVerdict(one, "w", { ok: true });
    const other = await make(bytes(8));
    const strange = other.objects.sealVerdict(one, "w", { ok: true });
    const refused: [string, () => unknown][] = [
      [
        "of the same segment of an earlier verification",
        async () => objects.openVerdict(await job(3), valid),
      ],
      ["of another segment", async () => objects.openVerdict(await job(4), valid)],
      [
        "of another build",
        () => objects.openVerdict({ ...one, build: `0x${"02".repeat(32)}` }, valid),
      ],
      ["of another key", () => objects.openVerdict(one, strange)],
      ["changed", () => objects.openVerdict(one, `${valid.slice(0, 60)}AAAA${valid.slice(64)}`)],
      ["cut short", () => objects.openVerdict(one, valid.slice(0, 40))],
      ["no sealed bytes", () => objects.openVerdict(one, "")],
    ];
    for (const [what, open] of refused)
      await assert.rejects(async () => void (await open()), ObjectDamagedError, what);
  });

  it("a segment's object does not open as another's", async () => {
    const { objects, job } = await make();
    const one = await job(3);
    await assert.rejects(objects.getSegment({ ...one, segment: 4 }), ObjectDamagedError);
    const swapped = { ...one, objects: { ...one.objects, segment: one.objects.samples } };
    await assert.rejects(objects.getSegment(swapped), ObjectDamagedError);
  });

  it("what Redis holds is no job or answer unless it is one", async () => {
    const { job } = await make();
    const one = await job(3);
    for (const change of [
      { format: 1 },
      { runId: "0x" },
      { segment: -1 },
      { objects: {} },
      { more: 1 },
    ])
      assert.equal(parseVerificationJob({ ...one, ...change }), undefined);
    const answer = { ok: true, worker: "w", verdict: "AAAA", seconds: 1 };
    assert.ok(verificationFormat.parseAnswer(answer));
    for (const change of [
      { verdict: "A".repeat(30_000) },
      { verdict: "!" },
      { worker: "" },
      { ok: 1 },
    ])
      assert.equal(verificationFormat.parseAnswer({ ...answer, ...change }), undefined);
    assert.notEqual(verificationFormat.idOf(one), verificationFormat.idOf(await job(3)));
    assert.ok(path.basename(one.objects.segment).length === 64);
  });
});
