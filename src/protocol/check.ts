import type { Fault } from "./errors.ts";
import { R as ORDER } from "./field.ts";
import { DIGIT_BITS, LIMITS } from "./limits.ts";
import { rangeBits, shapeOf } from "./shape.ts";
import type { Statement } from "./statement.ts";
import { initialBound } from "./weights.ts";

/** Rules of V1 after V1.1 (the bytes), in order; each gives a reason or nothing (PROTOCOL §5). */
const RULES: readonly ((s: Statement) => string | undefined)[] = [
  (s) => outside("L", s.widths.length - 1, 1, LIMITS.layers),
  (s) => first(s.widths.map((n, l) => outside(`n_${l}`, n, 1, LIMITS.width))),
  (s) => (DIGIT_BITS.includes(s.b) ? undefined : `b = ${s.b} is neither 8 nor 16`),
  (s) => outside("R", s.R, 1, LIMITS.remainderBits),
  (s) => (s.R % s.b === 0 ? undefined : `R = ${s.R} is no multiple of b = ${s.b}`),
  (s) => outside("dv", s.dv, 1, LIMITS.valueBits / s.b),
  (s) => outside("dg", s.dg, 1, LIMITS.valueBits / s.b),
  (s) => outside("fG", s.fG, 0, LIMITS.fractionBits),
  (s) => outside("fA", s.fA, 0, s.fG, "fG"),
  (s) => outside("sigma", s.sigma, 0, Math.min(s.fG, s.b - 1), "fG and below b"),
  (s) => (s.eta >= 1n ? undefined : "eta is 0, the least is 1"),
  (s) => outside("x0", s.x0, 0, 2 ** s.b - 1),
  (s) => outside("y0", s.y0, 0, 2 ** s.b - 1),
  (s) => outside("kappa", s.kappa, 0, LIMITS.kappa),
  (s) => outside("n_0 + n_L", s.widths[0]! + s.widths.at(-1)!, 2, 2 ** s.kappa, "2^kappa"),
  (s) => outside("tau", s.tau, 0, LIMITS.tau),
  (s) => outside("beta", s.beta, 0, LIMITS.beta),
  (s) => outside("tau + beta", s.tau + s.beta, 0, LIMITS.omega),
  (s) => outside("samples", s.samples, 2 ** s.beta, LIMITS.samples),
  (s) => outside("firstStep + T", s.firstStep + BigInt(2 ** s.tau), 0, LIMITS.lastStep),
  (s) => outside("depth of the lookup", shapeOf(s).d1, 0, LIMITS.lookupDepth),
  (s) => outside("|W|", shapeOf(s).weightEntries, 0, LIMITS.weightEntries),
  (s) => outside("startKind", s.startKind, 0, 2),
  (s) => outside("hidden values", shapeOf(s).hiddenValues, 0, LIMITS.hiddenValues),
  (s) =>
    s.startKind !== 1 && s.firstStep !== 0n
      ? `startKind ${s.startKind} needs firstStep 0, not ${String(s.firstStep)}`
      : undefined,
  wrapFault,
  (s) => {
    if (s.startKind !== 0) return undefined;
    const bound = shapeOf(s).layers.reduce((most, { inputs }) => {
      const layerBound = initialBound(s.R, inputs);
      return layerBound > most ? layerBound : most;
    }, 0n);
    return s.W0 >= bound
      ? undefined
      : `W0 = ${String(s.W0)} is below ${String(bound)}, the bound of the initial weights`;
  },
  (s) => {
    const power = 1n << BigInt(rangeBits(s.W0) - 1);
    return s.startKind !== 2 || s.W0 === power
      ? undefined
      : `W0 = ${String(s.W0)} is no power of two, the bound of undisclosed weights is 2^(w−1)`;
  },
  (s) => {
    const w = rangeBits(s.W0);
    return s.startKind !== 2 || (w % s.b === 0 && w <= LIMITS.undisclosedBits)
      ? undefined
      : `W0 = 2^${w - 1}, but undisclosed weights have w = ${w} bits in digits of b = ${s.b}: a multiple of b up to ${LIMITS.undisclosedBits}`;
  },
];

/** The first rule of V1 that a statement breaks ("V1.2" …), or undefined if it keeps them all. */
export function checkStatement(s: Statement): Fault | undefined {
  for (const [i, rule] of RULES.entries()) {
    const reason = rule(s);
    if (reason !== undefined) return { check: `V1.${i + 2}`, reason: `statement: ${reason}` };
  }
  return undefined;
}

/** Bounds on activations A, gradients Γ, and weights W after the segment (PROTOCOL §5). */
function bounds(s: Statement): { A: bigint; gamma: bigint; W: bigint } {
  const power = (exponent: number): bigint => 1n << BigInt(exponent);
  const A = max(power(s.b * s.dv), power(s.b), power(s.fA));
  const gamma = max(
    power(s.b * s.dg - 1),
    power(s.fG - s.fA + s.b * s.dv) + power(s.fG - s.sigma + s.b),
  );
  return { A, gamma, W: s.W0 + s.eta * power(s.beta) * A * gamma * power(s.tau) };
}

/** The statement's weight bound: no weight's absolute value exceeds it after the segment. */
export const weightBound = (s: Statement): bigint => bounds(s).W;

/** No integer of the computation may reach r/2, or equations mod r would not bind integers. */
function wrapFault(s: Statement): string | undefined {
  const { A, gamma, W } = bounds(s);
  const most = BigInt(Math.max(...s.widths) + 1) * W * max(A, gamma);
  const remainders = 1n << BigInt(s.R + 1 + s.b * Math.max(s.dv, s.dg));
  const bits = max(most, remainders).toString(2).length;
  return 2n * max(most, remainders) < ORDER
    ? undefined
    : `values of up to ${bits} bits could wrap around r/2 (253 bits): lower W0, eta, tau, beta, or the digits`;
}

function outside(
  name: string,
  value: number | bigint,
  least: number,
  most: number,
  limitName?: string,
): string | undefined {
  if (value >= least && value <= most) return undefined;
  const limit = limitName === undefined ? String(most) : `${most} (${limitName})`;
  return `${name} = ${String(value)} is not in ${least} … ${limit}`;
}

const first = (reasons: (string | undefined)[]): string | undefined =>
  reasons.find((reason) => reason !== undefined);

const max = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
