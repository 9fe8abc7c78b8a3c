import { type PublicRun, readRun, type ReadPublicRunOptions } from "./readRun.ts";
import { SOURCE_LIMITS } from "./runSource.ts";
import { openSource } from "./source.ts";

/**
 * Reads a published run from a folder (a run's, or its public part), or the file:, http: or https: address of its
 * manifest, as readRun does.
 *
 *     const run = await readPublicRun(uri, { expected: { proofDigest } });
 *     for await (const segment of run.segments()) verify(segment.statementBytes, segment.proof, …);
 *
 * Errors: the classes of errors.ts; the signal's reason when aborted.
 */
export async function readPublicRun(
  from: string | URL,
  options: ReadPublicRunOptions = {},
): Promise<PublicRun> {
  const source = await openSource(from, { ...SOURCE_LIMITS, ...options.limits });
  return readRun(source, options);
}
