/** What the verbs that run until they are stopped have in common. Their libraries are loaded when they run: no other verb needs them. */
import { InvalidArgumentError, Option } from "commander";
import { UsageError } from "./verb.ts";

/** The argument of an option that takes a time. */
export function seconds(text: string): number {
  const value = /^[0-9]{1,6}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : NaN;
  if (value >= 0.05) return value;
  throw new InvalidArgumentError("It is a number of seconds from 0.05 on.");
}

export const logLevel = (): Option =>
  new Option("--log-level <level>", "lines on stderr")
    .choices(["debug", "info", "warn", "error", "silent"])
    .default("info");

/** A log that shows neither the key nor the nodes' addresses, metrics, and health. */
export async function daemonParts(name: string, level: string, rpcUrl: string) {
  const { createLog, Health, RelayerMetrics, secretsOfKey, secretsOfUrls } =
    await import("../../src/relayer/service/index.ts");
  const key = process.env["TRAINPROOF_PRIVATE_KEY"];
  const secrets = [...secretsOfKey(key), ...secretsOfUrls(rpcUrl)];
  const log = createLog({ name, level, secrets });
  return { log, metrics: new RelayerMetrics(), health: new Health() };
}

/** A state file or a port that cannot be had is the user's to change. */
export function asUsage(error: unknown): never {
  const names = ["JournalError", "BookError", "PortError"];
  if (error instanceof Error && names.includes(error.name))
    throw new UsageError(error.message, { cause: error });
  throw error;
}
