import { chosen, followed, type Place, steps } from "./places.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const any = (patterns: readonly string[]) => patterns.map(quoted).join(" | ");

const caseOf = ({ path, verbs, options, argument }: Place): string => {
  const words = [
    ...verbs.map(({ name }) => name),
    ...(typeof argument === "object" ? argument.words : []),
  ];
  const flags = options.flatMap((option) => option.flags);
  return `    ${quoted(path)}) words=${quoted(words.join(" "))} options=${quoted(flags.join(" "))} files=${argument === "file" ? 1 : 0} ;;`;
};

/** Completion for bash 4 or later; static, so that a TAB starts no Node. */
export const bashScript = (all: readonly Place[]): string => `# bash completion for trainproof
_trainproof() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}"
  local at="" words="" options="" files=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${any(steps(all))}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${chosen(all)
  .map(({ at, words }) => `    ${quoted(at)}) words=${quoted(words.join(" "))} ;;`)
  .join("\n")}
    ${any(followed(all, "file"))}) files=1 ;;
    ${any(followed(all, "other"))}) return ;;
    *)
      case "$at" in
${all.map((place) => `    ${caseOf(place)}`).join("\n")}
      esac
      [[ $cur == -* ]] && words="$options" files=0
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  if ((files)); then
    compopt -o filenames
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
  fi
}
complete -F _trainproof trainproof
`;
