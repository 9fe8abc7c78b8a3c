import { SOURCE_LIMITS, type SourceLimits } from "../../../src/artifact/published.ts";

/** A tab has less memory than a machine: the reader's other limits are src/artifact's. */
export const TAB_LIMITS: SourceLimits = {
  ...SOURCE_LIMITS,
  fileBytes: 512 << 20,
  totalBytes: 16 * 2 ** 30,
};
