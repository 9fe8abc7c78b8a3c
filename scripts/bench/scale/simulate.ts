/**
 * Many workers prove runs, as src/queue does it, with time that is added up instead of spent: what limits, before the machines are there
 * (docs/SCALE.md).
 */
import { EventLoop } from "./eventLoop.ts";
import { Host, Station } from "./stations.ts";

/** What a segment costs: seconds, and bytes that go through the store. */
export interface SegmentCosts {
  /** At the trainer's device: training, and W^out's commitment, which is the same for a longer segment. */
  readonly train: number;
  readonly commit: number;
  /** On the trainer's main thread, while the next one trains: keeping the segment and sealing its input; and looking at one job once. */
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
  /** What a worker's first segment takes longer. */
  readonly first: number;
  /** From one job's end to the next one's beginning where neither has work in it; and what Redis itself works for a job. */
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
  /** Trainings that have begun, those that have ended, and segments that are in the store. */
  begun: number;
  ended: number;
  trained: number;
  /** In the queue or at a worker. */
  offered: number;
  proven: Set<number>;
  finished: number;
  /** Of checks that are due: grows by `check` with each proof. */
  due: number;
}

interface Job {
  readonly trainer: Trainer;
  readonly segment: number;
}

interface Worker {
  computes: boolean;
  /** Has computed a segment. */
  warm: boolean;
  /** Fetched, and waits for the device. */
  next?: Job | undefined;
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
  const computing = costs.retrain + costs.prove;
  /** How long before a segment's end its worker takes the next one, as src/queue/worker/pace.ts has it. */
  const lead = 0.05 * computing + 2 * (costs.open + costs.inputBytes / site.storeBytesPerSecond);
  const trainers = Array.from({ length: site.trainers }, (_, number): Trainer => {
    const [device, main] = [new Station(loop), new Station(loop)];
    const verifier = new Station(loop, site.verifyThreads);
    const counts = { begun: 0, ended: 0, trained: 0, offered: 0, finished: 0, due: 0 };
    return { number, device, main, verifier, proven: new Set(), ...counts };
  });

  const jobs: Job[] = [];
  let head = 0;
  /** Workers that have no next job and would take one, in the order in which they came to it. */
  const wanting: Worker[] = Array.from({ length: site.workers }, () => ({
    computes: false,
    warm: false,
  }));
  let open = site.trainFirst !== true;

  const compute = (seconds: number, threads: number, done: () => void) => {
    if (host) host.run(seconds, threads, done);
    else loop.after(seconds, done);
  };
  /** Gives waiting jobs to workers that want one. */
  const assign = () => {
    while (open && wanting.length > 0 && head < jobs.length) fetch(wanting.shift()!, jobs[head++]!);
  };
  const fetch = (worker: Worker, job: Job) =>
    redis.serve(costs.redis, () =>
      loop.after(costs.turn, () =>
        transfer(job.trainer.number + job.segment, costs.inputBytes, () =>
          compute(costs.open, 1, () => {
            worker.next = job;
            begin(worker);
          }),
        ),
      ),
    );
  /** Computes a worker's next job as soon as it computes no other; it wants another when that is about to end. */
  const begin = (worker: Worker) => {
    const job = worker.next;
    if (worker.computes || job === undefined) return;
    worker.next = undefined;
    worker.computes = true;
    const seconds = computing + (worker.warm ? 0 : costs.first);
    worker.warm = true;
    let wants = false;
    const want = () => {
      if (wants) return;
      wants = true;
      wanting.push(worker);
      assign();
    };
    loop.after(Math.max(0, seconds - lead), want);
    compute(seconds, shared?.threads ?? 1, () => {
      worker.computes = false;
      want();
      begin(worker);
      compute(costs.close, 1, () =>
        transfer(job.trainer.number + job.segment, costs.proofBytes, () => {
          proven += 1;
          take(job.trainer, job.segment);
        }),
      );
    });
  };
  /** Trains the next segment where there is room; while it trains, the one before is kept, sealed and put. */
  const train = (trainer: Trainer) => {
    const segment = trainer.begun;
    const busy = trainer.begun > trainer.ended || trainer.begun - trainer.trained > 1;
    if (busy || segment === site.segments || segment - trainer.finished >= site.ahead) return;
    trainer.begun += 1;
    trainer.device.serve(costs.train + costs.commit, () => {
      trainer.ended += 1;
      train(trainer);
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
      );
    });
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
    train(trainer);
  };

  for (const trainer of trainers) train(trainer);
  loop.run();
  const seconds = ended - begun;
  const share = (stations: readonly Station[]) =>
    Math.max(...stations.map((station) => station.use(ended)));
  const use: Record<Part, number> = {
    workers: (proven * computing) / (site.workers * seconds),
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
