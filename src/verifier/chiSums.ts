import { readUint256, writeUint256 } from "../protocol/bytes.ts";
import { encodeScalars, mod } from "../protocol/field.ts";
import { SCALAR_BYTES, ScalarList } from "../protocol/scalarList.ts";
import { engine, instantiate, type WebAssemblyLike } from "../protocol/wasm/engine.ts";
import { chiRange, type CubePoint, inner } from "./mle.ts";
import { chiModule } from "./wasm/chiModule.ts";

/** The weights χ_i(point) from i = start on. */
export interface Weights {
  readonly point: CubePoint;
  readonly start: number;
}

/** Arithmetic with thousands of weights at once. Scalars are bytes, 32 each, below r. */
export interface ChiSums {
  /** Σ_i χ_i(point)·scalar_i over all scalars. */
  readonly evaluate: (point: CubePoint, scalars: Uint8Array) => bigint;
  /** Σ_{i<count} of the products of two points' weights. */
  readonly inner: (a: Weights, b: Weights, count: number) => bigint;
  /** factor·χ_i(point) for i < count, of each. */
  readonly scaled: (
    point: CubePoint,
    parts: readonly (readonly [factor: bigint, count: number])[],
  ) => Uint8Array[];
  /** factor·scalar_i. */
  readonly times: (factor: bigint, scalars: Uint8Array) => Uint8Array;
}

export const bigintChiSums: ChiSums = {
  evaluate: (point, scalars) => {
    const { values } = new ScalarList(scalars);
    return inner(chiRange(point, 0, values.length), values);
  },
  inner: (a, b, count) =>
    inner(chiRange(a.point, a.start, count), chiRange(b.point, b.start, count)),
  scaled: (point, parts) => {
    const weights = chiRange(point, 0, Math.max(...parts.map(([, count]) => count)));
    return parts.map(([factor, count]) =>
      encodeScalars(weights.slice(0, count).map((weight) => mod(factor * weight))),
    );
  },
  times: (factor, scalars) =>
    encodeScalars(new ScalarList(scalars).values.map((value) => mod(factor * value))),
};

let chosen: ChiSums | undefined;

/** By WebAssembly, or in bigints where there is none: 0.1 and 0.4 µs a term. */
export const chiSums = (): ChiSums => (chosen ??= wasmChiSums(engine) ?? bigintChiSums);

/** The exports of wasm/chi.as.ts. */
interface Kernel {
  memory: { buffer: ArrayBuffer };
  layout(count: number): number;
  chi(which: number, coordinates: number, start: number, count: number): void;
  sumWords(count: number): void;
  sumTables(count: number): void;
  scaleTable(count: number): void;
  scaleWords(count: number): void;
}

/** As in wasm/chi.as.ts. */
const COORDINATES = 64;

/**
 * By wasm/chi.as.ts; undefined where there is no WebAssembly. What its 32-bit indices or its memory do not
 * hold goes to bigints.
 */
export function wasmChiSums(by: WebAssemblyLike | undefined): ChiSums | undefined {
  const kernel = instantiate<Kernel>(by, chiModule);
  if (kernel === undefined) return undefined;

  /** The input's bytes, and those of `count` words after it; undefined where these have no place. */
  const memory = (count: number): { input: Uint8Array; words: Uint8Array } | undefined => {
    const at = kernel.layout(count);
    if (at === 0) return undefined;
    const size = SCALAR_BYTES * COORDINATES;
    const { buffer } = kernel.memory;
    return {
      input: new Uint8Array(buffer, at, size),
      words: new Uint8Array(buffer, at + size, SCALAR_BYTES * count),
    };
  };
  const fits = ({ point, start }: Weights, count: number): boolean => {
    if (start + count > 2 ** point.length) throw new RangeError("chiSums: indices exceed the cube");
    return count > 0 && start + count <= 2 ** 31 && point.length <= COORDINATES;
  };
  const weigh = (which: number, { point, start }: Weights, count: number, input: Uint8Array) => {
    point.forEach((x, k) => writeUint256(input, SCALAR_BYTES * k, x));
    kernel.chi(which, point.length, start, count);
  };

  return {
    evaluate: (point, scalars) => {
      const count = scalars.length / SCALAR_BYTES;
      const all = { point, start: 0 };
      const at = fits(all, count) ? memory(count) : undefined;
      if (at === undefined) return bigintChiSums.evaluate(point, scalars);
      at.words.set(scalars);
      weigh(0, all, count, at.input);
      kernel.sumWords(count);
      return readUint256(at.input);
    },
    inner: (a, b, count) => {
      const at = fits(a, count) && fits(b, count) ? memory(count) : undefined;
      if (at === undefined) return bigintChiSums.inner(a, b, count);
      weigh(0, a, count, at.input);
      weigh(1, b, count, at.input);
      kernel.sumTables(count);
      return readUint256(at.input);
    },
    scaled: (point, parts) => {
      const most = Math.max(...parts.map(([, count]) => count));
      const all = { point, start: 0 };
      const at = fits(all, most) ? memory(most) : undefined;
      if (at === undefined) return bigintChiSums.scaled(point, parts);
      weigh(0, all, most, at.input);
      return parts.map(([factor, count]) => {
        writeUint256(at.input, 0, mod(factor));
        kernel.scaleTable(count);
        return at.words.slice(0, SCALAR_BYTES * count);
      });
    },
    times: (factor, scalars) => {
      const count = scalars.length / SCALAR_BYTES;
      const at = memory(count);
      if (at === undefined) return bigintChiSums.times(factor, scalars);
      at.words.set(scalars);
      writeUint256(at.input, 0, mod(factor));
      kernel.scaleWords(count);
      return at.words.slice();
    },
  };
}
