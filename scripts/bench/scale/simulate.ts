/**
 * Many workers prove runs, as src/queue does it, with time that is added up instead of spent: what limits, before the machines are there
 * (docs/SCALE.md).
 */
import { EventLoop } from "./eventLoop.ts";
import { Host, Station } from "./stations.ts";

/** What a segment costs: seconds, and bytes that go through the store. */
export interface SegmentCosts {
  /** At the trainer's device: training, W^out's commitment. */
  readonly train: number;
  /** On the trainer's main thread: sealing the input, without the store's time; and looking at one job once. */
  readonly seal: number;
  readonly look: number;
  /** On the trainer's main thread, for a proof: opening it, its form, and the run folder's files. */
  readonly assemble: number;
  /** On a thread of the trainer's verifier. */
  readonly verify: number;
  /** At the worker: opening the input, training again, proving, and sealing the proof. */
  readonly open: number;
  readonly retrain: number;
  readonly prove: number;
  readonly close: number;
  /** From one job's end to the next one's beginning at a worker; and what Redis itself works for a job. */
  readonly turn: number;
  readonly redis: number;
  readonly inputBytes: number;
  readonly proofBytes: number;
}

/** Who is there. */
export interface Site {
  /** Runs that are proven at the same time, each with a trainer of its own. */
  readonly trainers: number;
  readonly workers: number;
  /** Of each run. */
  readonly segments: number;
  readonly ahead: number;
  /** Share of the proofs that the trainer verifies, and threads that it has for that. */
  readonly check: number;
  readonly verifyThreads: number;
  /** Of one store, and how many of them the objects are spread over. */
  readonly storeBytesPerSecond: number;
  readonly stores: number;
  /** All on one machine with so many cores, `threads` for each worker; without it each has its own. */
  readonly shared?: { readonly cores: number; readonly threads: number };
  /** Workers begin once everything is trained: as the measurement does. */
  readonly trainFirst?: boolean;
}

export interface Simulated {
  /** From the beginning, or with trainFirst from when workers begin, to the last segment's end. */
  readonly seconds: number;
  /** Segments that came through each part; all the same in a run that is whole. */
  readonly trained: number;
  readonly proven: number;
  readonly finished: number;
  /** Shares of the time in which they worked; of the busiest one, where there are several. */
  readonly use: Readonly<Record<Part, number>>;
  /** The part that works the largest share. */
  readonly limit: Part;
  /** Most objects' bytes in the store at a time. */
  readonly storedBytes: number;
}

export const PARTS = ["workers", "training", "store", "Redis", "assembly", "verifying"] as const;
export type Part = (typeof PARTS)[number];

/** One run's trainer. */
interface Trainer {
  readonly number: number;
  readonly device: Station;
  readonly main: Station;
  readonly verifier: Station;
  trained: number;
  /** In the queue or at a worker. */
  offered: number;
  proven: Set<number>;
  finished: number;
  /** The training loop waits for room. */
  waiting: boolean;
  /** Of checks that are due: grows by `check` with each proof. */
  due: number;
}

/** Simulates until all segments of all runs are finished. Nothing in it is random. */
export function simulate(costs: SegmentCosts, site: Site): Simulated {
  const loop = new EventLoop();
  const { shared } = site;
  const host = shared && new Host(loop, shared.cores);
  const redis = new Station(loop);
  const stores = Array.from({ length: site.stores }, () => new Station(loop));
  const transfer = (key: number, bytes: number, done: () => void) =>
    stores[key % stores.length]!.serve(bytes / site.storeBytesPerSecond, done);
  let [begun, proven, stored, most, ended] = [0, 0, 0, 0, 0];
  const computing = costs.open + costs.retrain + costs.prove + costs.close;
  const trainers = Array.from({ length: site.trainers }, (_, number): Trainer => {
    const [device, main] = [new Station(loop), new Station(loop)];
    const verifier = new Station(loop, site.verifyThreads);
    const counts = { trained: 0, offered: 0, finished: 0, waiting: false, due: 0 };
    return { number, device, main, verifier, proven: new Set(), ...counts };
  });

  const jobs: { trainer: Trainer; segment: number }[] = [];
  let [head, idle] = [0, site.workers];
  let open = site.trainFirst !== true;

  /** Gives waiting jobs to workers that have none. */
  const assign = () => {
    while (open && idle > 0 && head < jobs.length) {
      idle -= 1;
      work(jobs[head++]!);
    }
  };
  const compute = (seconds: number, done: () => void) => {
    if (host) host.run(seconds, shared.threads, done);
    else loop.after(seconds, done);
  };
  const work = ({ trainer, segment }: { trainer: Trainer; segment: number }) => {
    const key = trainer.number + segment;
    redis.serve(costs.redis, () =>
      loop.after(costs.turn, () =>
        transfer(key, costs.inputBytes, () =>
          compute(computing, () =>
            transfer(key, costs.proofBytes, () => {
              proven += 1;
              idle += 1;
              take(trainer, segment);
              assign();
            }),
          ),
        ),
      ),
    );
  };
  const train = (trainer: Trainer) => {
    if (trainer.trained === site.segments) return;
    if (trainer.trained - trainer.finished >= site.ahead) {
      trainer.waiting = true;
      return;
    }
    const segment = trainer.trained;
    trainer.device.serve(costs.train, () =>
      trainer.main.serve(costs.seal, () =>
        transfer(trainer.number + segment, costs.inputBytes, () => {
          trainer.trained += 1;
          trainer.offered += 1;
          stored += costs.inputBytes;
          most = Math.max(most, stored);
          jobs.push({ trainer, segment });
          if (!open && trainers.every(({ trained }) => trained === site.segments)) {
            open = true;
            begun = loop.now;
          }
          assign();
          train(trainer);
        }),
      ),
    );
  };
  const take = (trainer: Trainer, segment: number) => {
    // Each answer wakes the trainer, which looks at all that it has offered.
    trainer.main.serve(costs.look * trainer.offered + costs.assemble, () => {
      trainer.due += site.check;
      const checked = trainer.due >= 1;
      if (!checked) return finish(trainer, segment);
      trainer.due -= 1;
      trainer.verifier.serve(costs.verify, () => finish(trainer, segment));
    });
  };
  const finish = (trainer: Trainer, segment: number) => {
    trainer.offered -= 1;
    trainer.proven.add(segment);
    while (trainer.proven.delete(trainer.finished)) {
      trainer.finished += 1;
      stored -= costs.inputBytes;
      ended = loop.now;
    }
    if (trainer.waiting) {
      trainer.waiting = false;
      train(trainer);
    }
  };

  for (const trainer of trainers) train(trainer);
  loop.run();
  const seconds = ended - begun;
  const share = (stations: readonly Station[]) =>
    Math.max(...stations.map((station) => station.use(ended)));
  const use: Record<Part, number> = {
    workers: (proven * (computing + costs.turn)) / (site.workers * seconds),
    training: share(trainers.map(({ device }) => device)),
    store: share(stores),
    Redis: redis.use(ended),
    assembly: share(trainers.map(({ main }) => main)),
    verifying: share(trainers.map(({ verifier }) => verifier)),
  };
  const limit = PARTS.reduce((a, b) => (use[b] > use[a] ? b : a));
  const total = (of: (trainer: Trainer) => number) => trainers.reduce((a, t) => a + of(t), 0);
  return {
    seconds,
    trained: total((t) => t.trained),
    proven,
    finished: total((t) => t.finished),
    use,
    limit,
    storedBytes: most,
  };
}
