import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkOutput } from "./outputSchema.ts";

export const program = path.resolve(import.meta.dirname, "../../scripts/trainproof.mjs");

export interface VerbResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a verb with a minimal environment; `ended` resolves when the process is gone, its --json output is what the schema says. */
export function startVerb(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): { child: ChildProcess; ended: Promise<VerbResult> } {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"] ?? "", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<VerbResult>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      try {
        if (code !== null) checkOutput(args, stdout);
        resolve({ code, stdout, stderr });
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
  return { child, ended };
}

export const runVerb = (...parameters: Parameters<typeof startVerb>): Promise<VerbResult> =>
  startVerb(...parameters).ended;

export const tinyPlan = {
  name: "tiny",
  widths: [4, 5, 3],
  fixedPoint: { fA: 8, fG: 10, R: 32, sigma: 8, b: 16, dv: 1, dg: 1 },
  eta: 64,
  batch: 4,
  steps: 12,
  segmentSteps: 8,
  start: { seed: `0x${"11".repeat(32)}` },
  scheduleSeed: `0x${"22".repeat(32)}`,
  data: {
    train: { format: "csv", file: "data.csv", labelColumns: ["class"] },
    labels: { encoding: "oneHot", classes: 3 },
  },
};

/** 40 samples of 4 features in [0, 1) and 3 classes. */
export function tinyCsv(): string {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const features = [7, 11, 13, 17].map((k) => (((i + 1) * k) % 64) / 64);
    return [...features, i % 3].join(",");
  });
  return ["a,b,c,d,class", ...lines].join("\n") + "\n";
}

/** Writes the data and a plan into a folder; returns the plan's file. */
export function writeTiny(folder: string, changes: Record<string, unknown> = {}): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "data.csv"), tinyCsv());
  const file = path.join(folder, "plan.json");
  writeFileSync(file, JSON.stringify({ ...tinyPlan, ...changes }));
  return file;
}
