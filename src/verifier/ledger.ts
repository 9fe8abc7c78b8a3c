import type { ScalarList } from "../protocol/scalarList.ts";
import type { Transcript } from "../protocol/transcript.ts";
import { type Affine, hidden } from "./affine.ts";

/** x·y = z between affine expressions in hidden values. */
export interface Product {
  readonly x: Affine;
  readonly y: Affine;
  readonly z: Affine;
}

/**
 * Counts the hidden values that have been said, and keeps what they must satisfy: affine constraints
 * (each expression is 0) and product constraints, in the protocol's order (PROTOCOL §9).
 */
export class Ledger {
  readonly zeros: Affine[] = [];
  readonly products: Product[] = [];
  readonly #padded: ScalarList;
  readonly #transcript: Transcript;
  #said = 0;

  /** `padded` holds ĥ_0 … ĥ_{N−1}. */
  constructor(padded: ScalarList, transcript: Transcript) {
    this.#padded = padded;
    this.#transcript = transcript;
  }

  /** The next `count` hidden values, absorbed as one message. */
  say(label: string, count: number): Affine[] {
    const start = this.#said;
    this.#said += count;
    if (this.#said > this.#padded.length)
      throw new RangeError(`Ledger: "${label}" says more than N = ${this.#padded.length} values`);
    this.#transcript.absorbEncodedScalars(label, this.#padded.part(start, this.#said));
    return Array.from({ length: count }, (_, i) => hidden(start + i));
  }

  zero(expression: Affine): void {
    this.zeros.push(expression);
  }

  product(x: Affine, y: Affine, z: Affine): void {
    this.products.push({ x, y, z });
  }

  /** How many hidden values have been said. */
  get said(): number {
    return this.#said;
  }
}
