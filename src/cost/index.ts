/**
 * What proving costs: time from calibrated factors, memory, and exact sizes.
 *
 *     const model = CostModelSchema.parse(JSON.parse(await readFile("data/cost.json", "utf8")));
 *     const speed = speedOf(model.probe, await measureProbe(prover)); // src/proposal
 *     const { train, prove, verify } = segmentSeconds(model, statement, speed);
 */
export { countsOf, type CostPhase, dataTerms, PARTS, PHASES, termsOf } from "./counts.ts";
export { nodeBytes, parameterCount } from "./memory.ts";
export {
  type CostModel,
  CostModelSchema,
  dataSeconds,
  phaseSeconds,
  segmentSeconds,
  type SegmentSeconds,
} from "./model.ts";
export { publicBytes, segmentBytes, type SegmentBytes } from "./sizes.ts";
export { DATA_PHASE, type MachineSpeed, SAME_SPEED, speedOf } from "./speed.ts";
