/**
 * The protocol's pure data: what prover wrappers, artifacts, verbs and the verifier share.
 *
 *     const statement = decodeStatement(bytes);         // ProtocolError "V1.1" for bad bytes
 *     const fault = checkStatement(statement);          // { check: "V1.19", reason } or undefined
 *     const shape = shapeOf(statement);                 // rows, depths, N, proofBytes …
 *     const rows = batchIndices(statement);             // Uint32Array, sample of row t·B + i
 *     const root = new SampleList(commitments).root({ features, labels, fA, sigma, x0, y0 });
 *     const digest = weightDigest(statement, rowCommitments);
 *     const W1 = initialWeights(seed, R, shape.layers[0]); // BigInt64Array, (inputs + 1) × outputs
 */
export { equalBytes, fromHex, toHex, u64 } from "./bytes.ts";
export { checkStatement, weightBound } from "./check.ts";
export { type Fault, ProtocolError } from "./errors.ts";
export { etaAt, type EtaChange, type EtaSchedule } from "./etaSchedule.ts";
export {
  GENERATOR_COUNTS,
  GENERATOR_DIGEST,
  GENERATOR_TABLE_BYTES,
  type Generators,
  readGenerators,
} from "./generators.ts";
export { keccak256 } from "./hash.ts";
export { LIMITS, PROTOCOL_VERSION } from "./limits.ts";
export { MerkleTree } from "./merkleTree.ts";
export { planSeeds } from "./planSeeds.ts";
export { printable, printableJson } from "./printable.ts";
export { decodeProof, encodeProof, type Proof, type ProofField, proofLayout } from "./proof.ts";
export { dataRoot, type DataParameters, SampleList, SampleTree } from "./samples.ts";
export { batchIndices, epochPermutation, type ScheduleParameters } from "./schedule.ts";
export { SAMPLE_DELAY, sampleSeed, sampleSegments } from "./segmentSample.ts";
export { type LayerShape, type Shape, shapeOf } from "./shape.ts";
export { decodeStatement, encodeStatement, type Statement, statementDigest } from "./statement.ts";
export { initialBound, initialRows, initialWeights, weightDigest } from "./weights.ts";
