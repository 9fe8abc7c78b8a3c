/**
 * What the CUDA backend has to do for one segment of 3072-1024×8-10, batch 64, T = 16, counted from the kernels' sources, and the time
 * that this predicts on an H100. No GPU has run it.
 */

/** One H100 SXM: 132 SMs, 64 multiplier lanes each at 1.7 GHz; a field product is 136 multiplier instructions. */
const multiplierLanes = 132 * 64 * 1.7e9;
const bandwidth = 3.35e12;
/** Wide multiplications at half rate: the lower of the two peaks that fit NVIDIA's tables (54 and 106 G products a second). */
const wideRate = 0.5;
/** Of either peak; nothing here has run. */
const efficiency = 0.5;
/** Host memory through pinned pieces, both ways. */
const hostBandwidth = 12e9;

const [T, B, L] = [16, 64, 9];
const widths = [3072, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 10];
const TB = T * B;
const phi = widths.slice(1).reduce((a, b) => a + b, 0);
const kinds = 6; // dv + dr + dg + dr digits of 16 bits at R = 32
const digits = kinds * phi * TB;
const bits = phi * TB;
const batch = (widths[0]! + widths[L]!) * TB;
const weights = widths
  .slice(1)
  .reduce((sum, n, l) => sum + (widths[l]! + 1) * 2 ** Math.ceil(Math.log2(n)), 0);
const columns = 4096; // κ = 12
const rows = {
  digits: Math.ceil(digits / columns),
  bits: Math.ceil(bits / columns),
  weights: Math.ceil(weights / columns),
};
const leaves = digits + batch;

const [product, lazy, reduction] = [136, 64, 72];
const mixedAddition = 10 * product;
const fullAddition = 14 * product;
const doubling = 9 * product;

interface Work {
  kernel: string;
  what: string;
  /** Multiplier instructions, and bytes of device memory. */
  instructions: number;
  bytes: number;
}

/** Rows of integers in windows of 8 bits, and what is left of a block's threads at the end. */
function commitment(
  name: string,
  count: number,
  rowCount: number,
  windows: number,
  used: number,
): Work[] {
  const threads = 64;
  const last = rowCount * used * threads * 6 * fullAddition;
  const doublings =
    rowCount * 32 * (8 * (windows - 1) * doubling + mixedAddition + 5 * fullAddition);
  return [
    {
      kernel: "window_sums",
      what: `${name}: ${used} addition${used > 1 ? "s" : ""} an entry`,
      instructions: count * used * mixedAddition + last,
      bytes: count * used * (64 + 2),
    },
    {
      kernel: "combine_windows, to_affine",
      what: name,
      instructions: doublings + rowCount * 380 * product,
      bytes: rowCount * windows * 128,
    },
  ];
}

function segment(): Work[] {
  const element = 32;
  // Rounds of a LogUp level of n entries: the first has n/4 nodes, the folded ones n/8, n/16, …
  const bracket = 2 * lazy + reduction + 2 * lazy + reduction;
  const first = product + 2 * bracket + 2 * product;
  const folded = 8 * product + first;
  const onesFirst = product + 4 * product;
  const onesFolded = 4 * product + onesFirst;
  const bracketsOfLeaves = (leaves / 4) * (onesFirst + onesFolded);
  // Entries of p or q of all levels above the leaves: n/2 + n/4 + …
  const above = leaves;
  const pairs = bits;
  const parts = 5;
  const zkReluPair =
    parts * (2 * 1.5 * lazy + 2 * reduction + 3 * lazy) + 3 * (reduction + product);
  const small = 32; // an int64 with a field element
  // Pairs of all rounds and terms: F over (t, k), B over (t, j), U over (t, i), E over features, O over its claims' columns and rows.
  const productPairs =
    L * T * 4096 + (L - 1) * T * 1024 + (3 * L - 1) * TB + 10 * 2 ** 14 + 60 * 4096 + rows.digits;
  const macs = widths.slice(1).reduce((sum, n, l) => sum + (widths[l]! + 1) * n, 0) * B;
  return [
    ...commitment("digits D", digits, rows.digits, 2, 2),
    ...commitment("bits M, half of them zero", bits / 2, rows.bits, 1, 1),
    ...commitment("weights W^out of 40 bits", weights, rows.weights, 5, 5),
    {
      kernel: "lookup_leaves, fraction_parents",
      what: "both trees' levels",
      instructions: leaves * 34 + (leaves / 2) * (product + product + 2 * lazy + reduction),
      bytes: leaves * (2 + element) + leaves * element * 2 + above * element * 3,
    },
    {
      kernel: "logup_round",
      what: "tree 1's leaves, p all ones",
      instructions: bracketsOfLeaves,
      bytes: leaves * element * 4,
    },
    {
      kernel: "logup_round",
      what: "all levels above",
      instructions: (above / 4) * (first + folded),
      bytes: above * element * 2 * 4,
    },
    {
      // A column is written once, read by the first round, and by each later one, which writes the half of it that is left.
      kernel: "zkrelu_round, combine_digits",
      what: `${parts} parts, folds of the columns on the way`,
      instructions: pairs * zkReluPair + 3 * pairs * product + 3 * bits * 48,
      bytes: 3 * bits * element * 5,
    },
    {
      kernel: "weighted_row_sum, row_dot",
      what: "some ten passes over weights, activations and gradients, three over digits",
      instructions: 10 * (weights + 2 * bits) * small + 3 * digits * 16,
      bytes: 10 * (weights + 2 * bits) * 8 + 3 * digits * 2,
    },
    {
      // Of a pair at most: two tables folded and a third factor, three sums; eight entries read, four written. Their tables and
      // sums before the rounds cost about as much again.
      kernel: "product_round, eq_table, product_sum",
      what: "F, B, U, E, O over vectors, folds on the way",
      instructions: 2 * productPairs * (6 * product + 2 * product + 3 * lazy),
      bytes: 2 * productPairs * 12 * element,
    },
    {
      kernel: "integer_product",
      what: "forward, backward, update; one wide and two narrow instructions a product",
      // Narrow ones go at the full rate.
      instructions: 3 * macs * T * (1 + 2 * wideRate),
      bytes: 3 * weights * 8 * T,
    },
    {
      kernel: "copies",
      what: "the trace's tensors to their places, and out of them",
      instructions: 0,
      bytes: (batch * 4 + digits * 2 + bits * 17) * 3,
    },
    {
      kernel: "memset",
      what: "wiping what was freed, once an operation",
      instructions: 0,
      bytes:
        (leaves + above * 2) * element +
        3 * bits * element * 1.5 +
        batch * 4 +
        digits * 2 +
        bits * 17,
    },
  ];
}

