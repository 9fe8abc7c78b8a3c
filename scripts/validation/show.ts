import { getValidation } from "../../src/registry/index.ts";
import { chainClients } from "../lib/chain.ts";
import { timeInWords } from "../lib/time.ts";
import { print, verb } from "../lib/verb.ts";
import { questionOf, type QuestionOptions, withQuestion } from "./question.ts";

export const show = withQuestion(
  verb("show", "A request: whether it was answered, and what the quorum says now."),
)
  .addHelpText("after", "\nExample:\n  trainproof validation show 0x… --validator 0x… --agent 7")
  .action(async (claim: string, options: QuestionOptions) => {
    const question = questionOf(claim, options);
    const found = await getValidation(await chainClients(options, false), question);
    const { requestHash, state, answer, now } = found;
    const text = [
      `request ${requestHash}`,
      `  ${state}${answer ? ` ${answer.response}, ${answer.tag}, ${timeInWords(answer.answeredAt)}` : ""}`,
      `  the quorum now says ${now.outcome}: ${now.valid} valid, ${now.invalid} invalid, ${now.sampled} sampled, ${now.revoked} revoked`,
    ];
    print({ json: { ...question, ...found }, text }, options);
  });
