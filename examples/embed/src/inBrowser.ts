/**
 * Verifies a run's public files wherever JavaScript runs, a browser's worker included: nothing here knows Node.
 *
 * The generator table is the package's file trainproof/data/generators.bin; a bundler copies it beside the page.
 */
import {
  inThisThread,
  judgeRun,
  readGenerators,
  readRun,
  type RunSource,
  type RunVerification,
  tooLarge,
} from "trainproof/verifier";

/**
 * @param bytesOf - the bytes of a public file by its path from the manifest, such as config.json; rejects where there is none.
 * @param table - generators.bin.
 */
export async function verifyFiles(
  bytesOf: (path: string) => Promise<Uint8Array>,
  table: Uint8Array,
): Promise<RunVerification & { proofDigest: string }> {
  const source: RunSource = {
    name: "manifest.json",
    nameOf: (path) => path,
    async fetch(path, limit) {
      const bytes = await bytesOf(path);
      if (bytes.length > limit) throw tooLarge(path, limit);
      return bytes;
    },
  };
  const generators = readGenerators(table);
  if (generators === undefined) throw new Error("these are not the bytes of generators.bin");
  const run = await readRun(source);
  // Lets clicks through between the phases.
  const pause = () => Promise.resolve();
  const result = await judgeRun(run, () => inThisThread(run.samples, generators, pause));
  return { ...result, proofDigest: run.proofDigest };
}
