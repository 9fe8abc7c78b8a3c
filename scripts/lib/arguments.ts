import { isAddress, parseEther } from "viem";
import { isClaimId } from "./format.ts";
import { UsageError } from "./verb.ts";

/** 32 bytes as hexadecimal digits: an id, a digest, a commitment. */
export function digestOf(text: string, what: string): `0x${string}` {
  if (isClaimId(text)) return text;
  throw new UsageError(`${text} is no ${what}: 0x and 64 digits`);
}

/** An account; `what` is the option that names it. */
export function addressOf(text: string, what: string): `0x${string}` {
  if (isAddress(text)) return text;
  throw new UsageError(`${what} ${text} is no address: 0x and 40 digits`);
}

/** Accounts, separated by commas. */
export const addressesOf = (text: string, what: string) =>
  text.split(",").map((part) => addressOf(part.trim(), what));

const units = { s: 1, m: 60, h: 3600, d: 86400 } as const;

/** A span of time in seconds: 90m, 12h, 7d. */
export function secondsOf(text: string, what: string): number {
  const [, digits, unit] = /^([1-9][0-9]{0,8})([smhd])$/.exec(text) ?? [];
  if (digits === undefined) {
    throw new UsageError(`${what} ${text} is no span of time, such as 90m, 12h or 7d`);
  }
  return Number(digits) * units[unit as keyof typeof units];
}

/** An amount of ether in wei. */
export function weiOf(text: string, what: string): bigint {
  if (/^\d{1,9}(\.\d{1,18})?$/.test(text)) return parseEther(text);
  throw new UsageError(`${what} ${text} is no amount of ether, such as 0.5`);
}
