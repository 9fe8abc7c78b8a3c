import { mnistPaths } from "../../src/dataset/index.ts";
import type { Answer } from "../lib/verb.ts";
import {
  type BenchCase,
  headlineTargets,
  mnistSegment,
  mnistTargets,
  network,
  smallNetwork,
  type Targets,
} from "./cases.ts";
import { describeCase } from "./describe.ts";
import { measureSegment, type SegmentMeasurement } from "./measureSegment.ts";
import type { BenchOptions } from "./options.ts";
import { paperLine, phaseRows, remarks, targetRows } from "./report.ts";
import { textTable } from "./table.ts";

function measure(bench: BenchCase, options: BenchOptions): Promise<SegmentMeasurement> {
  const { threads, portable, repeat, small: quick } = options;
  const onProgress = (what: string) => console.error(`  ${what}`);
  return measureSegment(bench, { threads, portable, repeat, quick, onProgress });
}

function answerOf(measurement: SegmentMeasurement, targets: Targets, more: string[] = []): Answer {
  const { bench, result } = measurement;
  return {
    json: result,
    text: [
      describeCase(bench),
      ...remarks(measurement),
      ...more,
      "",
      ...textTable(phaseRows(result, bench.steps)),
      "",
      ...textTable(targetRows(result, targets)),
    ],
  };
}

/** zkDL's headline network, or with --small a toy of its shape. */
export async function benchHeadline(options: BenchOptions): Promise<Answer> {
  const small = options.small === true;
  const measurement = await measure(small ? smallNetwork : network(), options);
  if (small) return answerOf(measurement, {});
  const targets = headlineTargets(options.portable === true);
  return answerOf(measurement, targets, [paperLine(measurement.result)]);
}

/** A segment of the MNIST demo. */
export async function benchMnist(options: BenchOptions): Promise<Answer> {
  mnistPaths(import.meta.dirname); // says what to do where it is missing, before anything is measured
  return answerOf(await measure(mnistSegment, options), mnistTargets);
}
