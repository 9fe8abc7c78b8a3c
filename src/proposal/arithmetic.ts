import type { FixedPoint } from "../artifact/index.ts";
import { type Arithmetic, rateUnit } from "./buildPlan.ts";
import type { DataFacts } from "./inspect.ts";
import type { Trial } from "./trial.ts";
import { proposeScaling } from "./wishes.ts";

/** Fraction bits of features and labels that the data suggests: as many as are exact, else enough to tell values apart. */
function dataBits({ features, labels }: DataFacts): { fA: number; sigma: number } {
  const fA = Math.max(6, proposeScaling(features).exactBits ?? 10);
  return { fA, sigma: labels.classes ? 8 : Math.max(8, proposeScaling(labels).exactBits ?? 10) };
}

/** Ranges so wide that a trial shows what values do: two digits each, and a fine step. */
export function wideArithmetic(
  facts: DataFacts,
  batch: number,
  learningRate: number,
  R = 48,
): Arithmetic {
  const { fA, sigma } = dataBits(facts);
  const fixedPoint = {
    fA,
    fG: Math.max(14, fA, sigma),
    R,
    sigma,
    b: 16 as const,
    dv: 2,
    dg: 2,
  };
  return { fixedPoint, eta: etaOf(learningRate, batch, fixedPoint) };
}

const etaOf = (learningRate: number, batch: number, fixedPoint: FixedPoint): number =>
  Math.max(1, Math.round(learningRate / rateUnit(batch, fixedPoint)));

/** Fewer gradient bits than this lose small gradients. */
const FEW_GRADIENT_BITS = 10;
const MOST_GRADIENT_BITS = 20;
/** The least step integer worth having: it still can be halved twice. */
const LEAST_ETA = 4;

/**
 * The cheapest arithmetic in which training does what it did in the trial: one digit for a quantity where its largest value, times
 * `headroom`, fits, and weights of 32 fraction bits where they can express the learning rate, unless a model has its own `exactR`.
 */
export function chooseArithmetic(
  facts: DataFacts,
  batch: number,
  learningRate: number,
  trial: Pick<Trial, "preActivation" | "gradient">,
  headroom: number,
  exactR?: number,
): Arithmetic {
  const { fA, sigma } = dataBits(facts);
  const exact = proposeScaling(facts.features).exactBits !== undefined;
  const z = Math.max(trial.preActivation, 2 ** -fA) * headroom;
  const g = Math.max(trial.gradient, 2 ** -MOST_GRADIENT_BITS) * headroom;
  // Coarser activations cost nothing; a second digit does. Exact features stay exact.
  const roomy = Math.floor(16 - Math.log2(z));
  const coarser = exact ? fA : Math.max(6, Math.min(fA, roomy));
  const dv = coarser <= roomy ? 1 : 2;
  const finest = Math.floor(15 - Math.log2(g));
  const least = Math.max(coarser, sigma, FEW_GRADIENT_BITS);
  const dg = finest >= least ? 1 : 2;
  const most = Math.max(least, Math.min(MOST_GRADIENT_BITS, dg === 1 ? finest : finest + 16));
  for (const R of exactR === undefined ? [32, 48] : [exactR])
    for (let fG = most; fG >= least; fG--) {
      const fixedPoint = { fA: coarser, fG, R, sigma, b: 16 as const, dv, dg };
      const eta = learningRate / rateUnit(batch, fixedPoint);
      const rounded = Math.round(eta);
      if (rounded >= LEAST_ETA && Math.abs(rounded - eta) <= 0.05 * eta)
        return { fixedPoint, eta: rounded };
    }
  const fixedPoint = { fA: coarser, fG: least, R: exactR ?? 48, sigma, b: 16 as const, dv, dg };
  return { fixedPoint, eta: etaOf(learningRate, batch, fixedPoint) };
}
