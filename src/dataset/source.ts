import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { DataFileError, DataFormatError } from "./errors.ts";

/** Size limits of the readers, in bytes. */
export interface DataLimits {
  /** What compressed data or CSV may take on the disk once it is unpacked. */
  readonly unpackedBytes: number;
  /** One file of an image folder. */
  readonly imageBytes: number;
  /** The footer of a Parquet file, and a column of one of its row groups, packed or not: held in memory. */
  readonly footerBytes: number;
  readonly columnBytes: number;
}

export const DATA_LIMITS: DataLimits = {
  unpackedBytes: 2 ** 38,
  imageBytes: 2 ** 20,
  footerBytes: 2 ** 26,
  columnBytes: 2 ** 27,
};

/** Random access to the bytes of a data file. */
export interface ByteSource {
  readonly file: string;
  readonly size: number;
  /** Fills `out` from `offset`; a DataFormatError where the file ends first. */
  read(offset: number, out: Uint8Array): void;
  close(): void;
}

export function systemError(file: string, error: unknown): DataFileError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  const problem = code === "ENOENT" ? "no such file." : `cannot be read (${code}).`;
  return new DataFileError(
    { file, problem, wayOut: "Check the path in the plan's data section and its permissions." },
    { cause: error },
  );
}

function truncated(file: string, needed: number, size: number): DataFormatError {
  return new DataFormatError({
    file,
    problem: `the file ends at byte ${size}, but byte ${needed} is needed.`,
    wayOut: "The file is cut off: fetch it again.",
  });
}

/** Bytes held in memory as a source. */
export function memorySource(file: string, bytes: Uint8Array): ByteSource {
  return {
    file,
    size: bytes.length,
    read(offset, out) {
      if (offset + out.length > bytes.length)
        throw truncated(file, offset + out.length, bytes.length);
      out.set(bytes.subarray(offset, offset + out.length));
    },
    close: () => undefined,
  };
}

/** Bytes from … from + size − 1 of a source, which it closes with itself. `name` stands in errors. */
export function sliceSource(
  source: ByteSource,
  name: string,
  from: number,
  size: number,
): ByteSource {
  return {
    file: name,
    size,
    read(offset, out) {
      if (offset + out.length > size) throw truncated(name, offset + out.length, size);
      source.read(from + offset, out);
    },
    close: () => source.close(),
  };
}

/** An open descriptor as a source, closed with it. */
export function descriptorSource(file: string, descriptor: number, bytes: number): ByteSource {
  let size = bytes;
  return {
    file,
    get size() {
      return size;
    },
    read(offset, out) {
      for (let done = 0; done < out.length;) {
        let got: number;
        try {
          got = readSync(descriptor, out, done, out.length - done, offset + done);
        } catch (error) {
          throw systemError(file, error);
        }
        if (got === 0) throw truncated(file, offset + out.length, offset + done);
        done += got;
      }
    },
    close() {
      if (descriptor >= 0) closeSync(descriptor);
      descriptor = -1;
      size = 0;
    },
  };
}

/** Opens a regular file. Errors: DataFileError. */
export function fileSource(file: string): ByteSource {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw systemError(file, error);
  }
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return descriptorSource(file, descriptor, stat.size);
  closeSync(descriptor);
  throw new DataFileError({
    file,
    problem: "not a regular file.",
    wayOut: "Name the data file itself in the plan's data section.",
  });
}

const BLOCK = 1 << 18;

/** A source from its first byte to its last, in blocks. */
export function* blocks(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.size; at += BLOCK) {
    const block = new Uint8Array(Math.min(BLOCK, source.size - at));
    source.read(at, block);
    yield block;
  }
}
