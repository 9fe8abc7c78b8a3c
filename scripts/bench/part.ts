import { readFileSync } from "node:fs";

/** Makes this process a part of a benchmark: a JSON object on stdin, one on stdout, or a line on stderr and exit code 1. */
export async function answer<Input, Output>(
  part: (input: Input) => Output | Promise<Output>,
): Promise<void> {
  try {
    const output = await part(JSON.parse(readFileSync(0, "utf8")) as Input);
    process.stdout.write(JSON.stringify(output));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(
      `  ${process.env["TRAINPROOF_DEBUG"] ? String((error as Error).stack) : message}`,
    );
    process.exitCode = 1;
  }
}
