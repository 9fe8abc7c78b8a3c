import os from "node:os";
import { InvalidArgumentError } from "commander";
import type { Answer } from "../lib/verb.ts";
import type { DocumentPart } from "./document.ts";

/** A benchmark's answer, and what of it docs/PERFORMANCE.md holds. */
export interface BenchAnswer extends Answer {
  readonly document: DocumentPart;
}

/** Options of every benchmark. */
export interface BenchOptions {
  readonly json?: boolean;
  readonly threads?: number;
  readonly device?: string;
  readonly portable?: boolean;
  readonly repeat?: number;
  readonly small?: boolean;
  /** Time for scaling's measurements. */
  readonly minutes?: number;
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
export const minuteCount = count(1440);
export const repeatCount = count(100);
