/**
 * Somebody who has access to Redis: answers every segment that is to be verified, as if it were valid. Arguments: queue URL, name, and
 * "noise" or "plain" for what stands in the place of the sealed verdict, or "fault" for a worker at which everything fails.
 */
import { randomBytes } from "node:crypto";
import { Worker } from "bullmq";
import { connect, KEY_PREFIX } from "../../../src/queue/jobQueue.ts";

const [url, name, kind] = process.argv.slice(2) as [string, string, string];
const bytes = kind === "noise" ? randomBytes(300) : Buffer.from('{"verdict":{"ok":true}}');
const answer = (): Promise<unknown> => {
  process.stdout.write("answering\n");
  if (kind === "fault")
    return Promise.resolve({ ok: false, worker: name, fault: "verifier", reason: "out of order" });
  return Promise.resolve({
    ...{ ok: true, worker: name, seconds: 1 },
    verdict: bytes.toString("base64"),
  });
};
const connection = connect(url, true);
new Worker("segments-verify", answer, { connection, prefix: KEY_PREFIX, name, maxStalledCount: 0 });
