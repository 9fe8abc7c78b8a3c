/** How fast work goes, and how long the rest takes at that. */
export interface Estimate {
  perSecond: number;
  secondsLeft: number;
}

/** Measures the pace of work from its first report on: what was done before, in an earlier process, counts for no speed. */
export class Pace {
  readonly #now: () => number;
  #first: { at: number; done: number } | undefined;
  #last = { at: 0, done: 0 };

  /** @param now - seconds. */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }

  /** Takes how much is done of the whole; undefined until something was done. Between steps the time left runs down. */
  at(done: number, total: number): Estimate | undefined {
    const now = this.#now();
    this.#first ??= { at: now, done };
    if (done > this.#last.done || this.#last.at === 0) this.#last = { at: now, done };
    const amount = this.#last.done - this.#first.done;
    const time = this.#last.at - this.#first.at;
    if (!(amount > 0) || !(time > 0)) return undefined;
    const perSecond = amount / time;
    const secondsLeft = (total - this.#last.done) / perSecond - (now - this.#last.at);
    return { perSecond, secondsLeft: Math.max(0, secondsLeft) };
  }
}

/** "8 s left", "3 min 20 s left", "2 h 5 min left". */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s left`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** "3.2 steps/s", "5.1 s a step" where it is slow. */
export function rate(perSecond: number, unit: string): string {
  return perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} ${unit}s/s`
    : `${(1 / perSecond).toFixed(1)} s a ${unit}`;
}
