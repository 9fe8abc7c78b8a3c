import { type Command, Option } from "commander";
import type { LoadOptions } from "../../src/prover/index.ts";

/** The options of a verb that trains or proves. */
export interface DeviceOptions {
  threads?: number;
  device?: string;
  fallback?: boolean;
}

/** Adds --threads, --device and --fallback. */
export function withDevice(command: Command): Command {
  return command
    .option("--threads <n>", "threads to use", Number)
    .addOption(
      new Option(
        "--device <name>",
        "what computes: auto, cpu, a GPU such as cuda:0, several as cuda:0,cuda:1, or cuda:all",
      ).default("auto"),
    )
    .option("--fallback", "go on with the CPU where the GPU is not usable or fails");
}

/** What NativeProver.load() takes; `say` shows a line. */
export function loadOptions(options: DeviceOptions, say: (line: string) => void): LoadOptions {
  return {
    ...(options.threads ? { threads: options.threads } : {}),
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.fallback
      ? { onFallback: (reason: string) => say(`going on with the CPU: ${reason}`) }
      : {}),
  };
}
