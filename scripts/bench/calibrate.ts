import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  type CostModel,
  CostModelSchema,
  type CostPhase,
  DATA_PHASE,
  dataTerms,
  nodeBytes,
  PARTS,
  PHASES,
  phaseSeconds,
  termsOf,
} from "../../src/cost/index.ts";
import { shapeOf } from "../../src/protocol/index.ts";
import { measureProbe } from "../../src/proposal/index.ts";
import { NativeProver } from "../../src/prover/index.ts";
import { packageFile } from "../lib/package.ts";
import { CALIBRATION, type CalibrationCase, SMALL_CALIBRATION } from "./calibrationCases.ts";
import { draftOf } from "./caseStatement.ts";
import { BenchProcessError, runPart } from "./children.ts";
import { type Observation, fitFactors } from "./fit.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import type { ProveReport, ProveRequest } from "./proveSegment.ts";
import { markdownTable, ratio, type Rows, textTable } from "./table.ts";
import type { VerifyReport, VerifyRequest } from "./verifySegment.ts";

/** A case with what it took, by predicted phase. */
interface Measured extends CalibrationCase {
  readonly seconds: Record<CostPhase, number>;
  readonly dataSeconds: number;
  readonly peakBytes: number;
  readonly predictedBytes: number;
  readonly proofBytes: number;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The prover's phases, put together as the model has them. */
function phasesOf(prove: ProveReport, verify: VerifyReport): Record<CostPhase, number> {
  const named = new Set(Object.values(PARTS).flat());
  const own = (phase: CostPhase) =>
    sum((PARTS[phase] ?? []).map((name) => prove.phases[name] ?? 0));
  const rest = Object.entries(prove.phases).filter(([name]) => !named.has(name));
  return {
    ...(Object.fromEntries(PHASES.map((phase) => [phase, own(phase)])) as Record<
      CostPhase,
      number
    >),
    rest: sum(rest.map(([, seconds]) => seconds)),
    verify: sum(Object.values(verify.phases)),
  };
}

async function measureCase(one: CalibrationCase, threads: number | undefined): Promise<Measured> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-bench-"));
  try {
    // Twice: the first segment of a process pays for the first touch of its memory, a run's others do not.
    const request: ProveRequest = { bench: one.bench, folder, threads, repeat: 2 };
    const prove = await runPart<ProveRequest, ProveReport>("proveSegment", request);
    const verify = await runPart<VerifyRequest, VerifyReport>("verifySegment", { folder });
    if (!verify.verdict.ok)
      throw new BenchProcessError(`the proof was rejected: ${verify.verdict.check}`);
    const { dataSetSeconds: dataSeconds, peakBytes, proofBytes, predictedBytes } = prove;
    return {
      ...one,
      seconds: phasesOf(prove, verify),
      dataSeconds,
      peakBytes,
      proofBytes,
      predictedBytes:
        Math.max(predictedBytes.train, predictedBytes.prove) + nodeBytes(one.bench.widths),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The least of two measurements of a case, phase by phase: what disturbed one of them does not count. */
function least(a: Measured, b: Measured | undefined): Measured {
  if (b === undefined) return a;
  const seconds = Object.fromEntries(
    PHASES.map((phase) => [phase, Math.min(a.seconds[phase], b.seconds[phase])]),
  ) as Record<CostPhase, number>;
  return { ...a, seconds, dataSeconds: Math.min(a.dataSeconds, b.dataSeconds) };
}

/** The factors that fit what was measured, without the cases that are held out. */
function fitModel(
  measured: readonly Measured[],
  machine: Pick<CostModel, "cpu" | "threads" | "probe">,
): CostModel {
  const fitted = measured.filter(({ heldOut }) => !heldOut);
  const factors = (of: (one: Measured) => Observation) => fitFactors(fitted.map(of)).map(short);
  const phases = PHASES.map((phase) => [
    phase,
    factors(({ bench, seconds }) => ({
      terms: termsOf(draftOf(bench))[phase],
      seconds: seconds[phase],
    })),
  ]);
  return CostModelSchema.parse({
    format: "trainproof-cost/1",
    ...machine,
    phases: Object.fromEntries(phases) as CostModel["phases"],
    [DATA_PHASE]: factors(({ bench, dataSeconds }) => ({
      terms: dataTerms(bench.samples, bench.widths[0]! + bench.widths.at(-1)!),
      seconds: dataSeconds,
    })),
  });
}

/** Four digits are more than a machine tells. */
const short = (x: number) => Number(x.toPrecision(4));

const PROVING: readonly CostPhase[] = PHASES.filter((p) => p !== "train" && p !== "verify");

/** Predicted over measured, case by case: 1 is right, 2 is twice as much as it took. */
function ratioRows(model: CostModel, measured: readonly Measured[]): Rows {
  return [
    ["case", "train", "prove", "in all", "verify", "data set", "memory", ""],
    ...measured.map((one) => {
      const { bench, seconds, heldOut } = one;
      const predicted = phaseSeconds(model, draftOf(bench));
      const over = (phases: readonly CostPhase[]) =>
        ratio(sum(phases.map((p) => predicted[p])) / sum(phases.map((p) => seconds[p])));
      const terms = dataTerms(bench.samples, bench.widths[0]! + bench.widths.at(-1)!);
      const data = sum(terms.map((term, i) => term * model[DATA_PHASE][i]!));
      return [
        one.name,
        over(["train"]),
        over(PROVING),
        over(["train", ...PROVING]),
        over(["verify"]),
        ratio(data / one.dataSeconds),
        ratio(one.predictedBytes / one.peakBytes),
        heldOut ? "held out" : "",
      ];
    }),
  ];
}

/** Measures the calibration's cases, fits the cost model, and says how well it predicts; --write writes data/cost.json. */
export async function benchCalibrate(options: BenchOptions): Promise<BenchAnswer> {
  const { threads, small = false, write = false, repeat = 1 } = options;
  const prover = await NativeProver.load({
    device: "cpu",
    ...(threads === undefined ? {} : { threads }),
  });
  const info = prover.info();
  const probe = await measureProbe(prover);
  const cases = small ? SMALL_CALIBRATION : CALIBRATION;
  const best = new Map<string, Measured>();
  for (let pass = 0; pass < repeat; pass++)
    for (const one of cases) {
      console.error(`  ${one.name}`);
      const result = await measureCase(one, threads);
      const { proofBytes } = shapeOf(draftOf(one.bench));
      if (proofBytes !== result.proofBytes)
        throw new BenchProcessError(
          `${one.name}: the proof has ${result.proofBytes} bytes, predicted were ${proofBytes}`,
        );
      best.set(one.name, least(result, best.get(one.name)));
    }
  const measured = [...best.values()];
  const cpu = os.cpus()[0]?.model ?? info.cpu;
  const { threads: used } = info;
  const model = fitModel(measured, {
    cpu,
    threads: used,
    probe: { train: short(probe.train), commit: short(probe.commit), prove: short(probe.prove) },
  });
  if (write) writeFileSync(packageFile("data/cost.json"), `${JSON.stringify(model, null, 2)}\n`);
  const rows = ratioRows(model, measured);
  const head = `${cpu}, ${used} threads. Predicted over measured; proof sizes were exact.`;
  return {
    json: { model, cases: measured.map(({ bench: _, ...one }) => one) },
    text: [head, "", ...textTable(rows)],
    document: { section: "calibrate", lines: [head, "", ...markdownTable(rows)] },
  };
}
