import fs from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

/** README.md and docs/*.md. */
export const documents = (): string[] => [
  "README.md",
  ...fs
    .readdirSync(path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .sort(),
];

export const textOf = (document: string): string =>
  fs.readFileSync(path.join(root, document), "utf8");

/** The ```sh blocks of a document, in order: what a reader pastes into a shell. */
export const blocksOf = (document: string): string[] =>
  [...textOf(document).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);

export const shellOf = (document: string): string => blocksOf(document).join("\n");

/** A document's first indented block. */
export const indentedOf = (document: string): string =>
  (/^(?: {4}.+\n?)+/m.exec(textOf(document))?.[0] ?? "").replaceAll(/^ {4}/gm, "");

/** The lines of a document's other blocks, fenced or indented, that begin with a command of this project. */
export function commandsOf(document: string): string[] {
  const text = textOf(document).replaceAll(/^```sh\n.*?^```$/gms, "");
  const fenced = [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const indented = [...text.matchAll(/^(?: {4}.+\n?)+/gm)].map(([block]) => block);
  return [...fenced, ...indented]
    .flatMap((block) => block.split("\n"))
    .flatMap((line) => line.replace(/\s+#.*$/, "").split("&&"))
    .map((line) => line.trim())
    .filter((line) => /^(npx )?trainproof |^npm /.test(line));
}
