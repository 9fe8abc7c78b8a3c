import { requestValidation } from "../../src/registry/index.ts";
import { chainClients } from "../lib/chain.ts";
import { print, verb } from "../lib/verb.ts";
import { questionOf, type QuestionOptions, withQuestion } from "./question.ts";

export const request = withQuestion(
  verb("request", "Request a validation, as the agent's owner; the key is TRAINPROOF_PRIVATE_KEY."),
)
  .option("--uri <uri>", "where others find what to validate (default: the claim's own)")
  .addHelpText("after", "\nExample:\n  trainproof validation request 0x… --validator 0x… --agent 7")
  .action(async (claim: string, options: QuestionOptions & { uri?: string }) => {
    const question = questionOf(claim, options);
    const clients = await chainClients(options, true);
    const { uri } = options;
    const result = await requestValidation(clients, {
      ...question,
      ...(uri !== undefined && { uri }),
    });
    const text = [`request ${result.requestHash}`, `requested, ${result.gasUsed} gas`];
    print({ json: { ...question, ...result }, text }, options);
  });
