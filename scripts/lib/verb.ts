import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type ErrorCode, errorCodeOf } from "../../src/api/index.ts";
import { ProposalError } from "../../src/proposal/index.ts";
import { printable, printableJson } from "../../src/protocol/index.ts";
import { packageFile } from "./package.ts";

/** What a verb's process ends with. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  invalid: 3,
  notFound: 4,
  chain: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const INTERRUPTED = "interrupted";

/** An error of the command line itself. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The answer of a verb: for --json an object, for people lines, which need not be printable; and the exit code. */
export interface Answer {
  json: Record<string, unknown>;
  text: string[];
  code?: ExitCode;
}

export const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as {
  version: string;
};

/** Bytes are 0x…, big integers decimal strings; exact, and nothing in it that a terminal obeys. */
export const toJson = (value: unknown) =>
  printableJson(
    JSON.stringify(
      value,
      (_, item: unknown) => (typeof item === "bigint" ? String(item) : item),
      2,
    ),
  );

/** A verb's command, with the options that all have. */
export function verb(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--json", "print one JSON object on stdout; progress stays on stderr")
    .showHelpAfterError("(--help shows the options)")
    .exitOverride();
}

/** Options of the verbs that talk to a chain. */
export function withChain(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--rpc <url>",
        "JSON-RPC endpoint of an Ethereum node; several between commas",
      ).env("TRAINPROOF_RPC_URL"),
    )
    .addOption(
      new Option(
        "--registry <address>",
        "address of the registry (default: the known one on the node's chain)",
      ).env("TRAINPROOF_REGISTRY"),
    );
}

/** Options of the verbs that know disputes. */
export function withDisputes(command: Command): Command {
  return withChain(command).addOption(
    new Option("--disputes <address>", "address of the dispute contract").env(
      "TRAINPROOF_DISPUTES",
    ),
  );
}

/** The argument of --threads. */
export function threadCount(text: string): number {
  if (/^[1-9][0-9]{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number from 1 on.");
}

/** The argument of an option that takes a whole number. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };

/** The argument of --memory, in bytes. */
export function gibibytes(text: string): number {
  const value = Number(text);
  if (value > 0) return value * 2 ** 30;
  throw new InvalidArgumentError("It is a positive number of GiB.");
}

/** Prints a verb's answer: for people a line for each text, whatever is in it (src/protocol/printable.ts). */
export function print(answer: Answer, options: { json?: boolean }): void {
  console.log(options.json === true ? toJson(answer.json) : answer.text.map(printable).join("\n"));
  process.exitCode = answer.code ?? exitCodes.ok;
}

/** Which codes of the library end a process otherwise than with "usage": the user's to change. */
const exitCodeOfError: Partial<Record<ErrorCode, ExitCode>> = {
  FILES_NOT_FOUND: exitCodes.notFound,
  FILES_UNREACHABLE: exitCodes.notFound,
  NOT_FOUND: exitCodes.notFound,
  FILES_ALTERED: exitCodes.invalid,
  FILES_MALFORMED: exitCodes.invalid,
  ENVELOPE_INVALID: exitCodes.invalid,
  CHAIN_UNREACHABLE: exitCodes.chain,
  CHAIN_WRONG: exitCodes.chain,
  CONTRACT_MISSING: exitCodes.chain,
  FUNDS_INSUFFICIENT: exitCodes.chain,
  REFUSED: exitCodes.chain,
  CHAIN_FAILED: exitCodes.chain,
  INDEXER_WRONG: exitCodes.chain,
  WRITE_FAILED: exitCodes.internal,
  INTERNAL: exitCodes.internal,
};

/** The code of an error, for --json. */
const codeOf = (error: unknown): ErrorCode => {
  if (error instanceof ProposalError) return "PLAN_INVALID";
  if (!(error instanceof UsageError)) return errorCodeOf(error);
  return error.message.startsWith(INTERRUPTED) ? "CANCELLED" : "INVALID_ARGUMENT";
};

/** The exit code that an error means. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCodeOfError[codeOf(error)] ?? exitCodes.usage;
}

/** Runs a command to its end: errors become a line on stderr and an exit code, never a stack trace unless asked for. */
export async function main(command: Command): Promise<void> {
  // Who reads through head or less may have seen enough: the verb goes on to its end.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) return; // commander has printed it
    const message = error instanceof Error ? error.message : String(error);
    const code = codeOf(error);
    // These have lines of their own making; in all others a line end is somebody else's.
    const ownLines = code === "PLAN_INVALID" || code.startsWith("PROVER");
    const lines = ownLines ? message.split("\n") : [message];
    console.error(`trainproof: ${lines.map(printable).join("\n")}`);
    if (code === "PROVER_DEVICE") {
      console.error(
        "  trainproof doctor shows what is usable; --device cpu takes the CPU, --fallback does so only after a GPU fails.",
      );
    }
    if (process.argv.includes("--json")) {
      console.log(toJson({ ok: false, error: message, code, exitCode: process.exitCode }));
    }
    if (process.exitCode === exitCodes.internal) {
      const stack = error instanceof Error ? error.stack : undefined;
      if (process.env["TRAINPROOF_DEBUG"]) console.error(stack);
      else console.error("  Set TRAINPROOF_DEBUG=1 for the stack trace.");
    }
  }
}

/**
 * A signal that the user's interrupt aborts: what is finished stays on disk.
 *
 * @param wayOut - how to go on, where that is possible.
 */
export function interruptible(wayOut?: string): AbortSignal {
  const controller = new AbortController();
  const abort = () =>
    controller.abort(new UsageError(`${INTERRUPTED}${wayOut === undefined ? "" : `; ${wayOut}`}`));
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  return controller.signal;
}
