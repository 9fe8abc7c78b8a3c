import assert from "node:assert/strict";
import { printable, printableJson } from "../../src/protocol/index.ts";

/** What a terminal obeys, hides or turns around, and how it is to be written. */
const hostile: [string, string, string][] = [
  ["an escape sequence", "\u001b[2J", "\\u001b[2J"],
  ["a C1 control sequence", "\u009b31m", "\\u009b31m"],
  ["a line end", "\n", "\\n"],
  ["a carriage return", "\r", "\\r"],
  ["a tabulator", "\t", "\\t"],
  ["a zero", "\0", "\\u0000"],
  ["a backspace", "\b", "\\u0008"],
  ["DEL", "\u007f", "\\u007f"],
  ["a next line", "\u0085", "\\u0085"],
  ["a line separator", "\u2028", "\\u2028"],
  ["a paragraph separator", "\u2029", "\\u2029"],
  ["a right-to-left override", "\u202e", "\\u202e"],
  ["a right-to-left isolate", "\u2067", "\\u2067"],
  ["an Arabic letter mark", "\u061c", "\\u061c"],
  ["a zero-width space", "\u200b", "\\u200b"],
  ["a soft hyphen", "\u00ad", "\\u00ad"],
  ["a byte order mark", "\ufeff", "\\ufeff"],
  ["a tag, outside the BMP", "\u{e0041}", "\\udb40\\udc41"],
  ["half a pair", "\ud800", "\\ud800"],
];

describe("text that others wrote", () => {
  for (const [what, text, shown] of hostile) {
    it(`shows ${what}`, () => assert.equal(printable(`a${text}b`), `a${shown}b`));

    it(`shows ${what} in JSON, which means the same`, () => {
      const json = JSON.stringify({ [text]: [`a${text}b`, text + text] }, null, 2);
      const shownJson = printableJson(json);
      assert.deepEqual(JSON.parse(shownJson), JSON.parse(json));
      assert.equal(printable(shownJson.replaceAll("\n", "")), shownJson.replaceAll("\n", ""));
    });
  }

  it("leaves letters, signs and whole pairs of every script as they are", () => {
    const text = "https://example.org/ä/模型/модель/نموذج/🙂 \\u001b “x” 100 %";
    assert.equal(printable(text), text);
    assert.equal(printableJson(JSON.stringify(text)), JSON.stringify(text));
  });
});
