import { secondsSince } from "../../service/index.ts";

/** The prover's phase at which a run's first proof counts as about to end: most of its work is done by then. */
const LATE_PHASE = "zkrelu";
/** How much sooner than a fetch needs, as a share of it, and of what is left to compute, which varies. */
const FETCH_MARGIN = 1;
const COMPUTING_MARGIN = 0.1;

/** A segment that computes. */
export interface Computing {
  /** The prover's phase, as often as it tells. */
  phase(name: string): void;
  /** It is proven: the next one of its run will take as long. */
  proven(): void;
  /** However it ended. */
  end(): void;
}

/**
 * When a worker should take its next segment, so that the input is there when the device is free, and not long before: a job that waits at
 * a busy worker is one that an idle one could have.
 */
export class Pace {
  /** Seconds from the beginning of each of the prover's phases to the end, of the last segment of a run. */
  readonly #rests = new Map<string, ReadonlyMap<string, number>>();

  /**
   * A segment begins to compute.
   *
   * @param fetchSeconds - what fetching its input took
   * @param onEnding - called when what is left takes about that long, at least once where the segment is proven
   */
  begin(runId: string, fetchSeconds: number, onEnding: () => void): Computing {
    const began = performance.now();
    const rests = this.#rests.get(runId);
    const begins = new Map<string, number>();
    let timer: NodeJS.Timeout | undefined;
    return {
      phase: (name) => {
        if (begins.has(name)) return;
        begins.set(name, secondsSince(began));
        const rest = rests?.get(name);
        if (rest !== undefined) {
          // Each phase corrects what the ones before made expect.
          clearTimeout(timer);
          const spare = rest * (1 - COMPUTING_MARGIN) - fetchSeconds * (1 + FETCH_MARGIN);
          timer = setTimeout(onEnding, 1000 * Math.max(0, spare));
        } else if (name === LATE_PHASE) onEnding();
      },
      proven: () => {
        const seconds = secondsSince(began);
        const found = [...begins].map(([name, begin]) => [name, seconds - begin] as const);
        this.#rests.set(runId, new Map(found));
        onEnding();
      },
      end: () => {
        clearTimeout(timer);
      },
    };
  }
}
