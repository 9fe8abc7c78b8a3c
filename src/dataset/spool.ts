import { closeSync, mkdtempSync, openSync, readSync, rmSync, statfsSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DataFileError } from "./errors.ts";
import { checkSize, type Matrix } from "./matrix.ts";
import { type ByteSource, descriptorSource } from "./source.ts";

/** Left free on the disk, whatever is spooled. */
const RESERVE = 2 ** 26;

/**
 * A temporary file for what a format does not give by row: unpacked arrays, parsed tables. It holds the owner's
 * data, so it has mode 0600 and no name: it is gone when it is closed, or with the process. TMPDIR says where.
 */
export class Spool {
  readonly #file: string;
  readonly #folder = os.tmpdir();
  readonly #limit: number;
  #descriptor: number;
  #size = 0;

  /**
   * @param file - the data file, for errors.
   * @param limit - the most bytes that it may take.
   */
  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
    try {
      const folder = mkdtempSync(path.join(this.#folder, "trainproof-"));
      try {
        this.#descriptor = openSync(path.join(folder, "spool"), "wx+", 0o600);
      } finally {
        rmSync(folder, { recursive: true });
      }
    } catch (error) {
      throw this.#failure("cannot be unpacked", error);
    }
  }

  get size(): number {
    return this.#size;
  }

  /** A DataFileError unless `bytes` more fit the limit and the disk. */
  reserve(bytes: number): void {
    const needed = this.#size + bytes;
    if (needed > this.#limit)
      throw new DataFileError({
        file: this.#file,
        problem: `needs ${needed} bytes of temporary space; the limit is ${this.#limit}.`,
        wayOut: "Give uncompressed .npy, IDX or safetensors, which are read where they are.",
      });
    const { bavail, bsize } = statfsSync(this.#folder);
    const free = bavail * bsize - RESERVE;
    if (bytes > free)
      throw new DataFileError({
        file: this.#file,
        problem: `needs ${bytes} bytes of temporary space; ${this.#folder} has ${Math.max(0, free)}.`,
        wayOut: "Set TMPDIR to a folder with more space, or give uncompressed .npy or IDX.",
      });
  }

  /** Writes at the end. */
  write(bytes: Uint8Array): void {
    const at = this.#size;
    this.reserve(bytes.length);
    try {
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      throw this.#failure("cannot be unpacked", error);
    }
    this.#size += bytes.length;
  }

  /** Reads back what was written. */
  read(offset: number, out: Uint8Array): void {
    for (let done = 0; done < out.length;) {
      const got = readSync(this.#descriptor, out, done, out.length - done, offset + done);
      if (got === 0) throw new RangeError("spool: read beyond its end");
      done += got;
    }
  }

  /** What was written, as a source, which now owns the file. */
  source(): ByteSource {
    const source = descriptorSource(this.#file, this.#descriptor, this.#size);
    this.#descriptor = -1;
    return source;
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #failure(what: string, error: unknown): DataFileError {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    return new DataFileError(
      {
        file: this.#file,
        problem: `${what} in ${this.#folder} (${code}).`,
        wayOut: "Set TMPDIR to a folder with space that you may write to.",
      },
      { cause: error },
    );
  }
}

/** Bytes written at once. */
const BUFFER = 1 << 20;

/** Rows of doubles on their way to the disk, 8 bytes a value. */
export class RowSpool {
  readonly #spool: Spool;
  readonly #file: string;
  #buffer = new Float64Array(BUFFER / 8);
  #filled = 0;
  #values = 0;

  constructor(file: string, limit: number) {
    this.#file = file;
    this.#spool = new Spool(file, limit);
  }

  push(value: number): void {
    if (this.#filled === this.#buffer.length) this.#flush();
    this.#buffer[this.#filled++] = value;
  }

  #flush(): void {
    this.#spool.write(new Uint8Array(this.#buffer.buffer, 0, 8 * this.#filled));
    this.#values += this.#filled;
    this.#filled = 0;
  }

  /** What was pushed, as a matrix of so many columns. */
  matrix(columns: number, columnName: (column: number) => string): Matrix {
    this.#flush();
    const rows = this.#values / columns;
    checkSize(this.#file, rows, columns);
    const source = this.#spool.source();
    return {
      file: this.#file,
      rows,
      columns,
      columnName,
      read(first, count, out) {
        source.read(
          8 * first * columns,
          new Uint8Array(out.buffer, out.byteOffset, 8 * count * columns),
        );
      },
      close: () => source.close(),
    };
  }

  close(): void {
    this.#spool.close();
  }
}
