/** The version of docs/PROTOCOL.md that this code proves and verifies. */
export const PROTOCOL_VERSION = 1;

/** The limits of version 1 (PROTOCOL §5, V1). */
export const LIMITS = {
  layers: 64,
  width: 2 ** 20,
  remainderBits: 56,
  valueBits: 32,
  fractionBits: 40,
  kappa: 13,
  tau: 16,
  beta: 16,
  omega: 24,
  samples: 2 ** 32,
  lastStep: 2 ** 40,
  lookupDepth: 36,
  hiddenValues: 4096,
  weightEntries: 2 ** 34,
  undisclosedBits: 64,
} as const;

/** Digit widths in bits. */
export const DIGIT_BITS: readonly number[] = [8, 16];
