/** In what order a worker's jobs compute: one at a time, while the next one's input is fetched. */
/** The order of a worker's jobs; two at most. */
export class TurnOrder {
  readonly #held: Turn[] = [];
  #changed = Promise.withResolvers<void>();
  #ended = false;

  /** A turn after those that are held. */
  take(lost: AbortSignal): Turn {
    const turn = new Turn(this.#held.at(-1)?.done, lost, () => this.#change());
    this.#held.push(turn);
    if (this.#ended) turn.end();
    return turn;
  }

  /** Resolves when another job may be taken: none is held, or one that is about to end. Or when this ends. */
  async room(): Promise<void> {
    while (!this.#ended && this.#held.length > 0) {
      const [first, second] = this.#held;
      if (second === undefined && first!.isEnding) return;
      await this.#changed.promise;
    }
  }

  /** Aborts those whose computing has not begun. */
  end(): void {
    this.#ended = true;
    for (const turn of this.#held) turn.end();
    this.#change();
  }

  #change(): void {
    for (let i = this.#held.length; i-- > 0;) if (this.#held[i]!.isOver) this.#held.splice(i, 1);
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}

/** One job's place in that order. */
export class Turn {
  /** Aborts where the job is lost, and where the worker ends before the job computes. */
  readonly signal: AbortSignal;
  readonly #lost: AbortSignal;
  readonly #before: Promise<void> | undefined;
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  readonly #done = Promise.withResolvers<void>();
  #begun = false;
  #ending = false;
  #over = false;

  constructor(before: Promise<void> | undefined, lost: AbortSignal, changed: () => void) {
    this.#before = before;
    this.#changed = changed;
    this.#lost = lost;
    this.signal = AbortSignal.any([lost, this.#ended.signal]);
  }

  /** Resolves when it computes no more. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Another worker has the job by now. */
  get isLost(): boolean {
    return this.#lost.aborted;
  }

  get isEnding(): boolean {
    return this.#ending;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /**
   * Resolves when it is this job's turn to compute.
   *
   * @param signal - ends the waiting, too
   * @throws its reason
   */
  async begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    await Promise.race([this.#before, aborted.promise]);
    signal.removeEventListener("abort", abort);
    signal.throwIfAborted();
    this.#begun = true;
  }

  /** What is left of its computing takes about as long as fetching another's input: another may be taken. */
  ending(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#changed();
  }

  /** It computes no more: the next one may. */
  computed(): void {
    this.#done.resolve();
    this.ending();
  }

  /** Its job is done with, however it ended. */
  over(): void {
    this.#over = true;
    this.computed();
    this.#changed();
  }

  /** The worker ends. */
  end(): void {
    if (!this.#begun) this.#ended.abort();
  }
}
