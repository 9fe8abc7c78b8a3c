import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { arrayExtent, type ArrayHeader, arrayMatrix } from "./arrayFile.ts";
import { DataError, DataFormatError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import { blocks, type ByteSource, type DataLimits, fileSource, memorySource } from "./source.ts";
import { Spool } from "./spool.ts";

/** Reads the header at the start of a source: a format. */
export type ParseHeader = (source: ByteSource) => ArrayHeader;

/** Any header that is read is shorter. */
const PREFIX = 1 << 16;

/**
 * Unpacks an array into a temporary file. Its own header, which comes first, says how long it is: a stream that
 * unpacks to more is stopped there.
 */
export async function unpackArray(
  file: string,
  unpacked: AsyncIterable<Uint8Array>,
  parse: ParseHeader,
  limits: DataLimits,
): Promise<ByteSource> {
  const spool = new Spool(file, limits.unpackedBytes);
  try {
    let prefix = Buffer.alloc(0);
    let expected: number | undefined;
    const begin = () => {
      expected = arrayExtent(file, parse(memorySource(file, prefix))).bytes;
      spool.reserve(expected);
      write(prefix);
    };
    const write = (block: Uint8Array) => {
      if (spool.size + block.length > expected!)
        throw new DataFormatError({
          file,
          problem: `unpacks to more than the ${expected!} bytes that its header promises (trailing bytes).`,
          wayOut: "Fetch or write the file again.",
        });
      spool.write(block);
    };
    for await (const block of unpacked) {
      if (expected !== undefined) write(block);
      else {
        prefix = Buffer.concat([prefix, block]);
        if (prefix.length >= PREFIX) begin();
      }
    }
    if (expected === undefined) begin();
    return spool.source();
  } finally {
    spool.close(); // of no effect once the source owns it
  }
}

const isGzip = (source: ByteSource): boolean => {
  const magic = new Uint8Array(2);
  if (source.size >= 2) source.read(0, magic);
  return magic[0] === 0x1f && magic[1] === 0x8b;
};

/** zlib's errors in the data file's terms; others as they are. */
function streamError(file: string, error: unknown): unknown {
  if (error instanceof DataError || !(error as NodeJS.ErrnoException).code?.startsWith("Z_"))
    return error;
  return new DataFormatError(
    {
      file,
      problem: "the gzip stream is damaged or cut off.",
      wayOut: "Fetch the file again.",
    },
    { cause: error },
  );
}

/** Hands a source's bytes, unpacked if it is gzip, to a consumer, block by block. */
export async function streamBytes(
  source: ByteSource,
  consume: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const bytes = Readable.from(blocks(source), { objectMode: false });
  try {
    await (isGzip(source) ? pipeline(bytes, createGunzip(), consume) : pipeline(bytes, consume));
  } catch (error) {
    throw streamError(source.file, error);
  }
}

/** Opens an array file, packed with gzip or not. Errors: DataFileError, DataFormatError. */
export async function openArrayFile(
  file: string,
  parse: ParseHeader,
  limits: DataLimits,
): Promise<Matrix> {
  let source = fileSource(file);
  try {
    if (isGzip(source)) {
      const packed = source;
      await streamBytes(packed, async (bytes) => {
        source = await unpackArray(file, bytes, parse, limits);
      });
      packed.close();
    }
    return arrayMatrix(source, parse(source));
  } catch (error) {
    source.close();
    throw error;
  }
}
