/** A clock of simulated seconds that jumps from event to event; events of one moment come in the order in which they were set. */
export class EventLoop {
  #now = 0;
  #count = 0;
  /** A heap: no entry is before its parent. */
  readonly #heap: { readonly time: number; readonly order: number; readonly action: () => void }[] =
    [];

  get now(): number {
    return this.#now;
  }

  /** Calls back after so many seconds; RangeError for a time before now. */
  after(seconds: number, action: () => void): void {
    if (!(seconds >= 0)) throw new RangeError(`simulation: an event ${seconds} s from now`);
    const heap = this.#heap;
    heap.push({ time: this.#now + seconds, order: this.#count++, action });
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (;;) {
      const next = this.#take();
      if (next === undefined) return;
      this.#now = next.time;
      next.action();
    }
  }

  #take() {
    const heap = this.#heap;
    if (heap.length === 0) return undefined;
    this.#swap(0, heap.length - 1);
    const first = heap.pop()!;
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      if (left >= heap.length) return first;
      const child = right < heap.length && this.#before(right, left) ? right : left;
      if (!this.#before(child, i)) return first;
      this.#swap(child, i);
      i = child;
    }
  }

  #before(i: number, k: number): boolean {
    const [a, b] = [this.#heap[i]!, this.#heap[k]!];
    return a.time < b.time || (a.time === b.time && a.order < b.order);
  }

  #swap(i: number, k: number): void {
    const heap = this.#heap;
    [heap[i], heap[k]] = [heap[k]!, heap[i]!];
  }
}
