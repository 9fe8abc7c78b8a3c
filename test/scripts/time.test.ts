import assert from "node:assert/strict";
import { timeInWords } from "../../scripts/lib/time.ts";

const now = Date.UTC(2026, 10, 26, 16, 5, 30) / 1000;

describe("times in words", () => {
  const spans: [number, string][] = [
    [0, "now"],
    [-1, "1 second ago"],
    [-59, "59 seconds ago"],
    [-60, "1 minute ago"],
    [-3 * 3600, "3 hours ago"],
    // Rounded up it is the next unit, never 60 minutes or 24 hours.
    [-3599, "1 hour ago"],
    [-86399, "1 day ago"],
    [86400 * 2, "in 2 days"],
    [86400 * 45, "in 1 month"],
    [86400 * 800, "in 2 years"],
  ];
  for (const [difference, words] of spans) {
    it(`${difference} seconds from now is "${words}"`, () => {
      assert.equal(timeInWords(now + difference, now).split(" (")[0], words);
    });
  }

  it("say when exactly, in UTC", () => {
    assert.equal(timeInWords(now - 3 * 3600, now), "3 hours ago (2026-11-26 13:05 UTC)");
  });
});
