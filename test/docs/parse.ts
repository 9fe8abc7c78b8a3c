import type { Command } from "commander";

/** A command line's words, as a POSIX shell makes them of a line without substitutions. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, text = ""] of line.matchAll(/((?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+)/g)) {
    if (text.startsWith("#") || text.startsWith(">")) break;
    words.push(
      text.replaceAll(
        /"([^"]*)"|'([^']*)'|\\(.)/g,
        (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? "",
      ),
    );
  }
  return words;
}

/** What is wrong with a verb's words, seen from commander's tree; undefined where they would be taken. */
export function faultOf(program: Command, words: readonly string[]): string | undefined {
  let command = program;
  let rest = [...words];
  for (;;) {
    const [first] = rest;
    const next = command.commands.find((verb) => verb.name() === first);
    if (next === undefined) break;
    command = next;
    rest = rest.slice(1);
  }
  const given = new Set<string>();
  const positional: string[] = [];
  while (rest.length > 0) {
    const [word = "", ...after] = rest;
    rest = after;
    if (!word.startsWith("-")) {
      positional.push(word);
      continue;
    }
    const [flag = "", inline] = word.split("=", 2);
    if (["--help", "-h", "--version", "-V"].includes(flag)) return undefined;
    const option = command.options.find(({ long, short }) => flag === long || flag === short);
    if (option === undefined) return `${command.name()} has no option ${flag}`;
    given.add(option.attributeName());
    if (!option.required && !option.optional) continue;
    const value = inline ?? rest.shift();
    if (value === undefined || value.startsWith("--")) return `${flag} has no value`;
    if (option.argChoices && !option.argChoices.includes(value))
      return `${flag} ${value}: not one of ${option.argChoices.join(", ")}`;
  }
  const missing = command.options.find((o) => o.mandatory && !given.has(o.attributeName()));
  if (missing) return `${command.name()} needs ${missing.long}`;
  const needed = command.registeredArguments.filter((argument) => argument.required).length;
  const most = command.registeredArguments.length;
  if (command.commands.length > 0 && most === 0 && command !== program)
    return `${command.name()} needs one of its verbs`;
  if (positional.length < needed || positional.length > most)
    return `${command.name()} takes ${needed} to ${most} arguments, not ${positional.length}`;
  return undefined;
}
