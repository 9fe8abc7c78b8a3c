import { Command } from "commander";
import type { SegmentQueue as Queue } from "../src/queue/segmentQueue.ts";
import { type QueueOptions, queuePlace, withQueue } from "./lib/queue.ts";
import { main, print, verb } from "./lib/verb.ts";

type Options = QueueOptions & { json?: boolean };

async function withSegmentQueue(
  options: Options,
  action: (queue: Queue) => Promise<void>,
): Promise<void> {
  const { SegmentQueue } = await import("../src/queue/segmentQueue.ts");
  let last: Error | undefined;
  const queue = new SegmentQueue(queuePlace(options), (error) => (last = error));
  try {
    await action(queue);
    const [depth, workers] = await Promise.all([queue.depth(), queue.workers()]);
    const text = [
      `${depth.waiting} segments wait, ${depth.active} are at work${depth.paused ? "; the queue is paused" : ""}`,
      `${workers.length} workers: ${workers.join(", ") || "none"}`,
    ];
    print({ json: { ...depth, workers }, text }, options);
  } catch (error) {
    throw new Error(`the queue does not answer: ${(last ?? (error as Error)).message}`, {
      cause: error,
    });
  } finally {
    await queue.close();
  }
}

const action = (name: string, description: string, act: (queue: Queue) => Promise<void>) =>
  withQueue(verb(name, description), "the queue")
    .addHelpText("after", `\nExample:\n  trainproof queue ${name} --queue redis://queue.example`)
    .action((options: Options) => withSegmentQueue(options, act));

export const command = new Command("queue")
  .description("The queue of segments: how much is in it, and whether workers take from it.")
  .showHelpAfterError("(--help shows the verbs)")
  .exitOverride()
  .enablePositionalOptions()
  .addHelpText("after", "\nExample:\n  trainproof queue status --queue redis://queue.example")
  .addCommand(action("status", "What waits, what is at work, and who is there.", async () => {}))
  .addCommand(
    action("pause", "Workers finish the segment at hand and take no other.", (queue) =>
      queue.pause(),
    ),
  )
  .addCommand(action("resume", "Workers take segments again.", (queue) => queue.resume()));

if (import.meta.main) await main(command);
