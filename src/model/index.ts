export { ModelFileError } from "./errors.ts";
export { evaluate, type Evaluation, type Samples } from "./evaluate.ts";
export { type Forward, type ForwardFormat, forwardPass } from "./inference.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type Tensor,
  type TensorType,
} from "./safetensors.ts";
export { affordableSamples, spread } from "./subset.ts";
export { fromLinear, toLinear, weightLayout, type Weights, weightsFromSeed } from "./weights.ts";
export {
  decodeWeights,
  encodeFloatWeights,
  encodeWeights,
  type WeightsMetadata,
} from "./weightsFile.ts";
