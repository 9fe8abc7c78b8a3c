const MIB = 2 ** 20;

/** Weights and biases. */
export const parameterCount = (widths: readonly number[]): number =>
  widths.slice(1).reduce((sum, outputs, l) => sum + (widths[l]! + 1) * outputs, 0);

/** What Node itself holds beside the native prover's memory: the runtime, and the weights' copies that cross. */
export const nodeBytes = (widths: readonly number[]): number =>
  128 * MIB + 4 * 8 * parameterCount(widths);
