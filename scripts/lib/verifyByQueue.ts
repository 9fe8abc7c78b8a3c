import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { PublicRun } from "../../src/artifact/index.ts";
import { verifierBuild } from "../../src/relayer/index.ts";
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

/** Adds the options of a verification that other machines do. */
export const withQueueVerifier = (command: Command): Command =>
  withQueue(command, "have `worker --verify` processes verify the segments (docs/QUEUE.md)")
    .addOption(storeOption())
    .option("--key-file <file>", "with --queue: for its workers; made where it is missing")
    .option(
      "--ahead <n>",
      "with --queue: segments in the store at most",
      wholeNumber(1, 100_000),
      16,
    )
    .option(
      "--tries <n>",
      "with --queue: until a segment that fails ends it",
      wholeNumber(1, 1000),
      5,
    )
    .addOption(logLevel().default("silent"));

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
  const queueing = await import("../../src/queue/index.ts");
  const { createLog, Health } = await import("../../src/service/index.ts");
  const place = queuePlace(options);
  const { keyFile: file, ahead, tries } = options;
  if (file === undefined)
    throw new UsageError("name the verifier's key file, which its workers have, too: --key-file");
  const store = await queueing.openStore(requireStore(options.store));
  const key = existsSync(file)
    ? queueing.readKeyFile(file)
    : queueing.createKeyFile(file, `0x${randomBytes(32).toString("hex")}`);
  const secrets = await queueSecrets(place.url, [key.key]);
  const log = createLog({ name: "trainproof-verifier", level: options.logLevel, secrets });
  const objects = new queueing.VerificationObjects(store, key);
  say(`workers need the key file ${file}: trainproof worker --verify`);
  return ({ samples }) =>
    new queueing.QueueVerifier({
      ...{ place, objects, samples, version, build: verifierBuild(), log, signal },
      health: new Health(),
      policy: { ...queueing.DEFAULT_VERIFICATION_POLICY, ahead, tries },
      onTrouble: say,
    });
}
