import type { ColumnOptions } from "./columns.ts";
import { openCsv, type CsvOptions } from "./csv.ts";
import { openIdx } from "./idx.ts";
import { openImages, type ImageOptions } from "./images.ts";
import type { Matrix, MatrixPair } from "./matrix.ts";
import { openNpy } from "./npy.ts";
import { openNpz } from "./npz.ts";
import { openParquet } from "./parquet.ts";
import { openSafetensors } from "./safetensors.ts";
import type { DataLimits } from "./source.ts";

/** Where the raw values are. `features` and `labels` name files, or arrays within one. */
export type DataFiles =
  | { readonly format: "idx" | "npy"; readonly features: string; readonly labels: string }
  | {
      readonly format: "npz" | "safetensors";
      readonly file: string;
      readonly features: string;
      readonly labels: string;
    }
  | ({ readonly format: "csv"; readonly file: string } & Omit<CsvOptions, "classNames">)
  | ({ readonly format: "parquet"; readonly file: string } & Omit<ColumnOptions, "classNames">)
  | ({ readonly format: "images"; readonly folder: string; readonly labels: string } & Omit<
      ImageOptions,
      "classNames"
    >);

/** Opens features and labels, or neither. */
async function openBoth(
  open: (name: string) => Matrix | Promise<Matrix>,
  files: { readonly features: string; readonly labels: string },
): Promise<MatrixPair> {
  const features = await open(files.features);
  try {
    return { features, labels: await open(files.labels) };
  } catch (error) {
    features.close();
    throw error;
  }
}

/** Opens the files of a data set. Errors: the classes of errors.ts. */
export function openFiles(
  files: DataFiles,
  classNames: readonly string[] | undefined,
  limits: DataLimits,
): Promise<MatrixPair> {
  const named = classNames && { classNames };
  switch (files.format) {
    case "idx":
      return openBoth((file) => openIdx(file, limits), files);
    case "npy":
      return openBoth((file) => openNpy(file, limits), files);
    case "npz":
      return openBoth((array) => openNpz(files.file, array, limits), files);
    case "safetensors":
      return openBoth((tensor) => openSafetensors(files.file, tensor, limits), files);
    case "csv":
      return openCsv(files.file, { ...files, ...named }, limits);
    case "parquet":
      return openParquet(files.file, { ...files, ...named }, limits);
    case "images":
      return openImages(files.folder, files.labels, { ...files, ...named }, limits);
  }
}
