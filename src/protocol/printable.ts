/**
 * Text that others wrote (URIs, reasons, names in files, answers of nodes) can hold what a terminal obeys: escape sequences, line ends, marks that
 * reverse the order of what follows, characters that are not seen. None of it may reach one.
 */

/** Controls (C0, DEL, C1), format characters (bidirectional marks, zero width, tags), line and paragraph separators, halves of pairs. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** \u and four hexadecimal digits for each UTF-16 unit, as JSON writes it. */
const escaped = (text: string) =>
  Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");

/**
 * The text on one line, with everything that is not seen as itself written as \u…; \n, \r and \t by these names. The backslash itself
 * stays: the result is to be read, not to be read back.
 *
 * @example
 * printable("a\u001b[2Jb\n") === "a\\u001b[2Jb\\n"
 */
export const printable = (text: string): string =>
  text.replace(unsafe, (found) => names[found] ?? escaped(found));

const names: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What JSON.stringify leaves as it is in strings, and a terminal might obey: DEL, C1, format characters. Outside of strings JSON has none. */
const unsafeInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON that means exactly the same, and that a terminal shows as it is. */
export const printableJson = (json: string): string => json.replace(unsafeInJson, escaped);
