/**
 * trainproof/verifier: reads and verifies published runs wherever JavaScript runs, browsers included. No Node, no network of its own:
 * the caller brings the files' bytes and the generator table (trainproof/data/generators.bin).
 *
 *     const run = await readRun(source);          // source: a RunSource, which gives a public file's bytes by its path
 *     const { verdict } = await judgeRun(run, () => inThisThread(run.samples, generators, pause));
 *     const one = verify(statement, proof, { samples, weightsOut }, { generators }); // a single segment
 */
export * from "./artifact/published.ts";
export * from "./protocol/index.ts";
export {
  judgeRun,
  type JudgeRunOptions,
  type RunVerification,
  type VerifiedParent,
} from "./relayer/judgeRun.ts";
export { runReport, type VerdictReport } from "./relayer/report.ts";
export { inThisThread, type SegmentVerifier } from "./relayer/segmentVerifier.ts";
export * from "./verifier/index.ts";
