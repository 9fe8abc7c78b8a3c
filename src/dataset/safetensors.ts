import { ModelFileError, parseSafetensors, type TensorType } from "../model/index.ts";
import { arrayMatrix } from "./arrayFile.ts";
import type { ElementType } from "./element.ts";
import { DataFormatError, DataMismatchError } from "./errors.ts";
import type { Matrix } from "./matrix.ts";
import {
  type ByteSource,
  DATA_LIMITS,
  type DataLimits,
  fileSource,
  sliceSource,
} from "./source.ts";

const TYPES: Readonly<Record<TensorType, ElementType>> = {
  BOOL: "b1",
  U8: "u1",
  I8: "i1",
  U16: "u2",
  I16: "i2",
  U32: "u4",
  I32: "i4",
  U64: "u8",
  I64: "i8",
  F16: "f2",
  BF16: "bf2",
  F32: "f4",
  F64: "f8",
};

function header(source: ByteSource, limits: DataLimits) {
  const { file } = source;
  try {
    return parseSafetensors(
      source.size,
      (offset, length) => {
        if (length > limits.footerBytes)
          throw new DataFormatError({
            file,
            problem: `a header of ${length} bytes; the limit is ${limits.footerBytes}.`,
            wayOut: "Write the tensors of the data set alone.",
          });
        const bytes = new Uint8Array(length);
        source.read(offset, bytes);
        return bytes;
      },
      file,
    );
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    const { problem, wayOut } = error;
    throw new DataFormatError({ file, problem, wayOut }, { cause: error });
  }
}

/** The names of a safetensors file's tensors. Errors: DataFileError, DataFormatError. */
export function tensorNames(file: string, limits: DataLimits = DATA_LIMITS): string[] {
  const source = fileSource(file);
  try {
    return [...header(source, limits).tensors.keys()];
  } finally {
    source.close();
  }
}

/**
 * Opens a tensor of a safetensors file by its name; it is read where it lies.
 * Errors: DataFileError, DataFormatError, DataMismatchError (no such tensor).
 */
export function openSafetensors(
  file: string,
  name: string,
  limits: DataLimits = DATA_LIMITS,
): Matrix {
  const source = fileSource(file);
  try {
    const { tensors } = header(source, limits);
    const tensor = tensors.get(name);
    if (tensor === undefined)
      throw new DataMismatchError({
        file,
        problem: `no tensor ${JSON.stringify(name)}.`,
        wayOut: `The file has: ${[...tensors.keys()].join(", ")}`.slice(0, 300),
      });
    const { type, shape, offset, bytes } = tensor;
    const slice = sliceSource(source, `${file}, tensor ${JSON.stringify(name)}`, offset, bytes);
    return arrayMatrix(slice, { type: TYPES[type], littleEndian: true, shape, dataOffset: 0 });
  } catch (error) {
    source.close();
    throw error;
  }
}
