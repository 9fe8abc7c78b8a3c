import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  deriveGenerator,
  GENERATOR_DIGEST,
  readGenerators,
} from "../../src/protocol/generators.ts";
import { keccak256 } from "../../src/protocol/hash.ts";
import { onCurve, Q } from "../../src/protocol/points.ts";

const table = readFileSync(new URL("../../data/generators.bin", import.meta.url));

describe("generators", () => {
  it("the table has the pinned digest", () => {
    assert.deepEqual(keccak256(table), GENERATOR_DIGEST);
  });

  it("a sample of the table is what the derivation gives", () => {
    const generators = readGenerators(table)!;
    for (let i = 0; i < 8192; i += 511)
      assert.deepEqual(generators.G(i), deriveGenerator("G", i), `G_${i}`);
    for (let i = 0; i < 4096; i += 273)
      assert.deepEqual(generators.P(i), deriveGenerator("P", i), `P_${i}`);
    assert.deepEqual(generators.H, deriveGenerator("H", 0));
  });

  it("every point is on the curve, has an even y, and occurs once", () => {
    const generators = readGenerators(table)!;
    const seen = new Set<bigint>();
    for (let i = 0; i < 12289; i++) {
      const { x, y } = generators.G(i);
      assert.ok(x < Q && y < Q && onCurve(x, y) && y % 2n === 0n, `row ${i}`);
      seen.add(x);
    }
    assert.equal(seen.size, 12289);
  });

  it("another table is refused, by length and by digest", () => {
    const changed = Uint8Array.from(table);
    changed[500_000]! ^= 1;
    assert.equal(readGenerators(changed), undefined);
    assert.equal(readGenerators(table.subarray(64)), undefined);
  });
});
