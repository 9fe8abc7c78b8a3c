/** Seconds by phase, from calls that say which phase begins. A phase that comes again goes on. */
export class Stopwatch {
  readonly seconds: Record<string, number> = {};
  readonly #now: () => number;
  #phase: string | undefined;
  #since = 0;

  /** `now` gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The phase before ends, this one begins. */
  at(phase: string): void {
    this.stop();
    this.#phase = phase;
  }

  stop(): void {
    const now = this.#now();
    if (this.#phase !== undefined)
      this.seconds[this.#phase] = (this.seconds[this.#phase] ?? 0) + (now - this.#since) / 1000;
    this.#phase = undefined;
    this.#since = now;
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
