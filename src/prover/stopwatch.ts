/** Microseconds of processor time of all of this process's threads. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Seconds and memory by phase, from calls that say which phase begins. A phase that comes again goes on. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};
  /** Processor time by phase, of all threads together. */
  readonly processorSeconds: Record<string, number> = {};
  /** Most memory of the process by phase, of the moments at which it was looked at: begin, end, and sample(). */
  readonly peakBytes: Record<string, number> = {};
  readonly #now: () => number;
  readonly #processor: () => number;
  readonly #memory: () => number;
  #phase: string | undefined;
  #since = { now: 0, processor: 0 };

  /** `now` gives milliseconds, `processor` microseconds, `memory` bytes. */
  constructor(
    now: () => number = () => performance.now(),
    processor = processorTime,
    memory: () => number = () => process.memoryUsage.rss(),
  ) {
    this.#now = now;
    this.#processor = processor;
    this.#memory = memory;
  }

  /** The phase before ends, this one begins; the one that runs already goes on. */
  at(phase: string): void {
    if (phase === this.#phase) return this.sample();
    this.stop();
    this.#phase = phase;
    this.sample();
  }

  /** Looks at the memory now. */
  sample(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    this.peakBytes[phase] = Math.max(this.peakBytes[phase] ?? 0, this.#memory());
  }

  stop(): void {
    const at = { now: this.#now(), processor: this.#processor() };
    const phase = this.#phase;
    if (phase !== undefined) {
      const { seconds, processorSeconds } = this;
      seconds[phase] = (seconds[phase] ?? 0) + (at.now - this.#since.now) / 1000;
      processorSeconds[phase] =
        (processorSeconds[phase] ?? 0) + (at.processor - this.#since.processor) / 1e6;
      this.sample();
    }
    this.#phase = undefined;
    this.#since = at;
  }

  /** Runs `work` as a phase. */
  async time<T>(phase: string, work: () => T | Promise<T>): Promise<T> {
    this.at(phase);
    try {
      return await work();
    } finally {
      this.stop();
    }
  }

  get total(): number {
    return Object.values(this.seconds).reduce((sum, seconds) => sum + seconds, 0);
  }
}
