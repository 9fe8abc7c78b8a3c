import { encodeModel, initializer, type Message, node } from "./onnxProto.ts";
import { littleEndian, torchLayers } from "./torch.ts";
import type { Weights } from "./weights.ts";

/** How raw features become what the network sees: ⌊(v − subtract) / divideBy · 2^fA + ½⌋ / 2^fA. */
export interface InputScaling {
  readonly subtract: number;
  readonly divideBy: number;
  readonly fA: number;
}

export interface OnnxOptions {
  readonly R: number;
  /** Of the linear layers' parameters. */
  readonly names: readonly string[];
  /** Puts the scaling of features before the first layer, so that raw ones are fed. */
  readonly scaling?: InputScaling;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An operator on a matrix and a scalar constant, and the constant. */
const withScalar = (operator: string, input: string, output: string, value: number): Message[] => [
  initializer(`${output}.constant`, [], littleEndian(Float32Array.of(value))),
  node(operator, [input, `${output}.constant`], output),
];

function scalingParts({ subtract, divideBy, fA }: InputScaling, to: string): Message[] {
  return [
    ...withScalar("Sub", "features", "scale.centred", subtract),
    ...withScalar("Div", "scale.centred", "scale.divided", divideBy),
    ...withScalar("Mul", "scale.divided", "scale.raised", 2 ** fA),
    ...withScalar("Add", "scale.raised", "scale.half", 0.5),
    node("Floor", ["scale.half"], "scale.integer"),
    ...withScalar("Mul", "scale.integer", to, 2 ** -fA),
  ];
}

/**
 * The network as an ONNX model (opset 13: Gemm and Relu, in float32): input "features" [batch, n_0], output "outputs"
 * [batch, n_L] in the labels' units. It is not the proven computation, which rounds each layer's result to f_A fraction
 * bits: docs/FILES.md says how far the two are apart. A RangeError beyond 2 GiB, the most that protobuf holds.
 */
export function encodeOnnx(weights: Weights, options: OnnxOptions): Uint8Array {
  const { names, scaling } = options;
  const { widths } = weights;
  const size = widths
    .slice(1)
    .reduce((sum, outputs, index) => sum + 4 * outputs * (widths[index]! + 1), 0);
  if (size > 2 ** 31 - 2 ** 20)
    throw new RangeError(
      `${size} bytes of weights do not fit an ONNX file of 2 GiB; export safetensors instead`,
    );
  const layers = torchLayers(weights, options.R);
  const parts: Message[] = [];
  let from = "features";
  if (scaling) {
    parts.push(...scalingParts(scaling, "scaled"));
    from = "scaled";
  }
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    const name = names[index]!;
    const last = index === layers.length - 1;
    const sum = last ? "outputs" : `${name}.sum`;
    parts.push(
      initializer(`${name}.weight`, [outputs, inputs], littleEndian(weight)),
      initializer(`${name}.bias`, [outputs], littleEndian(bias)),
      node("Gemm", [from, `${name}.weight`, `${name}.bias`], sum, { transB: 1 }),
    );
    if (last) continue;
    from = `${name}.relu`;
    parts.push(node("Relu", [sum], from));
  }
  return encodeModel(
    {
      name: "trainproof",
      input: { name: "features", columns: weights.widths[0]! },
      output: { name: "outputs", columns: weights.widths.at(-1)! },
      parts,
    },
    options.metadata ?? {},
  );
}
