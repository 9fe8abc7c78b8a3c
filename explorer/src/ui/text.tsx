import { Link } from "wouter";
import { printable } from "../../../src/protocol/printable.ts";
import { isFetchable } from "../verify/fetchable.ts";

/** Most characters of a stranger's text that are shown. */
const LONGEST = 2048;

/** A stranger's text in one piece, with what would hide or turn it written as \u…, as on a terminal: for places that take no markup. */
export const visible = (text: string): string => printable(text.slice(0, LONGEST));

/** A text from chain or files: never markup, never longer than the page, in a direction of its own. */
export function Foreign({ text }: { text: string }) {
  return (
    <bdi className="foreign">
      {visible(text)}
      {text.length > LONGEST ? "…" : ""}
    </bdi>
  );
}

/** An address from the chain: a link only where it is http or https. */
export function ForeignLink({ address }: { address: string }) {
  if (address === "") return <span className="quiet">none</span>;
  if (!isFetchable(address)) return <Foreign text={address} />;
  return (
    <a href={address} rel="noopener noreferrer" target="_blank">
      <Foreign text={address} />
    </a>
  );
}

const shortened = (hex: string) => (hex.length > 14 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex);

/** A digest or account, short, whole in its title; with `to` a link within the site. */
export function Hex({ value, to, whole = false }: { value: string; to?: string; whole?: boolean }) {
  const code = (
    <code title={value} className={whole ? "hex whole" : "hex"}>
      {whole ? value : shortened(value)}
    </code>
  );
  return to === undefined ? code : <Link href={to}>{code}</Link>;
}

export const plural = (count: number | bigint, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${Number(count) === 1 ? one : many}`;

/** Milliseconds for people. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1 << 20
    ? `${(count / 1024).toFixed(1)} KiB`
    : `${(count / 2 ** 20).toFixed(1)} MiB`;
}
