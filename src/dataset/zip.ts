import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { DataError, DataFormatError, DataMismatchError } from "./errors.ts";
import { type ParseHeader, unpackArray } from "./packed.ts";
import { type ByteSource, type DataLimits, fileSource, sliceSource } from "./source.ts";

/** More members than any archive of arrays has. */
const MAX_ENTRIES = 10_000;

const arrayName = ({ fileName }: Entry) => fileName.replace(/\.npy$/, "");

async function* entriesOf(zip: ZipFile, file: string): AsyncGenerator<Entry> {
  if (zip.entryCount > MAX_ENTRIES)
    throw new DataFormatError({
      file,
      problem: `an archive of ${zip.entryCount} members; the limit is ${MAX_ENTRIES}.`,
      wayOut: "Write the arrays alone, with numpy.savez.",
    });
  yield* zip.eachEntry();
}

async function findEntry(zip: ZipFile, file: string, name: string): Promise<Entry> {
  const names: string[] = [];
  const found: Entry[] = [];
  for await (const entry of entriesOf(zip, file)) {
    if (entry.fileName === `${name}.npy` || entry.fileName === name) found.push(entry);
    names.push(arrayName(entry));
  }
  if (found.length === 1) return found[0]!;
  throw new DataMismatchError({
    file,
    problem: `${found.length === 0 ? "no array" : `${found.length} arrays`} ${JSON.stringify(name)}.`,
    wayOut: `The archive has: ${names.join(", ")}`.slice(0, 300),
  });
}

/** The stream as it is; a DataFormatError at its end where the checksum is another (yauzl checks the size alone). */
async function* checked(stream: AsyncIterable<Uint8Array>, expected: number, label: string) {
  let sum = 0;
  for await (const block of stream) {
    sum = crc32(block, sum);
    yield block;
  }
  if (sum !== expected)
    throw new DataFormatError({
      file: label,
      problem: "is damaged: its checksum is another.",
      wayOut: "Fetch it again.",
    });
}

const unreadable = (file: string, error: unknown): DataError =>
  error instanceof DataError
    ? error
    : new DataFormatError(
        {
          file,
          problem: `not a readable .npz archive: ${(error as Error).message}.`,
          wayOut: "Write it with numpy.savez, or fetch it again.",
        },
        { cause: error },
      );

/** The names of an .npz archive's arrays. Errors: DataFileError, DataFormatError. */
export async function zipArrayNames(file: string): Promise<string[]> {
  fileSource(file).close(); // its errors are better
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    const names: string[] = [];
    for await (const entry of entriesOf(zip, file)) names.push(arrayName(entry));
    return names;
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    zip?.close();
  }
}

/**
 * An array of an .npz archive: read where it lies if it is stored (numpy.savez), unpacked to a temporary file if it is
 * deflated (numpy.savez_compressed). Nothing is written under a name that the archive chooses.
 * Errors: DataFileError, DataFormatError (damaged, encrypted), DataMismatchError (no such array).
 */
export async function openZipArray(
  file: string,
  name: string,
  parse: ParseHeader,
  limits: DataLimits,
): Promise<ByteSource> {
  const label = `${file}, array ${JSON.stringify(name)}`;
  const source = fileSource(file);
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    const entry = await findEntry(zip, file, name);
    if (entry.isEncrypted() || (entry.compressionMethod !== 0 && entry.compressionMethod !== 8))
      throw new DataFormatError({
        file: label,
        problem: "is encrypted, or packed with another method than deflate.",
        wayOut: "Write it with numpy.savez.",
      });
    if (entry.compressionMethod === 0) {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      return sliceSource(source, label, fileDataStart, entry.uncompressedSize);
    }
    const unpacked = checked(await zip.openReadStreamPromise(entry), entry.crc32, label);
    const spooled = await unpackArray(label, unpacked, parse, limits);
    source.close();
    return spooled;
  } catch (error) {
    source.close();
    throw unreadable(file, error);
  } finally {
    zip?.close();
  }
}
