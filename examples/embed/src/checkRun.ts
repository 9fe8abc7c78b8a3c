/**
 * Verifies a run by its public files: `node src/checkRun.ts <folder or URL of manifest.json>`. Needs no compiler and no chain.
 *
 * Exit code 0: valid, 3: invalid, 4: the files are not there or cannot be reached, 1: anything else.
 */
import { TrainproofError, verify } from "trainproof";

const [what = ""] = process.argv.slice(2);
try {
  const verdict = await verify(what, {
    onProgress: (segment, phase, segments) =>
      console.error(`segment ${segment + 1} of ${segments}: ${phase}`),
  });
  if (verdict.ok) {
    console.log(`valid: ${verdict.steps} steps, proof ${verdict.proofDigest}`);
  } else {
    console.log(`invalid: check ${verdict.check}: ${verdict.reason}`);
    process.exitCode = 3;
  }
} catch (error) {
  if (!(error instanceof TrainproofError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  const missing = error.code === "FILES_NOT_FOUND" || error.code === "FILES_UNREACHABLE";
  process.exitCode = missing ? 4 : 1;
}
