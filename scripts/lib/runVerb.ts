import { spawn } from "node:child_process";
import path from "node:path";

/** A verb as another process, as a user runs it. */
export interface VerbRun {
  args: string[];
  cwd: string;
  /** Added to a minimal environment: nothing else of this process's secrets gets through. */
  env?: Record<string, string>;
}

const entry = path.join(import.meta.dirname, `../trainproof${path.extname(import.meta.filename)}`);

/** Runs a verb with --json and returns its object; progress goes to our stderr. */
export async function runVerb({ args, cwd, env = {} }: VerbRun): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [entry, ...args, "--json"], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => void child.kill("SIGTERM");
  process.once("exit", kill);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  process.off("exit", kill);
  if (code !== 0) throw new Error(`trainproof ${args[0] ?? ""} ended with exit code ${code}`);
  return JSON.parse(output) as Record<string, unknown>;
}
