import type { Answer } from "../lib/verb.ts";
import { writeDocumentPart } from "./document.ts";
import { benchEpoch } from "./epoch.ts";
import type { BenchAnswer, BenchOptions } from "./options.ts";
import { benchScaling } from "./scaling.ts";
import { benchHeadline, benchMnist } from "./segment.ts";

const benchmarks: [string, (options: BenchOptions) => Promise<BenchAnswer>][] = [
  ["headline", benchHeadline],
  ["portable", (options) => benchHeadline({ ...options, portable: true })],
  ["mnist", benchMnist],
  ["epoch", benchEpoch],
  ["scaling", benchScaling],
];

/** Every benchmark; with --write each part of docs/PERFORMANCE.md as soon as it is measured. */
export async function benchAll(options: BenchOptions): Promise<Answer> {
  const answers: [string, BenchAnswer][] = [];
  for (const [name, run] of benchmarks) {
    console.error(name);
    const answer = await run(options);
    answers.push([name, answer]);
    if (options.write === true) writeDocumentPart(answer.document);
  }
  return {
    json: Object.fromEntries(answers.map(([name, { json }]) => [name, json])),
    text: answers.flatMap(([name, { text }]) => [`== ${name}`, "", ...text, ""]),
  };
}
