import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { DataFormatError } from "./errors.ts";
import { MAX_COLUMNS } from "./matrix.ts";

/** An image in memory: row by row from the top, red, green, blue of each pixel, 0 to 255. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const PNG_MAGIC = Buffer.from("89504e470d0a1a0a", "hex");

function reject(file: string, problem: string, wayOut: string, cause?: unknown): DataFormatError {
  return new DataFormatError({ file, problem, wayOut }, cause === undefined ? {} : { cause });
}

function checkPixels(file: string, width: number, height: number): void {
  if (width >= 1 && height >= 1 && width * height <= MAX_COLUMNS) return;
  throw reject(
    file,
    `an image of ${width} × ${height} pixels; a sample has at most ${MAX_COLUMNS} values.`,
    "Scale the images down before.",
  );
}

/** What of IHDR decides whether the image is read; it is the first chunk, at a fixed place. */
function checkPngHeader(file: string, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 33 || view.getUint32(12) !== 0x49484452)
    throw reject(file, "the PNG file has no header.", "Write it again.");
  checkPixels(file, view.getUint32(16), view.getUint32(20));
  const [depth, interlace] = [bytes[24]!, bytes[28]!];
  if (depth > 8)
    throw reject(file, `a PNG file of ${depth} bits a channel; up to 8 are read.`, "Convert it.");
  // An interlaced image is unpacked without a bound by the decoder.
  if (interlace !== 0) throw reject(file, "an interlaced PNG file.", "Write it without Adam7.");
}

function decodePng(file: string, bytes: Uint8Array): RgbImage {
  checkPngHeader(file, bytes);
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes), { checkCRC: true });
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3] !== 255)
      throw reject(
        file,
        "pixels are transparent, and have no one colour.",
        "Flatten the images onto a background before.",
      );
    pixels.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  }
  return { width, height, pixels };
}

function decodeJpeg(file: string, bytes: Uint8Array): RgbImage {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_COLUMNS / 1e6,
    maxMemoryUsageInMB: 64,
  });
  checkPixels(file, width, height);
  return { width, height, pixels: data };
}

/**
 * Decodes a PNG (1 to 8 bits a channel, grey, colour or palette, opaque, not interlaced) or JPEG file (baseline or
 * progressive) of at most 8192 pixels. Colour profiles, gamma and EXIF orientation are ignored. Errors: DataFormatError.
 */
export function decodeImage(file: string, bytes: Uint8Array): RgbImage {
  const png = PNG_MAGIC.equals(bytes.subarray(0, 8));
  if (!png && (bytes[0] !== 0xff || bytes[1] !== 0xd8))
    throw reject(file, "neither a PNG nor a JPEG file.", "Convert it to PNG.");
  try {
    return (png ? decodePng : decodeJpeg)(file, bytes);
  } catch (error) {
    if (error instanceof DataFormatError) throw error;
    throw reject(
      file,
      `not a readable ${png ? "PNG" : "JPEG"} file: ${String((error as Error).message ?? error)}.`,
      `Images have at most ${MAX_COLUMNS} pixels; write it again.`,
      error,
    );
  }
}

/** ITU-R 601 luma, as Pillow's convert("L") rounds it: a grey pixel is its own luma. */
export const luma = (red: number, green: number, blue: number): number =>
  (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
