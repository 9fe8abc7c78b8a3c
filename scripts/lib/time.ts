const steps = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30.44],
  ["month", 12],
  ["year", Infinity],
] as const;

/**
 * A moment as people say it, and when exactly: "3 hours ago (2026-11-26 13:05 UTC)".
 *
 * @param seconds - since 1970, and so is `now`.
 */
export function timeInWords(seconds: number, now = Date.now() / 1000): string {
  const exact = new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  return `${spanInWords(seconds - now)} (${exact} UTC)`;
}

/** "in 2 days", "3 hours ago", "now". */
function spanInWords(difference: number): string {
  let amount = Math.abs(difference);
  if (amount < 1) return "now";
  for (const [unit, many] of steps) {
    // 59.6 minutes are an hour, not 60 minutes.
    if (Math.round(amount) < many) {
      const whole = Math.round(amount);
      const words = `${whole} ${unit}${whole === 1 ? "" : "s"}`;
      return difference < 0 ? `${words} ago` : `in ${words}`;
    }
    amount /= many;
  }
  return "";
}
