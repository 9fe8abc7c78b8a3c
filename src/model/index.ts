export { ModelFileError } from "./errors.ts";
export { evaluate, type Evaluation, type Samples } from "./evaluate.ts";
export { bfloat16ToNumber, halfToNumber } from "./halfFloat.ts";
export { type Forward, type ForwardFormat, forwardPass } from "./inference.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  parseSafetensors,
  type Safetensors,
  type SafetensorsHeader,
  type Tensor,
  type TensorEntry,
  type TensorType,
} from "./safetensors.ts";
export { decodeStartWeights, differenceFrom, fileWidths, type WeightsFit } from "./startWeights.ts";
export { encodeOnnx, type InputScaling, type OnnxOptions } from "./onnx.ts";
export { encodeStateDict, sequentialNames } from "./torch.ts";
export { affordableSamples, spread } from "./subset.ts";
export { fromLinear, toLinear, weightLayout, type Weights, weightsFromSeed } from "./weights.ts";
export {
  decodeWeights,
  encodeFloatWeights,
  encodeWeights,
  type WeightsMetadata,
  weightsPieces,
} from "./weightsFile.ts";
