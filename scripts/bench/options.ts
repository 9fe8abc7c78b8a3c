import os from "node:os";
import { InvalidArgumentError } from "commander";

/** Options of every benchmark. */
export interface BenchOptions {
  readonly json?: boolean;
  readonly threads?: number;
  readonly portable?: boolean;
  readonly repeat?: number;
  readonly small?: boolean;
  readonly write?: boolean;
}

/** A whole number from 1 to `most`, or commander's error, which names the option. */
export const count = (most: number) => (text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  return value;
};

export const threadCount = count(Math.max(1024, os.availableParallelism()));
export const repeatCount = count(100);
