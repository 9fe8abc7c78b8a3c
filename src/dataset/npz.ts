import { arrayMatrix } from "./arrayFile.ts";
import type { Matrix } from "./matrix.ts";
import { parseNpy } from "./npy.ts";
import { DATA_LIMITS, type DataLimits } from "./source.ts";
import { openZipArray } from "./zip.ts";

/** Opens an array of a NumPy .npz archive by its name. Errors: those of openZipArray and of .npy. */
export async function openNpz(
  file: string,
  name: string,
  limits: DataLimits = DATA_LIMITS,
): Promise<Matrix> {
  const source = await openZipArray(file, name, parseNpy, limits);
  try {
    return arrayMatrix(source, parseNpy(source));
  } catch (error) {
    source.close();
    throw error;
  }
}
