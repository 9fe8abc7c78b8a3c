/** What the verbs that use a queue have in common (docs/QUEUE.md). Its libraries are loaded when they run. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { QueuePlace } from "../../src/queue/jobQueue.ts";
import { UsageError } from "./verb.ts";

export interface QueueOptions {
  queue?: string;
  queueName: string;
}

const redisUrl = (text: string): string => {
  const url = URL.parse(text);
  if (url !== null && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "")
    return text;
  throw new InvalidArgumentError("It is redis://host:port, or rediss:// for TLS.");
};

/** Adds --queue and --queue-name. */
export function withQueue(command: Command, what: string): Command {
  return command
    .addOption(
      new Option("--queue <url>", `${what}: redis://…, rediss://…`)
        .argParser(redisUrl)
        .env("TRAINPROOF_QUEUE"),
    )
    .addOption(
      new Option("--queue-name <name>", "one Redis may have several queues")
        .argParser((text: string) => {
          if (/^[0-9A-Za-z_-]{1,100}$/.test(text)) return text;
          throw new InvalidArgumentError("It has letters, digits, _ and - alone.");
        })
        .default("segments"),
    );
}

export const storeOption = (): Option =>
  new Option("--store <place>", "a folder that all see, or s3://bucket/prefix").env(
    "TRAINPROOF_STORE",
  );

export const statusPort = (command: Command): Command =>
  command
    .option("--port <n>", "serve /health and /metrics there; 0 takes any free port", port)
    .option("--listen <address>", "for --port", "127.0.0.1");

function port(text: string): number {
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : NaN;
  if (value <= 65_535) return value;
  throw new InvalidArgumentError("It is a whole number from 0 to 65535.");
}

/** Where the queue is; a usage error where it is not said. */
export function queuePlace({ queue, queueName }: QueueOptions): QueuePlace {
  if (queue === undefined) throw new UsageError("name the queue: --queue, or TRAINPROOF_QUEUE");
  return { url: queue, name: queueName };
}

export function requireStore(store: string | undefined): string {
  if (store === undefined) throw new UsageError("name the store: --store, or TRAINPROOF_STORE");
  return store;
}

/** What must not be in a log: the queue's password, the run's key. */
export async function queueSecrets(url: string, keys: readonly Uint8Array[]): Promise<string[]> {
  const { secretsOfUrls } = await import("../../src/service/index.ts");
  const secret = process.env["AWS_SECRET_ACCESS_KEY"];
  const hex = keys.map((key) => Buffer.from(key).toString("hex"));
  return [...secretsOfUrls(url), ...hex, ...(secret === undefined ? [] : [secret])];
}
