/** Dense multilinear tables and the prover's side of a padded sumcheck (PROTOCOL §1, §9). */
import { mod } from "../../src/protocol/field.ts";
import type { Transcript } from "../../src/protocol/transcript.ts";

/** χ_i(point) by its definition. */
export function lagrangeWeights(point: readonly bigint[], index: number): bigint {
  return point.reduce((product, x, k) => {
    const bit = Math.floor(index / 2 ** (point.length - 1 - k)) % 2;
    return mod(product * (bit === 1 ? x : 1n - x));
  }, 1n);
}

/** χ_i(point) for all i. */
export const eqTable = (point: readonly bigint[]): bigint[] =>
  Array.from({ length: 2 ** point.length }, (_, i) => lagrangeWeights(point, i));

/** A vector filled with zeros to a length. */
export const extend = (values: readonly bigint[], length: number): bigint[] =>
  Array.from({ length }, (_, i) => values[i] ?? 0n);

/** Says hidden values under pads, and folds tables in sumchecks. */
export class DenseProver {
  readonly values: bigint[] = [];
  readonly padded: bigint[] = [];
  readonly #transcript: Transcript;
  readonly #pads: readonly bigint[];

  constructor(transcript: Transcript, pads: readonly bigint[]) {
    this.#transcript = transcript;
    this.#pads = pads;
  }

  say(label: string, values: readonly bigint[]): void {
    const start = this.values.length;
    this.values.push(...values.map(mod));
    const padded = values.map((value, i) => mod(value + this.#pads[start + i]!));
    this.padded.push(...padded);
    this.#transcript.absorbScalars(label, padded);
  }

  /** Proves Σ_x f(tables at x), and returns the point and every table's value there. */
  sumcheck(
    name: string,
    degrees: readonly number[],
    tables: readonly (readonly bigint[])[],
    f: (values: bigint[]) => bigint,
  ): { point: bigint[]; values: bigint[] } {
    let now = tables;
    const point: bigint[] = [];
    for (const degree of degrees) {
      const at = (x: bigint): readonly (readonly bigint[])[] =>
        now.map((table) =>
          Array.from({ length: table.length / 2 }, (_, i) =>
            mod(table[2 * i]! + x * (table[2 * i + 1]! - table[2 * i]!)),
          ),
        );
      const sumAt = (x: bigint): bigint => {
        const folded = at(x);
        let sum = 0n;
        for (let i = 0; i < folded[0]!.length; i++) sum += f(folded.map((table) => table[i]!));
        return mod(sum);
      };
      const nodes = [0n, 2n, 3n].slice(0, degree);
      this.say(`${name}.round`, nodes.map(sumAt));
      const r = this.#transcript.challenge(`${name}.r`, 1)[0]!;
      now = at(r);
      point.unshift(r);
    }
    return { point, values: now.map((table) => table[0]!) };
  }
}
