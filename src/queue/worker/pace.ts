import { secondsSince } from "../../service/index.ts";

/** The prover's phase at which a first segment's proof counts as about to end: most of its work is done by then. */
const LATE_PHASE = "zkrelu";
/** How much sooner than a fetch needs, as a share of it and of the computing, whose length varies a little. */
const FETCH_MARGIN = 1;
const COMPUTING_MARGIN = 0.05;

/** A segment that computes. */
export interface Computing {
  /** The prover's phase. */
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
  /** Seconds that the last segment of a run computed. */
  readonly #seconds = new Map<string, number>();

  /**
   * A segment begins to compute.
   *
   * @param fetchSeconds - what fetching its input took
   * @param onEnding - called once, when what is left takes about that long
   */
  begin(runId: string, fetchSeconds: number, onEnding: () => void): Computing {
    const began = performance.now();
    const expected = this.#seconds.get(runId);
    const timer =
      expected === undefined
        ? undefined
        : setTimeout(onEnding, 1000 * leadStart(expected, fetchSeconds));
    return {
      phase: (name) => {
        if (expected === undefined && name === LATE_PHASE) onEnding();
      },
      proven: () => {
        this.#seconds.set(runId, secondsSince(began));
      },
      end: () => {
        clearTimeout(timer);
      },
    };
  }
}

const leadStart = (expected: number, fetchSeconds: number): number =>
  Math.max(0, expected * (1 - COMPUTING_MARGIN) - fetchSeconds * (1 + FETCH_MARGIN));
