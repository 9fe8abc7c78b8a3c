/** Microseconds of processor time of all of this process's threads. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Seconds by phase, from calls that say which phase begins. A phase that comes again goes on. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};
  /** Processor time by phase, of all threads together. */
  readonly processorSeconds: Record<string, number> = {};
  readonly #now: () => number;
  readonly #processor: () => number;
  #phase: string | undefined;
  #since = { now: 0, processor: 0 };

  /** `now` gives milliseconds, `processor` microseconds. */
  constructor(now: () => number = () => performance.now(), processor = processorTime) {
    this.#now = now;
    this.#processor = processor;
  }

  /** The phase before ends, this one begins. */
  at(phase: string): void {
    if (phase === this.#phase) return;
    this.stop();
    this.#phase = phase;
  }

  stop(): void {
    const at = { now: this.#now(), processor: this.#processor() };
    const phase = this.#phase;
    if (phase !== undefined) {
      const { seconds, processorSeconds } = this;
      seconds[phase] = (seconds[phase] ?? 0) + (at.now - this.#since.now) / 1000;
      processorSeconds[phase] =
        (processorSeconds[phase] ?? 0) + (at.processor - this.#since.processor) / 1e6;
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
