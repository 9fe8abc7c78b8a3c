/** A worker of another version of this package. Arguments: queue URL, store, key file, name. */
import { NativeProver } from "../../../src/prover/index.ts";
import { openStore, readKeyFile, SegmentWorker, WorkerMetrics } from "../../../src/queue/index.ts";
import { createLog, Health } from "../../../src/service/index.ts";

const [url, place, keyFile, name] = process.argv.slice(2) as [string, string, string, string];
const drain = new AbortController();
process.on("SIGTERM", () => drain.abort());
const worker = new SegmentWorker({
  name,
  place: { url, name: "segments" },
  store: await openStore(place),
  keys: [readKeyFile(keyFile)],
  prover: await NativeProver.load({ threads: 1, device: "cpu" }),
  version: "99.0.0",
  lease: 1000,
  log: createLog({ name: "other" }),
  metrics: new WorkerMetrics(),
  health: new Health(),
});
await worker.run({ drain: drain.signal, now: new AbortController().signal });
