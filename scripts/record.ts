import { main, verb } from "./lib/verb.ts";
import { card } from "./record/card.ts";
import { check } from "./record/check.ts";

export const command = verb(
  "record",
  "Claims and verdicts in formats that others read: a CycloneDX model card, in-toto statements.",
)
  .enablePositionalOptions()
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof record card 0x… --out model.cdx.json\n  trainproof record check verdict.dsse.json --rpc http://127.0.0.1:8545",
  );
for (const part of [card, check]) command.addCommand(part);

if (import.meta.main) await main(command);
