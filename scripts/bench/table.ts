/** Cells of a table, its head first. Numbers are right-aligned: all columns but the first. */
export type Rows = readonly (readonly string[])[];

function columnWidths(rows: Rows): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: columns }, (_, c) =>
    Math.max(0, ...rows.map((row) => [...(row[c] ?? "")].length)),
  );
}

const pad = (text: string, width: number, left: boolean) => {
  const space = " ".repeat(Math.max(0, width - [...text].length));
  return left ? text + space : space + text;
};

/** Lines for a terminal. */
export function textTable(rows: Rows): string[] {
  const widths = columnWidths(rows);
  return rows.map((row) =>
    widths
      .map((width, c) => pad(row[c] ?? "", width, c === 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Lines of Markdown, as prettier leaves them. */
export function markdownTable([head = [], ...body]: Rows): string[] {
  const escaped = [head, ...body].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = columnWidths(escaped).map((width) => Math.max(3, width));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, c) => pad(row[c] ?? "", width, c === 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width, c) => (c === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(escaped[0]!), rule, ...escaped.slice(1).map(line)];
}

/** Three digits, as much as a noisy machine tells; without an exponent. */
export function digits(x: number): string {
  if (x === 0) return "0";
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x)))));
  return x.toFixed(decimals);
}

export const seconds = (x: number) => `${digits(x)} s`;
export const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
export const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
export const ratio = (x: number) => x.toFixed(2);
export const percentage = (share: number) => `${Math.round(100 * share)} %`;
