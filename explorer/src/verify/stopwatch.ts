/** Adds up the time of phases that come again and again; one runs at a time. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #laps = new Map<string, number>();
  #phase: string;
  #since = this.#started;

  constructor(phase: string) {
    this.#phase = phase;
  }

  begin(phase: string): void {
    const now = performance.now();
    this.#laps.set(this.#phase, (this.#laps.get(this.#phase) ?? 0) + now - this.#since);
    this.#phase = phase;
    this.#since = now;
  }

  /** Milliseconds by phase, the running one included. */
  laps(): Record<string, number> {
    this.begin(this.#phase);
    return Object.fromEntries(this.#laps);
  }

  total(): number {
    return performance.now() - this.#started;
  }
}
