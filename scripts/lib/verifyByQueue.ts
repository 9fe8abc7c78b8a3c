import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { PublicRun } from "../../src/artifact/index.ts";
import { verifierBuild } from "../../src/relayer/index.ts";
import type { QueueVerification } from "../../src/queue/index.ts";
import type { SegmentVerifier } from "../../src/relayer/segmentVerifier.ts";
import { logLevel } from "./daemon.ts";
import {
  type QueueOptions,
  queuePlace,
  queueSecrets,
  requireStore,
  storeOption,
  withQueue,
} from "./queue.ts";
import { UsageError, version, wholeNumber } from "./verb.ts";

/** verify's options with --queue. */
export interface QueueVerifyOptions extends QueueOptions {
  store?: string;
  keyFile?: string;
  ahead: number;
  tries: number;
  logLevel: string;
}

/** Adds --queue, --queue-name, --store and --key-file of a verification that other machines do. */
export const withVerifyingQueue = (command: Command): Command =>
  withQueue(command, "have `worker --verify` processes verify the segments (docs/QUEUE.md)")
    .addOption(storeOption())
    .option("--key-file <file>", "with --queue: for its workers; made where it is missing");

/** Segments in the store at most, and tries of one, unless said. */
export const USUAL = { ahead: 16, tries: 5 } as const;

/** Adds the options of a verification that other machines do. */
export const withQueueVerifier = (command: Command): Command =>
  withVerifyingQueue(command)
    .option(
      "--ahead <n>",
      "with --queue: segments in the store at most",
      wholeNumber(1, 100_000),
      USUAL.ahead,
    )
    .option(
      "--tries <n>",
      "with --queue: until a segment that fails ends it",
      wholeNumber(1, 1000),
      USUAL.tries,
    )
    .addOption(logLevel().default("silent"));

/**
 * Where segments are verified by workers, for src/queue's makeSegmentVerifier; makes the key file where it is missing.
 *
 * @throws UsageError, KeyFileError
 */
export async function queueVerification(options: QueueVerifyOptions): Promise<QueueVerification> {
  const queueing = await import("../../src/queue/index.ts");
  const place = queuePlace(options);
  const { keyFile, ahead, tries, logLevel } = options;
  if (keyFile === undefined)
    throw new UsageError("name the verifier's key file, which its workers have, too: --key-file");
  const { key } = existsSync(keyFile)
    ? queueing.readKeyFile(keyFile)
    : queueing.createKeyFile(keyFile, `0x${randomBytes(32).toString("hex")}`);
  return {
    ...{ place, store: requireStore(options.store), keyFile, ahead, tries, version, logLevel },
    build: verifierBuild(),
    secrets: await queueSecrets(place.url, [key]),
  };
}

/**
 * Makes what has segments verified by workers; `say` shows a line.
 *
 * @throws UsageError, KeyFileError, StoreUsageError
 */
export async function queueVerifier(
  options: QueueVerifyOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<(run: PublicRun) => SegmentVerifier> {
  const { makeSegmentVerifier } = await import("../../src/queue/index.ts");
  const where = await queueVerification(options);
  say(`workers need the key file ${where.keyFile}: trainproof worker --verify`);
  return makeSegmentVerifier(where, signal, say);
}
