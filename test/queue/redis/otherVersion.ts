/** A worker of another version of this package. Arguments: queue URL, store, key file, name. */
import { NativeProver } from "../../../src/prover/index.ts";
import {
  openStore,
  provingTask,
  QueueWorker,
  readKeyFile,
  WorkerMetrics,
} from "../../../src/queue/index.ts";
import { createLog, Health } from "../../../src/service/index.ts";

const [url, place, keyFile, name] = process.argv.slice(2) as [string, string, string, string];
const drain = new AbortController();
process.on("SIGTERM", () => drain.abort());
const context = {
  name,
  place: { url, name: "segments" },
  version: "99.0.0",
  lease: 1000,
  log: createLog({ name: "other" }),
  metrics: new WorkerMetrics(),
  health: new Health(),
};
const task = provingTask(context, {
  store: await openStore(place),
  keys: [readKeyFile(keyFile)],
  prover: await NativeProver.load({ threads: 1, device: "cpu" }),
});
const signals = { drain: drain.signal, now: new AbortController().signal };
await new QueueWorker(context, task).run(signals);
