import type { EventLoop } from "./eventLoop.ts";

/** Something that works on as many tasks at a time as it has servers, in the order in which they came. */
export class Station {
  readonly #loop: EventLoop;
  readonly #servers: number;
  readonly #waiting: { readonly seconds: number; readonly done: () => void }[] = [];
  #head = 0;
  #active = 0;
  #busy = 0;

  constructor(loop: EventLoop, servers = 1) {
    this.#loop = loop;
    this.#servers = servers;
  }

  /** Seconds that its servers worked, added up. */
  get busy(): number {
    return this.#busy;
  }

  /** The share of a time in which a server worked. */
  use(seconds: number): number {
    return seconds === 0 ? 0 : this.#busy / (this.#servers * seconds);
  }

  serve(seconds: number, done: () => void): void {
    this.#waiting.push({ seconds, done });
    this.#begin();
  }

  #begin(): void {
    if (this.#active === this.#servers) return;
    const next = this.#waiting[this.#head];
    if (next === undefined) return;
    this.#head += 1;
    if (this.#head > 1000) this.#waiting.splice(0, this.#head).length = this.#head = 0;
    this.#active += 1;
    this.#busy += next.seconds;
    this.#loop.after(next.seconds, () => {
      this.#active -= 1;
      next.done();
      this.#begin();
    });
  }
}

/** A machine whose tasks share its cores evenly: with more threads than cores all are slower by the same factor. */
export class Host {
  readonly #loop: EventLoop;
  readonly #cores: number;
  /** Seconds that a task which began at the host's own beginning would have got, had it never had to share: all tasks' clock. */
  #clock = 0;
  #since = 0;
  #threads = 0;
  #version = 0;
  readonly #tasks = new Set<{
    readonly until: number;
    readonly threads: number;
    readonly done: () => void;
  }>();

  constructor(loop: EventLoop, cores: number) {
    this.#loop = loop;
    this.#cores = cores;
  }

  /** A task that would take so many seconds with so many cores to itself. */
  run(seconds: number, threads: number, done: () => void): void {
    this.#advance();
    this.#tasks.add({ until: this.#clock + seconds, threads, done });
    this.#threads += threads;
    this.#schedule();
  }

  get #speed(): number {
    return Math.min(1, this.#cores / Math.max(1, this.#threads));
  }

  #advance(): void {
    this.#clock += (this.#loop.now - this.#since) * this.#speed;
    this.#since = this.#loop.now;
  }

  /** Sets the event of the task that ends next; it is void once another comes or goes. */
  #schedule(): void {
    const version = ++this.#version;
    let first: { until: number; threads: number; done: () => void } | undefined;
    for (const task of this.#tasks) if (task.until < (first?.until ?? Infinity)) first = task;
    if (first === undefined) return;
    const ended = first;
    this.#loop.after(Math.max(0, ended.until - this.#clock) / this.#speed, () => {
      if (version !== this.#version) return;
      this.#advance();
      this.#tasks.delete(ended);
      this.#threads -= ended.threads;
      ended.done();
      this.#schedule();
    });
  }
}
