/** What /health answers. */
export interface HealthReport {
  ok: boolean;
  /** Why it is not. */
  problems: string[];
  [fact: string]: unknown;
}

/** Keeps what a service knows of its own health: it is well while each part succeeds often enough and nothing stands in the way. */
export class Health {
  readonly #parts = new Map<string, { last: number; limit: number }>();
  readonly #obstacles = new Map<string, string>();
  #facts: Record<string, unknown> = {};

  /** A part must succeed at least every so many milliseconds, from now on. */
  expect(part: string, limit: number): void {
    this.#parts.set(part, { last: Date.now(), limit });
  }
  succeeded(part: string): void {
    const known = this.#parts.get(part);
    if (known !== undefined) known.last = Date.now();
  }
  /** What stands in the way just now, by a name; in words. */
  obstacle(name: string, words: string | undefined): void {
    if (words === undefined) this.#obstacles.delete(name);
    else this.#obstacles.set(name, words);
  }
  facts(facts: Record<string, unknown>): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  report(): HealthReport {
    const problems = [...this.#obstacles.values()];
    for (const [part, { last, limit }] of this.#parts) {
      const age = Date.now() - last;
      if (age > limit) problems.push(`${part} has not succeeded for ${Math.round(age / 1000)} s`);
    }
    return { ok: problems.length === 0, problems, ...this.#facts };
  }
}
