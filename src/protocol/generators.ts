import { ascii, equalBytes, fromHex, u32 } from "./bytes.ts";
import { pow } from "./field.ts";
import { hash512, keccak256 } from "./hash.ts";
import { PointList } from "./pointList.ts";
import { POINT_BYTES, Q, type Point } from "./points.ts";

/** The families of generators and their sizes, in the order of the table (PROTOCOL §2). */
export const GENERATOR_COUNTS = { G: 8192, P: 4096, H: 1 } as const;
export type GeneratorFamily = keyof typeof GENERATOR_COUNTS;

/** Bytes of data/generators.bin. */
export const GENERATOR_TABLE_BYTES = 12289 * POINT_BYTES;

/** keccak256 of data/generators.bin. */
export const GENERATOR_DIGEST = fromHex(
  "825607c76a67765c092a28254ff96dd7ad09adc6fab3a201ff991efa6a18adf4",
);

const DOMAIN = ascii("trainproof/1/generator");

/** Generator `index` of a family, by try-and-increment (PROTOCOL §2). */
export function deriveGenerator(family: GeneratorFamily, index: number): Point {
  const prefix = [DOMAIN, ascii(family), u32(index)];
  for (let attempt = 0; ; attempt++) {
    const x = hash512(...prefix, u32(attempt)) % Q;
    const square = (x * x * x + 3n) % Q;
    const root = pow(square, (Q + 1n) / 4n, Q); // a root of a square, since Q ≡ 3 mod 4
    if ((root * root) % Q !== square) continue;
    return { x, y: root % 2n === 0n ? root : Q - root };
  }
}

/** The generators: G for rows of matrices, P for pads, H for blindings. */
export interface Generators {
  readonly G: (index: number) => Point;
  readonly P: (index: number) => Point;
  readonly H: Point;
  /** The bytes of the first `count` of a family. */
  readonly encoded: (family: GeneratorFamily, count: number) => Uint8Array;
}

/** Rows of the table before each family's. */
const FIRST_ROW = { G: 0, P: GENERATOR_COUNTS.G, H: GENERATOR_COUNTS.G + GENERATOR_COUNTS.P };

/**
 * Reads the table of data/generators.bin. Its digest is checked, so its points need no curve check;
 * they are decoded when asked for. Undefined if the bytes are not the table.
 */
export function readGenerators(table: Uint8Array): Generators | undefined {
  if (table.length !== GENERATOR_TABLE_BYTES) return undefined;
  const list = new PointList(table.slice()); // nobody else can change it after the check
  if (!equalBytes(keccak256(list.bytes), GENERATOR_DIGEST)) return undefined;
  return {
    G: (index) => list.at(FIRST_ROW.G + index),
    P: (index) => list.at(FIRST_ROW.P + index),
    H: list.at(FIRST_ROW.H),
    encoded: (family, count) => {
      if (count > GENERATOR_COUNTS[family])
        throw new RangeError(
          `generators: ${count} of family ${family}, there are ${GENERATOR_COUNTS[family]}`,
        );
      const start = POINT_BYTES * FIRST_ROW[family];
      return list.bytes.subarray(start, start + POINT_BYTES * count);
    },
  };
}
