/**
 * The verbs on a GPU, or on the simulator that the addon is linked with: `doctor`, `prove` with and without `--fallback`, `verify` and
 * `bench headline`, each in a process of its own and from outside, as a user calls them.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export type Check = (name: string, ok: boolean, detail?: string) => void;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const program = path.resolve(import.meta.dirname, "../trainproof.mjs");

/** Two segments of two steps, digits of 8 bits: a simulator takes seconds. */
const plan = {
  name: "cuda",
  widths: [4, 5, 3],
  fixedPoint: { fA: 8, fG: 9, R: 24, sigma: 7, b: 8, dv: 2, dg: 2 },
  eta: 4,
  batch: 2,
  steps: 4,
  segmentSteps: 2,
  start: { seed: `0x${"11".repeat(32)}` },
  scheduleSeed: `0x${"22".repeat(32)}`,
  data: {
    train: { format: "csv", file: "data.csv", labelColumns: ["class"] },
    labels: { encoding: "oneHot", classes: 3 },
  },
};

function writePlan(folder: string): string {
  const lines = Array.from({ length: 12 }, (_, i) =>
    [...[7, 11, 13, 17].map((k) => (((i + 1) * k) % 32) / 64), i % 3].join(","),
  );
  writeFileSync(path.join(folder, "data.csv"), ["a,b,c,d,class", ...lines, ""].join("\n"));
  const file = path.join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

/** `simulated`: a launch can be made to fail. */
export async function checkVerbs(check: Check, addon: string, simulated: boolean): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-cuda-verbs-"));
  const verb = (args: string[], env: Record<string, string> = {}) =>
    new Promise<Ended>((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...process.env, TRAINPROOF_ADDON: addon, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
    });
  const is = (name: string, ok: boolean, { stdout, stderr }: Ended) =>
    check(name, ok, ok ? "" : `${stdout}${stderr}`);
  /** What `--json` printed; nothing where that is no object. */
  const answer = ({ stdout }: Ended): Record<string, unknown> => {
    try {
      return JSON.parse(stdout) as Record<string, unknown>;
    } catch {
      return {};
    }
  };
  const verifies = async (run: string) => {
    const ended = await verb(["verify", run, "--json"]);
    return ended.code === 0 && answer(ended)["ok"] === true;
  };
  try {
    const file = writePlan(folder);
    const doctor = await verb(["doctor", "--json"]);
    const findings = (answer(doctor)["findings"] ?? []) as {
      what: string;
      ok: boolean;
      detail: string;
    }[];
    const found = (what: string) => findings.find((finding) => finding.what === what);
    const cuda = found("CUDA");
    is(
      "doctor names the GPU, its memory and the driver",
      cuda?.ok === true &&
        /cuda:0 .+compute \d+\.\d, [\d.]+ GiB; driver for CUDA/.test(cuda.detail),
      doctor,
    );
    is("auto takes the GPU", /backend cuda:0/.test(found("native prover")?.detail ?? ""), doctor);

    const run = path.join(folder, "run");
    const proved = await verb(["prove", file, "--run", run, "--device", "cuda:0", "--json"]);
    is(
      "prove --device cuda:0 proves a run that verify accepts",
      proved.code === 0 && (await verifies(run)),
      proved,
    );

    const none = path.join(folder, "none");
    const missing = await verb(["prove", file, "--run", none, "--device", "cuda:99"]);
    is(
      "a GPU that there is not is refused by name, and leaves no run folder",
      missing.code !== 0 && missing.stderr.includes("cuda:99") && !existsSync(none),
      missing,
    );

    if (simulated) await checkFailures();

    const bench = await verb(["bench", "headline", "--small", "--device", "cuda:0"]);
    const phases = ["train", "commit digits", "lookup", "zkrelu", "opening", "total"];
    is(
      "bench headline --device cuda:0 prints the table of phases and names the device",
      bench.code === 0 &&
        bench.stdout.includes("cuda:0") &&
        phases.every((phase) => new RegExp(`^ *${phase} .*s`, "m").test(bench.stdout)),
      bench,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  /** Launches of more than a few instructions a thread fail, as on a GPU whose watchdog ends them. */
  async function checkFailures(): Promise<void> {
    const failing = { PTXSIM_MAX_INSTR: "20000" };
    const file = path.join(folder, "plan.json");
    const run = path.join(folder, "failed");
    const failed = await verb(["prove", file, "--run", run, "--device", "cuda:0"], failing);
    is(
      "a launch that fails ends prove with the operation's name, not on the CPU",
      failed.code !== 0 && /failed|kernel/.test(failed.stderr) && !failed.stderr.includes("CPU:"),
      failed,
    );
    const fallback = ["prove", file, "--run", run, "--device", "cuda:0", "--fallback"];
    const fallen = await verb(fallback, failing);
    is(
      "with --fallback the CPU goes on with the same run, says so, and verify accepts it",
      fallen.code === 0 &&
        fallen.stderr.includes("going on with the CPU: ") &&
        (await verifies(run)),
      fallen,
    );
  }
}
