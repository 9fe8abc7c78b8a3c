import { type Place, type PlaceOption, steps } from "./places.ts";

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function optionLine(at: string, { flags, description, value }: PlaceOption): string {
  const names = flags.map((flag) =>
    flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  const takes =
    value === undefined
      ? []
      : value === "file"
        ? ["-r", "-F"]
        : value === "other"
          ? ["-x"]
          : ["-x", "-a", quoted(value.words.join(" "))];
  return [at, ...names, ...takes, "-d", quoted(description)].join(" ");
}

function linesOf({ path, verbs, options, argument }: Place): string[] {
  const at = `complete -c trainproof -n ${quoted(`__trainproof_at ${quoted(path)}`)}`;
  return [
    ...verbs.map(({ name, description }) => `${at} -a ${name} -d ${quoted(description)}`),
    ...(typeof argument === "object" ? [`${at} -a ${quoted(argument.words.join(" "))}`] : []),
    ...(argument === "file" ? [`${at} -F`] : []),
    ...options.map((option) => optionLine(at, option)),
  ];
}

/** Completion for fish 3 or later. */
export const fishScript = (all: readonly Place[]): string => `# fish completion for trainproof
function __trainproof_at
    set -l at ""
    for word in (commandline -opc)[2..]
        switch "$at/$word"
            case ${steps(all).map(quoted).join(" ")}
                set at (string trim "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end
complete -c trainproof -f
${all.flatMap(linesOf).join("\n")}
`;
