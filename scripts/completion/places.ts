import type { Command, Option } from "commander";

/** What can follow an option, or stand as an argument: one of a few words, a file, or something that nobody can guess. */
export type Value = { words: readonly string[] } | "file" | "other";

export interface PlaceOption {
  /** "--run", "-h". */
  flags: readonly string[];
  description: string;
  /** Absent for a switch. */
  value?: Value;
}

/** A verb, or the program itself: what can stand there. */
export interface Place {
  /** "" for the program, "query status" for a verb's verb. */
  path: string;
  verbs: readonly { name: string; description: string }[];
  options: readonly PlaceOption[];
  argument?: Value;
}

/** Names of arguments and option values that are paths. */
const paths = /file|folder|plan|run|what|envelope/;

const valueOf = (choices: readonly string[] | undefined, name: string): Value =>
  choices?.length ? { words: choices } : paths.test(name) ? "file" : "other";

const optionOf = (option: Option): PlaceOption => ({
  flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
  description: firstClause(option.description),
  ...((option.required || option.optional) && {
    value: valueOf(option.argChoices, /<(.+)>|\[(.+)\]/.exec(option.flags)?.[0] ?? ""),
  }),
});

/** As much of a description as a menu has room for. */
const firstClause = (text: string): string => text.split(/[:;(.]\s|\s\(/)[0]!.slice(0, 72);

/** The program and its verbs, at all depths, from commander's tree. */
export function places(command: Command, path: readonly string[] = []): Place[] {
  const help = command.createHelp();
  const verbs = help.visibleCommands(command).filter((verb) => verb.name() !== "help");
  const [argument] = command.registeredArguments;
  const place: Place = {
    path: path.join(" "),
    verbs: verbs.map((verb) => ({
      name: verb.name(),
      description: firstClause(verb.description()),
    })),
    options: help.visibleOptions(command).map(optionOf),
    ...(argument && { argument: valueOf(argument.argChoices, argument.name()) }),
  };
  return [place, ...verbs.flatMap((verb) => places(verb, [...path, verb.name()]))];
}

/** "/prove", "query/status": from which place which word leads to another, as a shell's pattern. */
export const steps = (all: readonly Place[]): string[] =>
  all.flatMap(({ path, verbs }) => verbs.map(({ name }) => `${path}/${name}`));

/** "prove --run": options that a value of a kind follows, place by place. */
export const followed = (all: readonly Place[], kind: "file" | "other"): string[] =>
  all.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value === kind)
      .flatMap(({ flags }) => flags.map((flag) => `${path} ${flag}`)),
  );

/** Options that one of a few words follows. */
export const chosen = (all: readonly Place[]): { at: string; words: readonly string[] }[] =>
  all.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) =>
      typeof value === "object"
        ? flags.map((flag) => ({ at: `${path} ${flag}`, words: value.words }))
        : [],
    ),
  );
