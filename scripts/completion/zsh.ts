import { chosen, followed, type Place, steps } from "./places.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const any = (patterns: readonly string[]) => patterns.map(quoted).join(" | ");
const described = (name: string, description: string) =>
  quoted(`${name.replaceAll(":", "\\:")}:${description}`);

const caseOf = ({ path, verbs, options, argument }: Place): string => {
  const words = [
    ...verbs.map(({ name, description }) => described(name, description)),
    ...(typeof argument === "object" ? argument.words.map((word) => described(word, "")) : []),
  ];
  const flags = options.flatMap((option) =>
    option.flags.map((flag) => described(flag, option.description)),
  );
  return [
    `        ${quoted(path)})`,
    `          verbs=(${words.join(" ")})`,
    `          options=(${flags.join(" ")})`,
    `          files=${argument === "file" ? 1 : 0}`,
    "          ;;",
  ].join("\n");
};

/** Completion for zsh: a file _trainproof in a folder of fpath, or sourced after compinit. */
export const zshScript = (all: readonly Place[]): string => `#compdef trainproof
_trainproof() {
  local at="" prev="\${words[CURRENT - 1]}"
  local -a verbs options
  local -i i files=0
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/\${words[i]}" in
      (${any(steps(all))}) at="\${at:+$at }\${words[i]}" ;;
    esac
  done
  case "$at $prev" in
${chosen(all)
  .map(
    ({ at, words }) => `    (${quoted(at)}) compadd -- ${words.map(quoted).join(" ")} && return ;;`,
  )
  .join("\n")}
    (${any(followed(all, "file"))}) _files && return ;;
    (${any(followed(all, "other"))}) _message value && return ;;
    (*)
      case "$at" in
${all.map(caseOf).join("\n")}
      esac
      if [[ "\${words[CURRENT]}" == -* ]]; then
        _describe -o option options
      else
        (($#verbs)) && _describe verb verbs
        ((files)) && _files
      fi
      ;;
  esac
}
if [[ "\${funcstack[1]}" == _trainproof ]]; then _trainproof "$@"; else compdef _trainproof trainproof; fi
`;
