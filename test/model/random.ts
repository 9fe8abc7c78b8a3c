import { ascii, u32 } from "../../src/protocol/bytes.ts";
import { R } from "../../src/protocol/field.ts";
import { hash512, keccak256 } from "../../src/protocol/hash.ts";

/** Reproducible "randomness" for tests: never for anything that must stay secret. */
export class Random {
  readonly #seed: Uint8Array;
  #count = 0;

  constructor(seed: string) {
    this.#seed = keccak256(ascii(seed));
  }

  scalar(): bigint {
    return hash512(this.#seed, u32(this.#count++)) % R;
  }

  bytes32(): Uint8Array {
    return keccak256(this.#seed, u32(this.#count++));
  }

  /** An integer in [least, most]. */
  integer(least: number, most: number): number {
    return least + Number(this.scalar() % BigInt(most - least + 1));
  }
}
