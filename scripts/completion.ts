import { Argument } from "commander";
import { bashScript } from "./completion/bash.ts";
import { fishScript } from "./completion/fish.ts";
import { places } from "./completion/places.ts";
import { zshScript } from "./completion/zsh.ts";
import { main, UsageError, verb } from "./lib/verb.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof scripts;

export const command = verb(
  "completion",
  "Print a script that completes verbs, options and files in a shell.",
)
  .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(scripts)))
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof completion bash > ~/.local/share/bash-completion/completions/trainproof\n  trainproof completion zsh > ~/.zfunc/_trainproof\n  trainproof completion fish > ~/.config/fish/completions/trainproof.fish",
  )
  .action((shell: Shell, options: { json?: boolean }, self: typeof command) => {
    if (self.parent === null) throw new UsageError("completion is a verb of trainproof");
    const script = scripts[shell](places(self.parent));
    process.stdout.write(options.json ? `${JSON.stringify({ shell, script })}\n` : script);
  });

if (import.meta.main) await main(command);
