/** What the scripts of odd workers share: a real connection, the run's key and the store. Arguments: queue URL, store, key file, name. */
import { Worker } from "bullmq";
import { openStore, readKeyFile, SegmentObjects } from "../../../src/queue/index.ts";
import { parseJob, proofNameOf, type SegmentJob } from "../../../src/queue/job.ts";
import { connect, KEY_PREFIX } from "../../../src/queue/jobQueue.ts";

/** Answers every job with what `make` gives for it, sealed as a worker would. */
export async function answerWith(
  make: (job: SegmentJob, objects: SegmentObjects) => Promise<Uint8Array>,
): Promise<void> {
  const [url, place, keyFile, name] = process.argv.slice(2) as [string, string, string, string];
  const objects = new SegmentObjects(await openStore(place), readKeyFile(keyFile));
  const answer = async ({ data }: { data: unknown }) => {
    const job = parseJob(data)!;
    process.stdout.write(`answering ${job.segment}\n`);
    const proof = await make(job, objects);
    await objects.putProof(job, { proof, worker: name, seconds: 1 });
    return { ok: true, worker: name, proof: proofNameOf(job), seconds: 1 };
  };
  const connection = connect(url, true);
  const how = { connection, prefix: KEY_PREFIX, name, maxStalledCount: 0, lockDuration: 3000 };
  new Worker("segments", answer, how);
}
