import { challenge } from "./dispute/challenge.ts";
import { post } from "./dispute/post.ts";
import { release } from "./dispute/release.ts";
import { resolve } from "./dispute/resolve.ts";
import { show } from "./dispute/show.ts";
import { withdraw } from "./dispute/withdraw.ts";
import { main, verb } from "./lib/verb.ts";

export const command = verb(
  "dispute",
  "Bonds behind claims and verdicts: post one, challenge one, decide it as a resolver, take what you are owed.",
)
  .enablePositionalOptions()
  .addHelpText(
    "after",
    "\nExample:\n  trainproof dispute post 0x… --amount 1 --resolvers 0x…,0x…,0x… --threshold 2",
  );
for (const part of [post, challenge, resolve, release, withdraw, show]) command.addCommand(part);

if (import.meta.main) await main(command);
