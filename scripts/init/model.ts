import { readFileSync } from "node:fs";
import path from "node:path";
import { readParent } from "../../src/artifact/index.ts";
import { fileWidths } from "../../src/model/index.ts";
import type { ModelWish } from "../../src/proposal/index.ts";
import { UsageError } from "../lib/verb.ts";

interface ModelOptions {
  readonly weights?: string;
  readonly names?: string[];
  readonly parent?: string;
  readonly hidden?: number[];
}

/**
 * The model that --weights or --parent names, with its widths; undefined for a start from a seed. Paths in the plan are relative to it.
 * Errors: UsageError, ModelFileError, those of readParent.
 */
export function namedModel(
  { weights, names, parent, hidden }: ModelOptions,
  planFolder: string,
): ModelWish | undefined {
  if (weights !== undefined && parent !== undefined)
    throw new UsageError("--weights and --parent both say what to start from: give one");
  if (names !== undefined && weights === undefined)
    throw new UsageError("--names are of --weights' layers; give both");
  if (hidden !== undefined && (weights ?? parent) !== undefined)
    throw new UsageError("--hidden: the layers are the model's; leave it out");
  const relative = (name: string) =>
    path.relative(planFolder, path.resolve(name)).replaceAll(path.sep, "/") || ".";
  if (parent !== undefined) {
    const { widths, R } = readParent(parent).facts;
    return { start: { parent: { folder: relative(parent) } }, widths, R };
  }
  if (weights === undefined) return undefined;
  const start = { weights: { file: relative(weights), ...(names && { names }) } };
  return { start, widths: fileWidths(read(weights), weights, names) };
}

function read(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
}
