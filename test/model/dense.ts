/** Dense multilinear tables and the prover's side of a padded sumcheck (PROTOCOL §1, §9). */
import { mod } from "../../src/protocol/field.ts";
import type { Transcript } from "../../src/protocol/transcript.ts";

export const power2 = (exponent: number): bigint => 1n << BigInt(exponent);

/** Σ_{i<count} term(i) */
export function sumOf(count: number, term: (i: number) => bigint): bigint {
  let sum = 0n;
  for (let i = 0; i < count; i++) sum += term(i);
  return mod(sum);
}

/** Σ_j row_j·weights_j over the row's entries. */
export const dot = (row: readonly bigint[], weights: readonly bigint[]): bigint =>
  sumOf(row.length, (j) => row[j]! * weights[j]!);

/** base^n */
export const pow = (base: bigint, n: number): bigint =>
  Array.from({ length: n }).reduce<bigint>((product) => mod(product * base), 1n);

/** χ_index(point) by its definition. */
export function chi(point: readonly bigint[], index: number): bigint {
  return point.reduce((product, x, k) => {
    const bit = Math.floor(index / 2 ** (point.length - 1 - k)) % 2;
    return mod(product * (bit === 1 ? x : 1n - x));
  }, 1n);
}

/** χ_i of the point that the parts make together, for all i. */
export const eqTable = (...parts: readonly (readonly bigint[])[]): bigint[] =>
  parts
    .flat()
    .reduce<bigint[]>(
      (table, x) => table.flatMap((weight) => [mod(weight * (1n - x)), mod(weight * x)]),
      [1n],
    );

/** A vector filled with zeros to a length. */
export const extend = (values: readonly bigint[], length: number): bigint[] =>
  Array.from({ length }, (_, i) => values[i] ?? 0n);

/** `count` rounds of one degree. */
export const rounds = (count: number, degree: number): number[] =>
  new Array<number>(count).fill(degree);

/** Changes one message before it is said: what a cheating prover does. */
export type Tamper = (label: string, occurrence: number, values: bigint[]) => void;

/** Says hidden values under pads, asks for challenges, and folds tables in sumchecks. */
export class DenseProver {
  readonly values: bigint[] = [];
  readonly padded: bigint[] = [];
  readonly transcript: Transcript;
  readonly #pads: readonly bigint[];
  readonly #tamper: Tamper | undefined;
  readonly #occurrences = new Map<string, number>();

  constructor(transcript: Transcript, pads: readonly bigint[], tamper?: Tamper) {
    this.transcript = transcript;
    this.#pads = pads;
    this.#tamper = tamper;
  }

  say(label: string, honest: readonly bigint[]): void {
    const values = [...honest];
    const occurrence = this.#occurrences.get(label) ?? 0;
    this.#occurrences.set(label, occurrence + 1);
    this.#tamper?.(label, occurrence, values);
    const start = this.values.length;
    this.values.push(...values.map(mod));
    const padded = values.map((value, i) => mod(value + this.#pads[start + i]!));
    this.padded.push(...padded);
    this.transcript.absorbScalars(label, padded);
  }

  /** One challenge. */
  ask(label: string): bigint {
    return this.transcript.challenge(label, 1)[0]!;
  }

  /** A challenge cut into parts of the given lengths. */
  askParts<Lengths extends number[]>(
    label: string,
    ...lengths: Lengths
  ): { [K in keyof Lengths]: bigint[] } {
    const all = this.transcript.challenge(
      label,
      lengths.reduce((sum, length) => sum + length, 0),
    );
    return lengths.map((length) => all.splice(0, length)) as { [K in keyof Lengths]: bigint[] };
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
        return sumOf(folded[0]!.length, (i) => f(folded.map((table) => table[i]!)));
      };
      this.say(`${name}.round`, [0n, 2n, 3n].slice(0, degree).map(sumAt));
      const r = this.ask(`${name}.r`);
      now = at(r);
      point.unshift(r);
    }
    return { point, values: now.map((table) => table[0]!) };
  }
}
