import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageFile } from "../lib/package.ts";

/** A generated part of docs/PERFORMANCE.md, or of another file there. */
export interface DocumentPart {
  readonly document?: string;
  readonly section: string;
  /** Markdown. */
  readonly lines: readonly string[];
  /** SVG files by their path from docs/. */
  readonly plots?: Readonly<Record<string, string>>;
}

const PERFORMANCE = "PERFORMANCE.md";

const marker = (section: string, end: "begin" | "end") => `<!-- bench ${section}: ${end} -->`;

/** Text for people as Markdown. */
export const fenced = (text: readonly string[]) => ["```text", ...text, "```"];

/**
 * Replaces what stands between a section's markers.
 *
 * @throws RangeError where the document has not exactly one pair of them, in order.
 */
export function replaceSection(
  document: string,
  { document: name = PERFORMANCE, section, lines }: DocumentPart,
): string {
  const [begin, end] = [marker(section, "begin"), marker(section, "end")];
  const [before, rest, ...more] = document.split(begin);
  const [, after, ...evenMore] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + evenMore.length > 0)
    throw new RangeError(`docs/${name}: needs ${begin} and then ${end}, once`);
  return `${before}${begin}\n\n${lines.join("\n")}\n\n${end}${after}`;
}

/** Writes a part to its document, and its plots beside it. */
export function writeDocumentPart(part: DocumentPart, folder = packageFile("docs")): void {
  const file = path.join(folder, part.document ?? PERFORMANCE);
  if (!existsSync(file)) throw new RangeError(`${file} is missing: only its marked parts are made`);
  const document = replaceSection(readFileSync(file, "utf8"), part);
  for (const [name, svg] of Object.entries(part.plots ?? {})) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), svg);
  }
  writeFileSync(file, document);
}
