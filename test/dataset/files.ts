import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import type { Matrix } from "../../src/dataset/matrix.ts";

/** A temporary folder that the suite removes. */
export function temporaryFolder(): {
  path: string;
  write(name: string, bytes: Uint8Array | string): string;
} {
  const path = fs.mkdtempSync(join(os.tmpdir(), "trainproof-test-"));
  after(() => fs.rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, bytes) {
      const file = join(path, name);
      fs.writeFileSync(file, bytes);
      return file;
    },
  };
}

/** An IDX file with the given type code and dimensions. */
export function idxBytes(type: number, shape: readonly number[], data: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, type, shape.length]);
  shape.forEach((size, d) => head.writeUInt32BE(size, 4 + 4 * d));
  return Buffer.concat([head, data]);
}

/** A .npy file. `header` replaces the usual dictionary. */
export function npyBytes(
  descr: string,
  shape: readonly number[],
  data: Uint8Array,
  { version = 1, header = undefined as string | undefined } = {},
): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]!},)` : `(${shape.join(", ")})`;
  const text = header ?? `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = version === 1 ? 10 : 12;
  const padded = text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1) + "\n";
  const head = Buffer.alloc(prefix);
  head.write("\x93NUMPY", "latin1");
  head[6] = version;
  if (version === 1) head.writeUInt16LE(padded.length, 8);
  else head.writeUInt32LE(padded.length, 8);
  return Buffer.concat([head, Buffer.from(padded), data]);
}

/** All values of a matrix, row by row; closes it. */
export function all(matrix: Matrix): number[] {
  const out = new Float64Array(matrix.rows * matrix.columns);
  try {
    matrix.read(0, matrix.rows, out);
  } finally {
    matrix.close();
  }
  return [...out];
}
