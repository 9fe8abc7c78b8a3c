import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DataFileError, DataFormatError } from "./errors.ts";

/** Size limits of the readers, in bytes. */
export interface DataLimits {
  /** A compressed file, and what it may grow to: both are held in memory. */
  readonly gzipBytes: number;
  readonly unzippedBytes: number;
  /** A CSV file, held in memory while it is read. */
  readonly csvBytes: number;
}

export const DATA_LIMITS: DataLimits = {
  gzipBytes: 1 << 30,
  unzippedBytes: 2 ** 31 - 1,
  csvBytes: 1 << 28,
};

/** Random access to the bytes of a data file. */
export interface ByteSource {
  readonly file: string;
  readonly size: number;
  /** Fills `out` from `offset`; a DataFormatError where the file ends first. */
  read(offset: number, out: Uint8Array): void;
  close(): void;
}

function systemError(file: string, error: unknown): DataFileError {
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

function fileSource(file: string): ByteSource {
  let descriptor: number;
  let size: number;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw systemError(file, error);
  }
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new DataFileError({
      file,
      problem: "not a regular file.",
      wayOut: "Name the data file itself in the plan's data section.",
    });
  }
  size = stat.size;
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

/** The whole file in memory; a DataFormatError where it is larger than `limit`. */
export function readWhole(file: string, limit: number, what: string): Uint8Array {
  const source = fileSource(file);
  try {
    if (source.size > limit)
      throw new DataFormatError({
        file,
        problem: `${what} of ${source.size} bytes; the limit is ${limit}, since it is read into memory.`,
        wayOut: "Use uncompressed IDX or .npy, which are read row by row.",
      });
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    return bytes;
  } finally {
    source.close();
  }
}

/** Opens a file; one that starts with gzip's magic is unpacked into memory, within the limits. */
export function openSource(file: string, limits: DataLimits = DATA_LIMITS): ByteSource {
  const source = fileSource(file);
  const magic = new Uint8Array(2);
  if (source.size >= 2) source.read(0, magic);
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return source;
  source.close();
  const packed = readWhole(file, limits.gzipBytes, "a gzip file");
  try {
    return memorySource(file, gunzipSync(packed, { maxOutputLength: limits.unzippedBytes }));
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new DataFormatError(
      {
        file,
        problem: tooLarge
          ? `unpacks to more than ${limits.unzippedBytes} bytes, the limit for compressed data.`
          : "the gzip stream is damaged or cut off.",
        wayOut: tooLarge
          ? "Unpack the file: uncompressed IDX and .npy are read row by row."
          : "Fetch the file again.",
      },
      { cause: error },
    );
  }
}
