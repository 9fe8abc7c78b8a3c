import { mod } from "../protocol/field.ts";
import type { LayerShape } from "../protocol/shape.ts";
import { engine, instantiate, type WebAssemblyLike } from "../protocol/wasm/engine.ts";
import { initialBound, initialRows, weightMessage } from "../protocol/weights.ts";
import { inner } from "./mle.ts";
import { initialModule } from "./wasm/initialModule.ts";
import { writeWord } from "./wasm/words.ts";

/** in_k for rows k = 0 … of a layer's weights, the bias row's may be missing; out_j for all columns j. */
export interface Functional {
  readonly ins: readonly bigint[];
  readonly outs: readonly bigint[];
}

/** Σ_{k,j} in_k·out_j·W(k, j) modulo r over a layer's initial weights (PROTOCOL §6), for each functional. */
export type InitialSums = (
  seed: Uint8Array,
  R: number,
  layer: Pick<LayerShape, "layer" | "inputs" | "outputs">,
  functionals: readonly Functional[],
) => bigint[];

/** The exports of wasm/initial.as.ts. */
interface Kernel {
  memory: { buffer: ArrayBuffer };
  layout(inputs: number, outputs: number, claims: number): number;
  sum(prefix: number, bound: number, inputs: number, outputs: number, claims: number): number;
}

let chosen: InitialSums | undefined;

/**
 * By WebAssembly, or in bigints where there is none; a row of weights is in memory at a time. The 10.5
 * million weights of 3072-1024×8-10 take 0.6 s, the 0.1 million of 784-128-10 take 6 ms (one core, Node 24),
 * and 0.1 s in bigints.
 */
export const initialSums: InitialSums = (...layer) => {
  chosen ??= wasmInitialSums(engine) ?? bigintInitialSums;
  return chosen(...layer);
};

export const bigintInitialSums: InitialSums = (seed, R, layer, functionals) => {
  const sums = functionals.map(() => 0n);
  let k = 0;
  for (const row of initialRows(seed, R, layer)) {
    const weights = Array.from(row);
    functionals.forEach(({ ins, outs }, c) => {
      if (k < ins.length) sums[c]! += ins[k]! * inner(outs, weights);
    });
    k++;
  }
  return sums.map(mod);
};

/**
 * By wasm/initial.as.ts; undefined where there is no WebAssembly. Layers that find no memory, and
 * weights that its integers do not hold, go to bigints.
 */
export function wasmInitialSums(by: WebAssemblyLike | undefined): InitialSums | undefined {
  const kernel = instantiate<Kernel>(by, initialModule);
  if (kernel === undefined) return undefined;
  return (seed, R, layer, functionals) => {
    const { inputs, outputs } = layer;
    const bound = initialBound(R, inputs);
    const fits = bound < 2n ** 30n && bound * BigInt(outputs) < 2n ** 38n;
    const at = fits ? kernel.layout(inputs, outputs, functionals.length) : 0;
    if (at === 0) return bigintInitialSums(seed, R, layer, functionals);
    const { buffer } = kernel.memory;
    const message = weightMessage(seed, layer.layer);
    new Uint8Array(buffer, at).set(message);
    const view = new DataView(buffer, at + BLOCK_BYTES);
    let element = 0;
    const write = (values: readonly bigint[], count: number): void => {
      for (let i = 0; i < count; i++) writeWord(view, ELEMENT_BYTES * element++, values[i]!);
    };
    for (const { ins } of functionals) write(ins, inputs); // the bias row's weights are zero
    for (const { outs } of functionals) write(outs, outputs);
    const totals = kernel.sum(message.length, Number(bound), inputs, outputs, functionals.length);
    const limbs = new DataView(buffer, totals);
    return functionals.map((_, c) => {
      let total = 0n;
      for (let i = LIMBS - 1; i >= 0; i--)
        total = (total << 29n) + limbs.getBigInt64(8 * (LIMBS * c + i), true);
      return mod(total);
    });
  };
}

/** As in wasm/initial.as.ts: of a block of the message, of an element's place; and limbs of a total. */
const BLOCK_BYTES = 136;
const ELEMENT_BYTES = 36;
const LIMBS = 22;
