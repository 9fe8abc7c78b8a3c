import { SingleBar } from "cli-progress";
import { printable } from "../../src/protocol/index.ts";

/** Progress on stderr: a bar on a terminal, a line for each new phase elsewhere. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  #label = "";

  constructor() {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar({
      format: "{bar} {percentage}% | {label}",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
    });
  }

  /** Shows a phase and how far it is, from 0 to 1. */
  show(text: string, fraction: number): void {
    const label = printable(text);
    if (this.#bar === undefined) {
      if (label !== this.#label) console.error(`  ${label}`);
    } else {
      if (this.#label === "") this.#bar.start(100, 0, { label });
      this.#bar.update(Math.round(100 * fraction), { label });
    }
    this.#label = label;
  }

  /** Prints a line above the bar. */
  line(text: string): void {
    this.stop();
    console.error(printable(text));
  }

  stop(): void {
    if (this.#label !== "") this.#bar?.stop();
    this.#label = "";
  }
}
