import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromHex } from "../../src/protocol/bytes.ts";
import { SampleList } from "../../src/protocol/samples.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { decodeStatement } from "../../src/protocol/statement.ts";
import { initialWeights } from "../../src/protocol/weights.ts";
import { verify } from "../../src/verifier/index.ts";
import { GENERATORS } from "../model/toy.ts";
import { commitTrace, flattenWeights, type Matrix, train } from "../model/training.ts";

const load = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8")) as T;

describe("golden vectors: proofs and training", () => {
  interface ProofVector {
    statement: string;
    samples: string;
    weightsIn?: string;
    weightsOut: string;
    proof: string;
    inventory: string[];
  }
  for (const [i, v] of load<ProofVector[]>("proofs").entries())
    it(`proof ${i} is accepted, with its inventory`, () => {
      const inventory: string[] = [];
      const verdict = verify(
        fromHex(v.statement),
        fromHex(v.proof),
        {
          samples: new SampleList(fromHex(v.samples)),
          weightsOut: fromHex(v.weightsOut),
          ...(v.weightsIn === undefined ? {} : { weightsIn: fromHex(v.weightsIn) }),
        },
        {
          generators: GENERATORS,
          onFrame: ({ label, type, count }) => inventory.push(`${label} ${type}${count}`),
        },
      );
      assert.deepEqual(verdict, { ok: true });
      assert.deepEqual(inventory, v.inventory);
    });

  interface TrainingVector {
    statement: string;
    x: string[][];
    y: string[][];
    weightsIn: string[];
    weightsOut: string[];
    D: string[];
    M: string[];
    mu: string[];
  }
  for (const [i, v] of load<TrainingVector[]>("training").entries())
    it(`training ${i} is exact`, () => {
      const statement = decodeStatement(fromHex(v.statement));
      const shape = shapeOf(statement);
      const start: Matrix[] = [[]];
      for (const layer of shape.layers) {
        const flat = [...initialWeights(statement.start, statement.R, layer)];
        start.push(
          Array.from({ length: layer.inputs + 1 }, (_, k) =>
            flat.slice(k * layer.outputs, (k + 1) * layer.outputs),
          ),
        );
      }
      assert.deepEqual(flattenWeights(shape, start).map(String), v.weightsIn);
      const rows = (matrix: string[][]): Matrix => matrix.map((row) => row.map(BigInt));
      const trace = train(statement, shape, start, rows(v.x), rows(v.y));
      const committed = commitTrace(statement, shape, trace);
      assert.deepEqual(committed.WOut.map(String), v.weightsOut);
      assert.deepEqual(committed.D.map(String), v.D);
      assert.deepEqual(committed.M.map(String), v.M);
      assert.deepEqual(committed.mu.map(String), v.mu);
    });
});
