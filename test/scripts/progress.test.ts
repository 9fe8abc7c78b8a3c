import assert from "node:assert/strict";
import { Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { Pace, rate, timeLeft } from "../../scripts/lib/pace.ts";
import { Progress, ProvingProgress, VerificationProgress } from "../../scripts/lib/progress.ts";
import { PHASES } from "../../src/verifier/index.ts";

/** Where progress is written: a terminal or not. */
function screen(isTTY: boolean): { stream: WriteStream; text: () => string } {
  let written = "";
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      written += chunk.toString();
      done();
    },
  });
  Object.assign(stream, { isTTY, columns: 120 });
  return { stream: stream as unknown as WriteStream, text: () => written };
}
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("pace", () => {
  const clock = () => {
    const at = { seconds: 100 };
    return { at, pace: new Pace(() => at.seconds) };
  };

  it("is known once something was done, and from what was done here only", () => {
    const { at, pace } = clock();
    assert.equal(pace.at(64, 384), undefined);
    at.seconds += 10;
    assert.equal(pace.at(64, 384), undefined);
    at.seconds += 10;
    // 64 steps in 20 s, 256 are left.
    assert.deepEqual(pace.at(128, 384), { perSecond: 3.2, secondsLeft: 80 });
  });

  it("the time left runs down between reports, and never below nothing", () => {
    const { at, pace } = clock();
    pace.at(0, 4);
    at.seconds += 10;
    assert.equal(pace.at(1, 4)?.secondsLeft, 30);
    at.seconds += 5;
    assert.equal(pace.at(1, 4)?.secondsLeft, 25);
    at.seconds += 500;
    assert.equal(pace.at(1, 4)?.secondsLeft, 0);
  });

  it("is said in units that people read", () => {
    assert.equal(timeLeft(0.2), "1 s left");
    assert.equal(timeLeft(59.9), "1 min 0 s left");
    assert.equal(timeLeft(200), "3 min 20 s left");
    assert.equal(timeLeft(7500), "2 h 5 min left");
    assert.equal(rate(3.21, "step"), "3.2 steps/s");
    assert.equal(rate(32.1, "step"), "32 steps/s");
    assert.equal(rate(0.2, "segment"), "5.0 s a segment");
  });
});

describe("progress", () => {
  it("elsewhere than on a terminal is a plain line for each phase", () => {
    const { stream, text } = screen(false);
    const progress = new Progress(stream);
    for (const fraction of [0, 0.5, 1]) progress.show("commit samples", fraction);
    progress.show("forward", 0);
    progress.line("segment 1/2: done");
    progress.stop();
    assert.equal(text(), "  commit samples\n  forward\nsegment 1/2: done\n");
  });

  it("of a proof shows steps, rate and time left on a terminal", async () => {
    const { stream, text } = screen(true);
    const progress = new ProvingProgress(stream);
    progress.begin([8, 8, 8]);
    progress.at({ phase: "forward", fraction: 0, segment: 0 });
    await wait(120);
    progress.at({ phase: "forward", fraction: 0.5, segment: 1 });
    progress.stop();
    assert.match(text(), /33% \| segment 2\/3: forward \| 8\/24 steps, \d+ steps\/s, \d+ s left/);
  });

  it("of a run of one segment shows the phase's time left, and no rate that nobody knows", async () => {
    const { stream, text } = screen(true);
    const progress = new ProvingProgress(stream);
    progress.begin([8]);
    progress.at({ phase: "opening", fraction: 0, segment: 0 });
    await wait(120);
    progress.at({ phase: "opening", fraction: 0.5, segment: 0 });
    progress.stop();
    assert.match(text(), /50% \| segment 1\/1: opening \| \d+ s left/);
    assert.doesNotMatch(text(), /steps\/s/);
  });

  it("of a verification counts the phases of all segments", async () => {
    const { stream, text } = screen(false);
    const progress = new VerificationProgress(stream);
    for (const phase of PHASES) progress.phase(0, phase, 2);
    await wait(20);
    progress.phase(1, "statement", 2);
    assert.match(text(), /^ {2}segment 1: statement \(0\/2 segments\)$/m);
    assert.match(text(), /^ {2}segment 2: statement \(1\/2 segments, .* left\)$/m);
  });

  it("writes no control characters where there is no terminal", () => {
    const { stream, text } = screen(false);
    const progress = new Progress(stream);
    progress.show("a", 0, { done: 1, total: 3, unit: "step" });
    progress.stop();
    assert.doesNotMatch(text(), /[^\n\x20-\x7e]/);
  });
});
