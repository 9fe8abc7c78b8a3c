import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/**
 * The messages of onnx.proto (IR version 8) that a network of linear layers needs. Numbers are the fields' in
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export type Message = (writer: BinaryWriter) => void;

const FLOAT = 1;

const text =
  (field: number, value: string): Message =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);
const bytes =
  (field: number, value: Uint8Array): Message =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value);
const int =
  (field: number, value: number): Message =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);
const message =
  (field: number, ...parts: readonly Message[]): Message =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    for (const part of parts) part(writer);
    writer.join();
  };

/** A float32 constant of the graph, `data` little-endian. TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
export const initializer = (name: string, dims: readonly number[], data: Uint8Array): Message =>
  message(5, ...dims.map((dim) => int(1, dim)), int(2, FLOAT), text(8, name), bytes(9, data));

/** An operator with integer attributes. NodeProto: input 1, output 2, name 3, op_type 4, attribute 5 (name 1, i 3, type 20 = INT). */
export const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): Message =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, text(1, name), int(3, value), int(20, 2)),
    ),
  );

/** A float32 matrix [batch, columns]. ValueInfoProto: name 1, type 2 (tensor_type 1: elem_type 1, shape 2 (dim 1: value 1, param 2)). */
const matrix = (field: number, name: string, columns: number): Message =>
  message(
    field,
    text(1, name),
    message(
      2,
      message(
        1,
        int(1, FLOAT),
        message(2, message(1, text(2, "batch")), message(1, int(1, columns))),
      ),
    ),
  );

export interface Graph {
  readonly name: string;
  readonly input: { readonly name: string; readonly columns: number };
  readonly output: { readonly name: string; readonly columns: number };
  /** Nodes in an order in which each finds its inputs, and initializers. */
  readonly parts: readonly Message[];
}

/** ONNX's version of the operators, and of the file format. Both are old enough for every runtime in use. */
export const OPSET = 13;
const IR_VERSION = 8;

/** A model file. ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 (version 2), metadata_props 14 (key 1, value 2). */
export function encodeModel(graph: Graph, metadata: Readonly<Record<string, string>>): Uint8Array {
  const { name, input, output, parts } = graph;
  const writer = new BinaryWriter();
  int(1, IR_VERSION)(writer);
  text(2, "trainproof")(writer);
  message(
    7,
    text(2, name),
    ...parts,
    matrix(11, input.name, input.columns),
    matrix(12, output.name, output.columns),
  )(writer);
  message(8, int(2, OPSET))(writer);
  for (const [key, value] of Object.entries(metadata))
    message(14, text(1, key), text(2, value))(writer);
  return writer.finish();
}
