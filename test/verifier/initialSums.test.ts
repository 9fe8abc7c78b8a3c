import assert from "node:assert/strict";
import { R as ORDER } from "../../src/protocol/field.ts";
import { engine } from "../../src/protocol/wasm/engine.ts";
import {
  bigintInitialSums,
  type InitialSums,
  wasmInitialSums,
} from "../../src/verifier/initialSums.ts";
import { Random } from "../model/random.ts";

const random = new Random("initial sums");
const wasm: InitialSums = wasmInitialSums(engine)!;
const seed = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);
const scalars = (count: number): bigint[] => Array.from({ length: count }, () => random.scalar());
const extreme = (count: number): bigint[] => new Array<bigint>(count).fill(ORDER - 1n);

function agree(R: number, inputs: number, outputs: number, claims: number): void {
  const layer = { layer: 1 + (inputs % 5), inputs, outputs };
  const functionals = Array.from({ length: claims }, (_, c) => ({
    ins: scalars(inputs + (c % 2)),
    outs: c === 2 ? extreme(outputs) : scalars(outputs),
  }));
  const label = `R = ${R}, ${inputs} × ${outputs}`;
  assert.deepEqual(
    wasm(seed, R, layer, functionals),
    bigintInitialSums(seed, R, layer, functionals),
    label,
  );
}

describe("sums over initial weights by WebAssembly", () => {
  it("agree with bigints for ragged layers and any number of claims", () => {
    for (const [inputs, outputs] of [
      [1, 1],
      [1, 8],
      [3, 5],
      [7, 9],
      [8, 8],
      [16, 13],
      [100, 31],
      [5, 2000],
    ] as const)
      for (const claims of [1, 2, 3]) agree(16, inputs, outputs, claims);
  });

  it("agree with bigints for each number of fractional bits, also where weights are too large", () => {
    for (let R = 0; R <= 56; R += 4) for (const inputs of [1, 6, 50]) agree(R, inputs, 70, 3);
  });

  it("keep nothing of an earlier layer", () => {
    agree(16, 200, 40, 3);
    agree(16, 2, 3, 1);
  });

  it("go to bigints where there is no memory, and have no module without an engine", () => {
    assert.equal(wasmInitialSums(undefined), undefined);
    class Full {
      exports = { memory: { buffer: new ArrayBuffer(0) }, layout: () => 0 };
    }
    const full = wasmInitialSums({ Module: Object, Instance: Full })!;
    const layer = { layer: 1, inputs: 4, outputs: 6 };
    const functionals = [{ ins: scalars(5), outs: scalars(6) }];
    assert.deepEqual(full(seed, 16, layer, functionals), wasm(seed, 16, layer, functionals));
  });
});
