import os from "node:os";
import { InvalidArgumentError } from "commander";
import { generatorTable } from "../src/api/verify.ts";
import { NativeProver } from "../src/prover/index.ts";
import { verifierBuild } from "../src/relayer/index.ts";
import { logLevel, seconds } from "./lib/daemon.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import {
  type QueueOptions,
  queuePlace,
  queueSecrets,
  requireStore,
  statusPort,
  storeOption,
  withQueue,
} from "./lib/queue.ts";
import { gibibytes, main, print, verb, version } from "./lib/verb.ts";

interface Options extends QueueOptions, DeviceOptions {
  json?: boolean;
  store?: string;
  keyFile: string[];
  verify?: boolean;
  name?: string;
  memory?: number;
  lease: number;
  once?: number;
  port?: number;
  listen: string;
  logLevel: string;
}

const workerName = (text: string): string => {
  if (/^[0-9A-Za-z._/-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError("It has letters, digits and . _ / - alone.");
};

export const command = statusPort(
  withDevice(
    withQueue(
      verb(
        "worker",
        "Prove segments of other machines' runs: takes them from a queue, proves one at a time, and fetches the next meanwhile. Start one for each device.",
      ),
      "where segments come from",
    ),
  ),
)
  .addOption(storeOption())
  .requiredOption(
    "--key-file <file>",
    "the key of a run that it may prove; repeatable",
    (file: string, former: string[] | undefined) => [...(former ?? []), file],
  )
  .option(
    "--verify",
    "verify segments for `verify --queue`, with one thread; the key is the verifier's",
  )
  .option(
    "--name <name>",
    "in the queue and at trainers; host, device and process unless said",
    workerName,
  )
  .option("--memory <GiB>", "refuse a segment whose predicted memory exceeds this", gibibytes)
  .option("--lease <seconds>", "of silence, after which its segment goes elsewhere", seconds, 30)
  .option("--once <seconds>", "end when no segment has come for so long", seconds)
  .addOption(logLevel())
  .addHelpText(
    "after",
    "\nSIGTERM or SIGINT: finishes the segment that it proves, puts one that waits back, and ends; a second one puts both back at once.\n" +
      "\nExamples:\n  trainproof worker --queue redis://queue.example --store /mnt/shared --key-file mnist.key --device auto\n  trainproof worker --verify --queue redis://queue.example --store /mnt/shared --key-file verifier.key",
  )
  .action(async (options: Options) => {
    const place = queuePlace(options);
    const {
      openStore,
      provingTask,
      QueueWorker,
      readKeyFile,
      verificationQueue,
      verificationTask,
      WorkerMetrics,
    } = await import("../src/queue/index.ts");
    const { createLog, Health, startStatusServer } = await import("../src/service/index.ts");
    const keys = options.keyFile.map(readKeyFile);
    const store = await openStore(requireStore(options.store));
    const secrets = await queueSecrets(
      place.url,
      keys.map(({ key }) => key),
    );
    const log = createLog({ name: "trainproof-worker", level: options.logLevel, secrets });
    const prover = options.verify
      ? undefined
      : await NativeProver.load(
          loadOptions(options, (line) => log.warn({ reason: line }, "device")),
        );
    const backend = prover?.info().backend ?? "verifier";
    const name = options.name ?? `${os.hostname()}/${backend.replace(":", "")}/${process.pid}`;
    const [health, metrics] = [new Health(), new WorkerMetrics()];
    health.facts({ name, version, device: backend });
    const [drain, now] = [new AbortController(), new AbortController()];
    const stop = () => (drain.signal.aborted ? now.abort() : drain.abort());
    process.on("SIGTERM", stop).on("SIGINT", stop);
    const { port, listen } = options;
    const server =
      port === undefined
        ? undefined
        : await startStatusServer({ port, listen, metrics: metrics.registry, health });
    log.info({ worker: name, version, device: backend, port: server?.port }, "ready");
    const { url, name: queueName } = place;
    const context = {
      ...{ name, version, log, metrics, health, lease: options.lease * 1000 },
      place: { url, name: prover ? queueName : verificationQueue(queueName) },
    };
    const { memory: memoryLimit } = options;
    const verifying = { store, keys, generators: generatorTable(), build: verifierBuild() };
    const task = prover
      ? provingTask(context, {
          store,
          keys,
          prover,
          ...(memoryLimit !== undefined && { memoryLimit }),
        })
      : verificationTask(context, verifying);
    const run = (signals: { drain: AbortSignal; now: AbortSignal }, idle: number | undefined) =>
      "close" in task
        ? new QueueWorker(context, task).run(signals, idle).finally(() => task.close())
        : new QueueWorker(context, task).run(signals, idle);
    const once = options.once === undefined ? undefined : options.once * 1000;
    try {
      const segments = await run({ drain: drain.signal, now: now.signal }, once);
      const text = [`${name} ${prover ? "proved" : "verified"} ${segments} segments`];
      print({ json: { worker: name, device: backend, segments }, text }, options);
    } finally {
      await server?.close();
      process.off("SIGTERM", stop).off("SIGINT", stop);
    }
  });

if (import.meta.main) await main(command);
