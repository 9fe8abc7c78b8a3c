import assert from "node:assert/strict";
import { concatHex, keccak256, numberToHex, stringToHex } from "viem";
import {
  fromHex,
  SAMPLE_DELAY,
  sampleSeed,
  sampleSegments,
  toHex,
} from "../../src/protocol/index.ts";

const bytes = (label: string) => fromHex(keccak256(stringToHex(label)));
const blockHash = bytes("block");
const claimId = bytes("claim");
const attester = bytes("attester").subarray(12);

describe("a sample of segments", () => {
  it("is drawn with the hash of the block, the claim and the attester, as PROTOCOL §23 says", () => {
    assert.equal(SAMPLE_DELAY, 4);
    const parts = [blockHash, claimId, attester].map((part) => `0x${toHex(part)}` as const);
    const expected = keccak256(concatHex([stringToHex("trainproof/1/sample"), ...parts]));
    const seed = sampleSeed(blockHash, claimId, attester);
    assert.equal(`0x${toHex(seed)}`, expected);
    for (const other of [
      sampleSeed(bytes("another block"), claimId, attester),
      sampleSeed(blockHash, bytes("another claim"), attester),
      sampleSeed(blockHash, claimId, bytes("another attester").subarray(12)),
    ]) {
      assert.notDeepEqual(other, seed);
      assert.notDeepEqual(sampleSegments(other, 20, 1000), sampleSegments(seed, 20, 1000));
    }
  });

  it("is the first distinct values of a counter's hashes, ascending", () => {
    const seed = bytes("seed");
    for (const [size, segments] of [
      [1, 1],
      [1, 7],
      [5, 7],
      [7, 7],
      [30, 1000],
      [10, 100_000],
    ] as const) {
      const expected = new Set<number>();
      for (let j = 0; expected.size < size; j++) {
        const tag = stringToHex("trainproof/1/sample-index");
        const counter = numberToHex(j, { size: 8 });
        const hash = keccak256(concatHex([tag, `0x${toHex(seed)}`, counter]));
        expected.add(Number(BigInt(hash) % BigInt(segments)));
      }
      const drawn = sampleSegments(seed, size, segments);
      assert.deepEqual(
        drawn,
        [...expected].sort((a, b) => a - b),
      );
    }
  });

  it("is this one, for a second verifier to compare", () => {
    const seed = sampleSeed(
      new Uint8Array(32).fill(1),
      new Uint8Array(32).fill(2),
      new Uint8Array(20).fill(3),
    );
    assert.equal(toHex(seed), "543fb44861ef2ac2c371063c90e56d15bbdedd292f9134d4ce24250f4eb2bbf7");
    assert.deepEqual(
      sampleSegments(seed, 8, 100_000),
      [8632, 10280, 19607, 20511, 31676, 70229, 85353, 97175],
    );
  });

  it("hits each segment about equally often", () => {
    const hits = new Array<number>(10).fill(0);
    for (let i = 0; i < 2000; i++)
      for (const index of sampleSegments(bytes(`draw ${i}`), 3, 10)) hits[index]!++;
    // 600 each, standard deviation 20.5.
    for (const count of hits) assert.ok(Math.abs(count - 600) < 110, hits.join());
  });

  it("of more segments than there are, of none, or with another seed than 32 bytes, is none", () => {
    const seed = bytes("seed");
    for (const [size, segments] of [
      [8, 7],
      [0, 7],
      [-1, 7],
      [1.5, 7],
      [NaN, 7],
      [1, 0],
    ] as const)
      assert.throws(() => sampleSegments(seed, size, segments), RangeError);
    assert.throws(() => sampleSegments(seed.subarray(1), 1, 7), RangeError);
  });
});
