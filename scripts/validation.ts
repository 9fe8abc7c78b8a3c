import { main, verb } from "./lib/verb.ts";
import { answer } from "./validation/answer.ts";
import { request } from "./validation/request.ts";
import { show } from "./validation/show.ts";

export const command = verb(
  "validation",
  "ERC-8004: request that a quorum of the registry validates an agent's claim, have it answered, see how it stands.",
)
  .enablePositionalOptions()
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof validation request 0x… --validator 0x… --agent 7\n  trainproof validation answer 0x… --validator 0x… --agent 7",
  );
for (const part of [request, answer, show]) command.addCommand(part);

if (import.meta.main) await main(command);
