export { openDataset } from "./dataset.ts";
export type { Dataset, DatasetOptions, LabelEncoding } from "./dataset.ts";
export type { DataFiles } from "./openFiles.ts";
export {
  DataError,
  DataFileError,
  DataFormatError,
  DataMismatchError,
  DataRangeError,
} from "./errors.ts";
export type { DataErrorFacts } from "./errors.ts";
export type { SampleFormat, Scaling } from "./fixedPoint.ts";
export { mnistPaths } from "./mnist.ts";
export type { MnistPaths } from "./mnist.ts";
export { coloured } from "./images.ts";
export { parquetColumns } from "./parquet.ts";
export { tensorNames } from "./safetensors.ts";
export { zipArrayNames } from "./zip.ts";
export { DATA_LIMITS } from "./source.ts";
export type { DataLimits } from "./source.ts";
