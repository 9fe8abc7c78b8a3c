import { answerValidation } from "../../src/registry/index.ts";
import { chainClients } from "../lib/chain.ts";
import { print, verb } from "../lib/verb.ts";
import { questionOf, type QuestionOptions, withQuestion } from "./question.ts";

export const answer = withQuestion(
  verb(
    "answer",
    "Have the validator answer with what its quorum says now; anyone can. The key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .addHelpText("after", "\nExample:\n  trainproof validation answer 0x… --validator 0x… --agent 7")
  .action(async (claim: string, options: QuestionOptions) => {
    const question = questionOf(claim, options);
    const result = await answerValidation(await chainClients(options, true), question);
    const { requestHash, response, outcome, gasUsed } = result;
    const text = [`request ${requestHash}`, `answered ${response}, ${outcome}; ${gasUsed} gas`];
    print({ json: { ...question, ...result }, text }, options);
  });
