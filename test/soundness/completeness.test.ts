import assert from "node:assert/strict";
import fc from "fast-check";
import { nativeSegment, verifySegment } from "./nativeSegment.ts";

const shapes = fc.record({
  widths: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 2, maxLength: 5 }),
  tau: fc.integer({ min: 0, max: 4 }),
  beta: fc.integer({ min: 0, max: 4 }),
  b: fc.constantFrom(8, 16),
  start: fc.constantFrom(0, 1, 2),
  seed: fc.integer({ min: 1, max: 1000 }),
});

// Fixed, so that a failure comes again; what a shape is drawn from is what counts.
const drawn = fc.sample(shapes, { numRuns: 24, seed: 20_261_124 });

describe("honest segments of the native prover", () => {
  for (const { widths, ...rest } of drawn) {
    const options = { widths: widths.join(","), ...rest };
    const name = Object.entries(options)
      .map(([key, value]) => `${key}=${value}`)
      .join(" ");
    it(`${name} is accepted, with the verifier's own transcript`, () => {
      const segment = nativeSegment(options);
      const { verdict, frames } = verifySegment(segment);
      assert.deepEqual(verdict, { ok: true });
      assert.deepEqual(segment.frames, frames);
    });
  }
});
