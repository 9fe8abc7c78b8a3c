/** 1,234 */
export const whole = (x: number): string => Math.round(x).toLocaleString("en");

/** Four digits, without an exponent where it can be. */
export const number = (x: number): string => String(Number(x.toPrecision(4)));

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function bytes(size: number): string {
  if (size < 1000) return `${size} bytes`;
  if (size < 1e6) return `${(size / 1e3).toFixed(1)} kB`;
  return size < 1e9 ? `${(size / 1e6).toFixed(1)} MB` : `${(size / 1e9).toFixed(2)} GB`;
}

export const mebibytes = (size: number): string => `${whole(size / 2 ** 20)} MiB`;

export function seconds(x: number): string {
  if (x < 0.0995) return `${(1000 * x).toPrecision(2)} ms`;
  if (x < 99.5) return `${x.toPrecision(3)} s`;
  return x < 7200 ? `${(x / 60).toFixed(1)} min` : `${(x / 3600).toFixed(1)} h`;
}

export const plural = (count: number, name: string): string =>
  `${whole(count)} ${name}${count === 1 ? "" : "s"}`;
