import assert from "node:assert/strict";
import { nativeCheats, nativeSegment, verifySegment } from "./nativeSegment.ts";

/**
 * The honest native prover on corrupted traces. V4: a value that was said contradicts another; V5: a value contradicts a commitment or
 * a product.
 */
const cheats: Record<string, { what: string; check: "V4" | "V5" }> = {
  flippedMaskBit: { what: "a flipped mask bit", check: "V4" },
  nonBooleanMask: { what: "a non-boolean mask", check: "V4" },
  digitOutOfRangeV: { what: "a digit of v out of range", check: "V5" },
  digitOutOfRangeR: { what: "a digit of r out of range", check: "V5" },
  digitOutOfRangeG: { what: "a digit of g out of range", check: "V5" },
  digitOutOfRangeH: { what: "a digit of h out of range", check: "V5" },
  remainderTooLarge: { what: "a remainder off by 2^R", check: "V4" },
  activationOffByOne: { what: "an activation off by one", check: "V4" },
  gradientOffByOne: { what: "a gradient off by one", check: "V4" },
  skippedUpdate: { what: "a skipped update", check: "V4" },
  otherStepSize: { what: "an update with another step size", check: "V4" },
  weightOffByOne: { what: "W^out off by one in one weight", check: "V4" },
  otherStart: { what: "other initial weights than the seed's", check: "V4" },
  swappedSample: { what: "a swapped sample", check: "V5" },
  changedPixel: { what: "a changed pixel", check: "V5" },
  wrongLabel: { what: "a wrong label", check: "V5" },
  changedBatchOrder: { what: "a changed batch order", check: "V5" },
  alteredBiasGradient: { what: "an altered bias gradient", check: "V4" },
  replacedBackwardPass: { what: "one layer's backward pass replaced", check: "V4" },
  startDigitOutOfRange: { what: "an undisclosed start weight's digit out of range", check: "V5" },
  startDigitOffByOne: { what: "an undisclosed start weight's digit off by one", check: "V4" },
  startDigitOfPaddingOff: {
    what: "a digit of the padding of undisclosed weights off",
    check: "V4",
  },
  startDigitsLeftOut: { what: "undisclosed start weights without their digits", check: "V4" },
  startWeightOutOfRange: { what: "an undisclosed start weight above its range", check: "V4" },
  startWeightOutOfRangeWithItsDigits: {
    what: "an undisclosed start weight above its range with the digit that it needs",
    check: "V5",
  },
};

describe("the native prover on a corrupted trace", () => {
  it("has a test for every cheat that it offers", () => {
    assert.deepEqual(nativeCheats(), Object.keys(cheats).sort());
  });

  it("is accepted without a cheat", () => {
    assert.deepEqual(verifySegment(nativeSegment({ b: 8 })).verdict, { ok: true });
  });

  for (const [cheat, { what, check }] of Object.entries(cheats)) {
    it(`${what} is rejected`, () => {
      const { verdict } = verifySegment(nativeSegment({ b: 8, cheat }));
      assert.equal(verdict.ok, false);
      assert.equal(verdict.check, check);
    });
  }
});
