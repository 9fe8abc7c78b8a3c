import { spawn } from "node:child_process";
import path from "node:path";

/** A process that could not finish its part of a benchmark. */
export class BenchProcessError extends Error {
  override readonly name = "BenchProcessError";
}

/** Runs a program to its end and returns what it prints; its stderr is ours. */
export async function outputOf(
  command: string,
  args: readonly string[],
  options: { input?: string; portable?: boolean } = {},
): Promise<string> {
  const inherited = { ...process.env };
  delete inherited["TRAINPROOF_PORTABLE"];
  const child = spawn(command, args, {
    env: options.portable === true ? { ...inherited, TRAINPROOF_PORTABLE: "1" } : inherited,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const kill = () => void child.kill("SIGTERM");
  process.once("exit", kill);
  child.stdin.on("error", () => undefined); // its exit code says more
  child.stdin.end(options.input ?? "");
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? String(code)));
  });
  process.off("exit", kill);
  if (ended !== "0")
    throw new BenchProcessError(
      `${path.basename(args[0] ?? command)} ended with ${ended}${ended === "SIGKILL" ? ": out of memory?" : ""}`,
    );
  return output;
}

/** Runs one of this folder's programs with a JSON object on stdin; it answers with one on stdout. */
export async function runPart<Input, Output>(
  part: "proveSegment" | "verifySegment" | "proveEpoch" | "verifyEpoch",
  input: Input,
  options: { portable?: boolean } = {},
): Promise<Output> {
  const file = path.join(import.meta.dirname, `${part}${path.extname(import.meta.filename)}`);
  const output = await outputOf(process.execPath, [file], {
    ...options,
    input: JSON.stringify(input),
  });
  return JSON.parse(output) as Output;
}
