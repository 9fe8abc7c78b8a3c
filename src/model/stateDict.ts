import { ModelFileError } from "./errors.ts";
import { type FloatType, readFloats } from "./floatTensor.ts";
import { decodeSafetensors, type Tensor } from "./safetensors.ts";

/** A layer as floating-point numbers, row-major (n_{l−1} + 1) × n_l, bias row last, as weights are (PROTOCOL §4). */
export interface FloatLayer {
  readonly values: Float64Array;
  /** What its weight and its bias were stored as. */
  readonly type: FloatType;
  readonly biasType: FloatType;
}

/** How a network is to be found in a file. */
export interface StateDictOptions {
  /** n_0 … n_L. */
  readonly widths: readonly number[];
  /** The L modules in order, as net.0: their tensors are <name>.weight and <name>.bias. Default: found by shape or number. */
  readonly names?: readonly string[];
}

const WEIGHT = ".weight";

/** Modules that differ in a number alone (net.0, net.2, net.10; fc1, fc2) in its order; undefined for other names. */
function byNumber(modules: readonly string[]): string[] | undefined {
  const split = modules.map((name) => /^(.*?)(\d+)$/s.exec(name));
  const prefixes = new Set(split.map((match) => match?.[1]));
  if (prefixes.size !== 1 || split.some((match) => match === null)) return undefined;
  return split.sort((a, b) => Number(a![2]) - Number(b![2])).map((match) => match![0]);
}

/** The one order in which the modules' shapes chain up to the widths; undefined where there is not exactly one. */
function byShape(
  modules: readonly string[],
  shapeOf: (module: string) => string,
  widths: readonly number[],
): string[] | undefined {
  const order: string[] = [];
  for (let layer = 1; layer < widths.length; layer++) {
    const shape = `${widths[layer]!},${widths[layer - 1]!}`;
    const fitting = modules.filter((module) => shapeOf(module) === shape);
    if (fitting.length !== 1) return undefined;
    order.push(fitting[0]!);
  }
  return order;
}

function moduleOrder(
  file: string,
  tensors: ReadonlyMap<string, Tensor>,
  { widths, names }: StateDictOptions,
): readonly string[] {
  const layers = widths.length - 1;
  const found = [...tensors.keys()].filter((name) => name.endsWith(WEIGHT));
  const modules = found.map((name) => name.slice(0, -WEIGHT.length));
  const listed = `The file has: ${[...tensors.keys()].join(", ")}`.slice(0, 300);
  if (names !== undefined) {
    if (names.length === layers && new Set(names).size === layers) return names;
    throw new ModelFileError(
      file,
      `${names.length} names for a network of ${layers} layers.`,
      'Give each layer\'s module once, in order, in "names".',
    );
  }
  const strange = [...tensors.keys()].filter(
    (name) => !modules.some((module) => name === module + WEIGHT || name === `${module}.bias`),
  );
  if (modules.length !== layers || strange.length > 0)
    throw new ModelFileError(
      file,
      `${modules.length} weights${strange.length > 0 ? ` and other tensors (${strange[0]!.slice(0, 80)})` : ""}; the widths need ${layers} linear layers and nothing else.`,
      `Name the layers' modules in order in "names". ${listed}`,
    );
  const order =
    byNumber(modules) ??
    byShape(modules, (module) => tensors.get(module + WEIGHT)!.shape.join(), widths);
  if (order !== undefined) return order;
  throw new ModelFileError(
    file,
    "the order of the layers shows neither in their names nor in their shapes.",
    `Name the layers' modules in order in "names". ${listed}`,
  );
}

/** The one order in which each module takes what the one before gives; undefined where there is not exactly one. */
function byChain(
  modules: readonly string[],
  shapeOf: (module: string) => readonly number[],
): string[] | undefined {
  const outputs = new Set(modules.map((module) => shapeOf(module)[0]));
  let next = modules.filter((module) => !outputs.has(shapeOf(module)[1]));
  const order: string[] = [];
  while (order.length < modules.length) {
    if (next.length !== 1) return undefined;
    const [one] = next as [string];
    order.push(one);
    const [width] = shapeOf(one);
    next = modules.filter((module) => !order.includes(module) && shapeOf(module)[1] === width);
  }
  return order;
}

/**
 * n_0 … n_L of the linear layers in a PyTorch state_dict, by their names, numbers or shapes. Errors: ModelFileError.
 *
 * @param names - the modules in order, where they cannot be told.
 */
export function stateDictWidths(
  bytes: Uint8Array,
  file: string,
  names?: readonly string[],
): number[] {
  const { tensors } = decodeSafetensors(bytes, file);
  const all = [...tensors.keys()];
  const found = all
    .filter((name) => name.endsWith(WEIGHT))
    .map((name) => name.slice(0, -WEIGHT.length));
  const shapeOf = (module: string) => tensors.get(module + WEIGHT)?.shape ?? [];
  const order = names ?? byNumber(found) ?? byChain(found, shapeOf);
  const listed = `The file has: ${all.join(", ")}`.slice(0, 300);
  if (order === undefined || order.length === 0)
    throw new ModelFileError(
      file,
      "its linear layers, or their order, show neither in names nor in shapes.",
      `Name the layers' modules in order. ${listed}`,
    );
  const widths = [shapeOf(order[0]!)[1] ?? 0];
  for (const module of order) {
    const shape = shapeOf(module);
    if (shape.length !== 2 || shape[1] !== widths.at(-1))
      throw new ModelFileError(
        file,
        `${module}${WEIGHT} is ${tensors.has(module + WEIGHT) ? `of shape [${shape.join(", ")}]` : "missing"}; a layer of ${widths.at(-1)} inputs is needed there.`,
        `Name the linear layers' modules in order. ${listed}`,
      );
    widths.push(shape[0]!);
  }
  return widths;
}

/**
 * Reads a PyTorch state_dict of linear layers from safetensors: <module>.weight of shape [n_l, n_{l−1}] and <module>.bias of
 * shape [n_l]; a missing bias is 0. Errors: ModelFileError, which names tensors and never values.
 */
export function decodeStateDict(
  bytes: Uint8Array,
  file: string,
  options: StateDictOptions,
): FloatLayer[] {
  const { tensors } = decodeSafetensors(bytes, file);
  const { widths } = options;
  const need = (name: string, shape: readonly number[]): Tensor => {
    const tensor = tensors.get(name);
    if (tensor?.shape.join() === shape.join()) return tensor;
    throw new ModelFileError(
      file,
      `tensor ${JSON.stringify(name)} is ${tensor ? `of shape [${tensor.shape.join(", ")}]` : "missing"}; the plan's widths need [${shape.join(", ")}].`,
      'Correct "widths" or "names" in the plan. '.concat(
        `The file has: ${[...tensors.keys()].join(", ")}`.slice(0, 300),
      ),
    );
  };
  return moduleOrder(file, tensors, options).map((module, index) => {
    const [inputs, outputs] = [widths[index]!, widths[index + 1]!];
    const weight = need(module + WEIGHT, [outputs, inputs]);
    const hasBias = tensors.has(`${module}.bias`);
    const bias = hasBias ? need(`${module}.bias`, [outputs]) : undefined;
    const values = new Float64Array((inputs + 1) * outputs);
    readFloats(weight, module + WEIGHT, file).forEach((value, i) => {
      values[(i % inputs) * outputs + Math.floor(i / inputs)] = value;
    });
    if (bias) values.set(readFloats(bias, `${module}.bias`, file), inputs * outputs);
    const type = weight.type as FloatType;
    return { values, type, biasType: (bias?.type as FloatType | undefined) ?? type };
  });
}
