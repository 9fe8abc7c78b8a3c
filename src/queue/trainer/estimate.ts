/** How far a run is. */
export interface RunStanding {
  readonly segments: number;
  /** In the run's public folder. */
  readonly finished: number;
  /** Proven and checked, in whatever order; the finished ones among them. */
  readonly proven: number;
  /** Trained and committed. */
  readonly trained: number;
  /** Of this run: in workers' hands, and waiting for one. */
  readonly active: number;
  readonly waiting: number;
  readonly workers: number;
  readonly paused: boolean;
  /** Until the last segment, as things go; undefined before the first. */
  readonly secondsLeft: number | undefined;
}

/** Proofs that the estimate looks back on. */
const WINDOW = 50;

/** Estimates how long the rest takes, from how often proofs came lately: workers that come and go change it. */
export class Estimate {
  readonly #times: number[] = [];

  constructor(now: number) {
    this.#times.push(now);
  }

  /** A proof was accepted; milliseconds. */
  proven(now: number): void {
    this.#times.push(now);
    if (this.#times.length > WINDOW) this.#times.shift();
  }

  secondsLeft(rest: number, now: number): number | undefined {
    const [first, last] = [this.#times[0]!, this.#times.at(-1)!];
    const count = this.#times.length - 1;
    if (count === 0) return undefined;
    // A pause longer than usual counts, too: the rate falls while nothing comes.
    const each = Math.max((last - first) / count, (now - first) / (count + 1));
    return (rest * each) / 1000;
  }
}
