import { ascii, concat, u32, u64, u8, viewOf } from "./bytes.ts";
import { keccak256 } from "./hash.ts";
import type { LayerShape } from "./shape.ts";

/** bound_l = ⌊√(6·2^(2R) / inputs)⌋ (PROTOCOL §6). */
export function initialBound(R: number, inputs: number): bigint {
  return integerSqrt((6n << BigInt(2 * R)) / BigInt(inputs));
}

function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2)); // not below the root
  for (;;) {
    const next = (root + n / root) >> 1n; // Newton's step: falls until it is the floor
    if (next >= root) return root;
    root = next;
  }
}

const WEIGHTS = ascii("trainproof/1/weights");

/** What block i of a layer's initial weights hashes, but for u64(i) at its end (PROTOCOL §6). */
export const weightMessage = (seed: Uint8Array, layer: number): Uint8Array =>
  concat(WEIGHTS, seed, u32(layer));

/**
 * The rows k = 0 … inputs of a layer's initial weights, `outputs` entries each, the bias row last
 * (PROTOCOL §6). Rows come one at a time, so that a layer need not fit in memory.
 */
export function* initialRows(
  seed: Uint8Array,
  R: number,
  { layer, inputs, outputs }: Pick<LayerShape, "layer" | "inputs" | "outputs">,
): Generator<BigInt64Array> {
  const bound = initialBound(R, inputs);
  const range = 2n * bound + 1n;
  const prefix = weightMessage(seed, layer);
  let [block, blockIndex] = [viewOf(new Uint8Array(32)), -1];
  for (let k = 0; k < inputs; k++) {
    const row = new BigInt64Array(outputs);
    for (let j = 0; j < outputs; j++) {
      const entry = k * outputs + j;
      const wanted = Math.floor(entry / 8);
      if (wanted !== blockIndex) {
        block = viewOf(keccak256(prefix, u64(wanted)));
        blockIndex = wanted;
      }
      row[j] = ((BigInt(block.getUint32(4 * (entry % 8))) * range) >> 32n) - bound;
    }
    yield row;
  }
  yield new BigInt64Array(outputs);
}

/** All initial weights of a layer, row-major: (inputs + 1) × outputs. */
export function initialWeights(
  seed: Uint8Array,
  R: number,
  layer: Pick<LayerShape, "layer" | "inputs" | "outputs">,
): BigInt64Array {
  const all = new BigInt64Array((layer.inputs + 1) * layer.outputs);
  let at = 0;
  for (const row of initialRows(seed, R, layer)) {
    all.set(row, at);
    at += layer.outputs;
  }
  return all;
}

/** The digest of committed weights: `rows` are the row commitments, 64 bytes each (PROTOCOL §7). */
export function weightDigest(
  parameters: { readonly widths: readonly number[]; readonly R: number; readonly kappa: number },
  rows: Uint8Array,
): Uint8Array {
  const { widths, R, kappa } = parameters;
  return keccak256(
    ascii("trainproof/1/weight-commitment"),
    u8(widths.length - 1),
    ...widths.map(u32),
    u8(R),
    u8(kappa),
    u32(rows.length / 64),
    rows,
  );
}
