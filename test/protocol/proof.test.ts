import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromHex, toHex } from "../../src/protocol/bytes.ts";
import { decodeProof, encodeProof, proofLayout } from "../../src/protocol/proof.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { decodeStatement } from "../../src/protocol/statement.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/proofs.json", import.meta.url), "utf8"),
) as { statement: string; proof: string }[];

describe("proof bytes", () => {
  for (const [i, vector] of vectors.entries()) {
    const statement = decodeStatement(fromHex(vector.statement));
    const shape = shapeOf(statement);
    const bytes = fromHex(vector.proof);

    it(`proof ${i} decodes and encodes to itself`, () => {
      const proof = decodeProof(bytes, statement, shape);
      assert.ok(!("check" in proof));
      assert.equal(toHex(encodeProof(proof)), vector.proof);
      for (const { field, count } of proofLayout(statement, shape))
        assert.equal(proof[field].length, count, field);
    });

    it(`proof ${i} has the length that PROTOCOL §17 gives`, () => {
      const { D, M, mu } = shape.rows;
      const points = D + M + mu + 1 + 4;
      const scalars = 2 * shape.hiddenValues + 2 ** statement.kappa + 4;
      assert.equal(bytes.length, 4 + 64 * points + 32 * scalars);
    });

    it(`proof ${i} cut, extended, or with another magic is refused`, () => {
      const check = (changed: Uint8Array): string => {
        const proof = decodeProof(changed, statement, shape);
        return "check" in proof ? proof.check : "decoded";
      };
      assert.equal(check(bytes.slice(0, -1)), "V3.1");
      assert.equal(check(new Uint8Array()), "V3.1");
      assert.equal(check(Uint8Array.from([...bytes, 0])), "V3.1");
      assert.equal(check(bytes.with(0, 0)), "V3.2");
    });
  }
});
