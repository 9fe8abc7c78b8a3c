import assert from "node:assert/strict";
import { Stopwatch } from "../../src/prover/stopwatch.ts";

describe("Stopwatch", () => {
  let now = 0;
  const watch = () =>
    new Stopwatch(
      () => now,
      () => 1500 * now,
    );

  it("a phase lasts until the next, or until the end", () => {
    const w = watch();
    w.at("a");
    now += 1000;
    w.at("b");
    now += 500;
    w.stop();
    now += 9000;
    assert.deepEqual(w.seconds, { a: 1, b: 0.5 });
    assert.deepEqual(w.processorSeconds, { a: 1.5, b: 0.75 });
    assert.equal(w.total, 1.5);
  });

  it("a phase that comes again goes on", () => {
    const w = watch();
    for (const phase of ["a", "b", "a", "a"]) {
      w.at(phase);
      now += 1000;
    }
    w.stop();
    assert.deepEqual(w.seconds, { a: 3, b: 1 });
  });

  it("what fails is timed, too, and fails", async () => {
    const w = watch();
    const failing = w.time("a", () => {
      now += 2000;
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    now += 1000;
    assert.deepEqual(w.seconds, { a: 2 });
  });
});
