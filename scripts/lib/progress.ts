import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import { printable } from "../../src/protocol/index.ts";
import { PHASES } from "../../src/verifier/index.ts";
import { type Estimate, Pace, rate, timeLeft } from "./pace.ts";

/** How much of the whole is done, in a unit's singular: step, segment. */
export interface Amount {
  done: number;
  total: number;
  unit: string;
}

/** What the progress is of: a phase, from 0 to 1, and the whole where it is known. */
const paceText = (estimate: Estimate | undefined, amount: Amount | undefined): string => {
  const parts = [
    amount && `${Math.floor(amount.done)}/${amount.total} ${amount.unit}s`,
    amount && estimate && rate(estimate.perSecond, amount.unit),
    estimate && timeLeft(estimate.secondsLeft),
  ].filter((part) => part !== undefined);
  return parts.join(", ");
};

/** Progress on stderr: a bar with rate and time left on a terminal, a line for each new phase elsewhere. */
export class Progress {
  readonly #stream: Pick<WriteStream, "write"> & { isTTY?: boolean };
  readonly #bar: SingleBar | undefined;
  #label = "";
  #phasePace = new Pace();
  readonly #pace = new Pace();

  constructor(stream: Pick<WriteStream, "write"> & { isTTY?: boolean } = process.stderr) {
    this.#stream = stream;
    if (!stream.isTTY) return;
    this.#bar = new SingleBar({
      format: "{bar} {percentage}% | {label}{pace}",
      barsize: 24,
      stream: stream as WriteStream,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
    });
  }

  /** Shows a phase and how far it is, from 0 to 1; with an amount, the bar is the whole's. */
  show(shown: string, fraction: number, amount?: Amount): void {
    const label = printable(shown);
    if (label !== this.#label) this.#phasePace = new Pace();
    const estimate = amount
      ? this.#pace.at(amount.done, amount.total)
      : this.#phasePace.at(fraction, 1);
    const text = paceText(estimate, amount);
    if (this.#bar === undefined) {
      if (label !== this.#label) this.#stream.write(`  ${label}${text && ` (${text})`}\n`);
    } else {
      const pace = text && ` | ${text}`;
      if (this.#label === "") this.#bar.start(100, 0, { label, pace });
      const percent = 100 * (amount ? amount.done / amount.total : fraction);
      this.#bar.update(Math.round(percent), { label, pace });
    }
    this.#label = label;
  }

  /** Prints a line above the bar. */
  line(text: string): void {
    this.stop();
    this.#stream.write(`${printable(text)}\n`);
  }

  stop(): void {
    if (this.#label !== "") this.#bar?.stop();
    this.#label = "";
  }
}

/** Progress of a verification: every phase of every segment counts the same. */
export class VerificationProgress extends Progress {
  #begun = 0;

  phase(segment: number, phase: string, segments: number): void {
    const done = this.#begun++ / PHASES.length;
    const amount = { done, total: segments, unit: "segment" };
    this.show(`segment ${segment + 1}: ${phase}`, 0, amount);
  }
}

/** Progress of a run's proof: phases of segments, and the steps of the finished ones. */
export class ProvingProgress extends Progress {
  /** Steps before each segment, and behind the last. */
  #stepsBefore: readonly number[] = [0];

  /** The steps of the run's segments, in order. */
  begin(segmentSteps: readonly number[]): void {
    let sum = 0;
    this.#stepsBefore = [0, ...segmentSteps.map((steps) => (sum += steps))];
  }

  at({ phase, fraction, segment }: { phase: string; fraction: number; segment?: number }): void {
    if (segment === undefined) return this.show(phase, fraction);
    const segments = this.#stepsBefore.length - 1;
    const done = this.#stepsBefore[segment] ?? 0;
    const where = `segment ${segment + 1}/${segments}: `;
    // A run of one segment has no pace but its phases'.
    if (segments === 1) return this.show(`${where}${phase}`, fraction);
    this.show(`${where}${phase}`, fraction, {
      done,
      total: this.#stepsBefore.at(-1)!,
      unit: "step",
    });
  }
}
