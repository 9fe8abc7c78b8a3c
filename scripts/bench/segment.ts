import { mnistPaths } from "../../src/dataset/index.ts";
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
import { fenced } from "./document.ts";
import { measureSegment, type SegmentMeasurement } from "./measureSegment.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import { paperLine, phaseRows, remarks, targetRows } from "./report.ts";
import { textTable } from "./table.ts";

function measure(bench: BenchCase, options: BenchOptions): Promise<SegmentMeasurement> {
  const { threads, device, portable, repeat, small: quick } = options;
  const onProgress = (what: string) => console.error(`  ${what}`);
  return measureSegment(bench, { threads, device, portable, repeat, quick, onProgress });
}

function answerOf(
  section: string,
  measurement: SegmentMeasurement,
  targets: Targets,
  more: string[] = [],
): BenchAnswer {
  const { bench, result } = measurement;
  const text = [
    describeCase(bench),
    ...remarks(measurement),
    ...more,
    "",
    ...textTable(phaseRows(measurement)),
    "",
    ...textTable(targetRows(result, targets)),
  ];
  return { json: result, text, document: { section, lines: fenced(text) } };
}

/** zkDL's headline network, or with --small a toy of its shape. */
export async function benchHeadline(options: BenchOptions): Promise<BenchAnswer> {
  const { small = false, portable = false } = options;
  const section = portable ? "portable" : "headline";
  const measurement = await measure(small ? smallNetwork : network(), options);
  if (small) return answerOf(section, measurement, {});
  const paper = paperLine(measurement.result);
  return answerOf(section, measurement, headlineTargets(portable, measurement.result.device), [
    paper,
  ]);
}

/** A segment of the MNIST demo. */
export async function benchMnist(options: BenchOptions): Promise<BenchAnswer> {
  mnistPaths(import.meta.dirname); // says what to do where it is missing, before anything is measured
  return answerOf("mnist", await measure(mnistSegment, options), mnistTargets);
}