const milli = (seconds: number) => (seconds * 1000).toFixed(2);
const giga = (x: number) => (x / 1e9).toFixed(x < 1e8 ? 3 : 1);

export function modelTables(): { work: string; prediction: string } {
  const list = segment();
  const seconds = ({ instructions, bytes }: Work) =>
    Math.max(
      instructions / (multiplierLanes * wideRate * efficiency),
      bytes / (bandwidth * efficiency),
    );
  const kernels = list.reduce((sum, work) => sum + seconds(work), 0);
  const depth = 26;
  const rounds = (depth * (depth - 1)) / 2 + (16 * 15) / 2 + 16 + 14 + 10 + 24 + 26;
  // Counted in a run of as many layers and steps under the simulator (trainproof_test_segment, widths=4,3,3,3,3,3,3,3,3,2 tau=4 beta=1
  // b=8 start=1): 6117 launches, copies and fills beside those of the rounds, which are two each; 378 waits beside theirs and
  // training's. Some hundred blocks are wiped.
  const operations = 6500 + 2 * rounds;
  const readings = 378;
  const waits = 7 * L * T;
  const toDevice = batch * 4;
  const rest: [string, number][] = [
    [`${rounds} dependent rounds: wait, transcript, tables of eq: 20 µs each`, rounds * 20e-6],
    [
      `${waits.toLocaleString("en")} waits for what training says of its ranges, 10 µs each`,
      waits * 10e-6,
    ],
    [`${readings} waits for bound values, sums and commitments, 10 µs each`, readings * 10e-6],
    [
      `${operations.toLocaleString("en")} launches, copies and fills on the stream, 4 µs each`,
      operations * 4e-6,
    ],
    ["host: eq tables of LogUp, row weights, blindings, transcript of commitments", 10e-3],
    [
      `the batch to the device, ${giga(toDevice)} GB in ${milli(toDevice / hostBandwidth)} ms: beside the proof of the segment before`,
      0,
    ],
    [
      `W^out to the host, ${giga(weights * 8)} GB in ${milli((weights * 8) / hostBandwidth)} ms: beside the proof`,
      0,
    ],
  ];
  const total = kernels + rest.reduce((sum, [, s]) => sum + s, 0);
  return {
    work: [
      "| kernel | for | G multiplier instructions | GB | predicted ms a segment |",
      "| --- | --- | ---: | ---: | ---: |",
      ...list.map(
        (work) =>
          `| ${work.kernel} | ${work.what} | ${giga(work.instructions)} | ${giga(work.bytes)} | ${milli(seconds(work))} |`,
      ),
    ].join("\n"),
    prediction: [
      `| of one segment, T = ${T} | predicted ms | ms a step |`,
      "| --- | ---: | ---: |",
      `| kernels, at half of the lower peak and of the bandwidth | ${milli(kernels)} | ${milli(kernels / T)} |`,
      ...rest.map(([what, s]) => `| ${what} | ${milli(s)} | ${milli(s / T)} |`),
      `| **sum, nothing but these two copies overlapping** | **${milli(total)}** | **${milli(total / T)}** |`,
    ].join("\n"),
  };
}
