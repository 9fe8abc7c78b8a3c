/**
 * Derives the table of generators (PROTOCOL §2) and writes it to data/generators.bin:
 *
 *     node scripts/dev/generateGenerators.ts
 *
 * The table is public and reproducible; only its digest is trusted (src/protocol/generators.ts).
 */
import { writeFileSync } from "node:fs";
import { concat, toHex } from "../../src/protocol/bytes.ts";
import {
  deriveGenerator,
  GENERATOR_COUNTS,
  type GeneratorFamily,
} from "../../src/protocol/generators.ts";
import { keccak256 } from "../../src/protocol/hash.ts";
import { encodePoints } from "../../src/protocol/points.ts";

const families: GeneratorFamily[] = ["G", "P", "H"];
const table = concat(
  ...families.map((family) =>
    encodePoints(
      Array.from({ length: GENERATOR_COUNTS[family] }, (_, i) => deriveGenerator(family, i)),
    ),
  ),
);
const path = new URL("../../data/generators.bin", import.meta.url);
writeFileSync(path, table);
console.log(`data/generators.bin: ${table.length} bytes, keccak256 ${toHex(keccak256(table))}`);
