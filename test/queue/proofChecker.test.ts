import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ReturnedProof } from "../../src/queue/trainer/proofChecker.ts";
import { ProofChecker } from "../../src/queue/index.ts";
import { generatorsFile } from "../../src/prover/addon.ts";
import { toy } from "../model/toy.ts";

const first = toy({ seed: "checked proofs" });
const toys = [first, toy({ after: first, seed: "checked proofs, 1" })];

const returned = (segment: number): ReturnedProof => {
  const { bytes, proof, weightsIn, weightsOut } = toys[segment]!;
  return { segment, statement: bytes, proof, weightsIn, weightsOut };
};

function flipped(one: ReturnedProof): ReturnedProof {
  const proof = one.proof.slice();
  proof[proof.length - 1]! ^= 1;
  return { ...one, proof };
}

describe("the trainer's check of what workers return", () => {
  const samples = first.samples.bytes;
  const generators = new Uint8Array(readFileSync(generatorsFile()));
  let checker: ProofChecker;
  const withShare = (share: number) =>
    (checker = new ProofChecker({ samples, generators, share, threads: 2 }));
  afterEach(() => checker.close());

  it("verifies the first proof of each worker, and no other where none is drawn", async () => {
    withShare(0);
    const both = ["one", "other"].map((worker) =>
      Promise.all([0, 1, 1].map((segment) => checker.check(returned(segment), worker))),
    );
    for (const results of await Promise.all(both))
      assert.deepEqual(
        results,
        [true, false, false].map((verified) => ({ fault: undefined, verified })),
      );
  });

  it("verifies all that a worker returned while its first one was verified, where that does not hold", async () => {
    withShare(0);
    const [lie, good, bad, others] = await Promise.all([
      checker.check(flipped(returned(0)), "liar"),
      checker.check(returned(1), "liar"),
      checker.check(flipped(returned(1)), "liar"),
      checker.check(returned(0), "other"),
    ]);
    assert.match(lie.fault!, /^V5/);
    assert.deepEqual(good, { fault: undefined, verified: true });
    assert.match(bad.fault!, /^V5/);
    assert.deepEqual(others, { fault: undefined, verified: true });
  });

  it("verifies every proof of a worker that was named, and every one that is drawn", async () => {
    withShare(0);
    await checker.check(returned(0), "one");
    assert.equal((await checker.check(returned(1), "one")).verified, false);
    checker.suspect("one");
    assert.match((await checker.check(flipped(returned(1)), "one")).fault!, /^V5/);
    await checker.close();
    withShare(1);
    await checker.check(returned(0), "one");
    assert.match((await checker.check(flipped(returned(1)), "one")).fault!, /^V5/);
  });

  it("refuses what is no proof without verifying, and a share that is none", async () => {
    withShare(0);
    const { fault, verified } = await checker.check(
      { ...returned(0), proof: new Uint8Array(10) },
      "one",
    );
    assert.ok(verified);
    assert.match(fault!, /^V3/);
    for (const share of [-0.1, 1.1, NaN]) assert.throws(() => withShare(share), RangeError);
  });
});
