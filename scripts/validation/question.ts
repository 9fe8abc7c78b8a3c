import { type Command, InvalidArgumentError, Option } from "commander";
import type { ValidationQuestion } from "../../src/registry/index.ts";
import { addressOf, digestOf } from "../lib/arguments.ts";
import type { ChainOptions } from "../lib/chain.ts";
import { UsageError, withChain } from "../lib/verb.ts";

export interface QuestionOptions extends ChainOptions {
  json?: boolean;
  validator?: string;
  agent: bigint;
  salt?: string;
}

function agentId(text: string): bigint {
  if (/^[0-9]{1,78}$/.test(text) && BigInt(text) < 2n ** 256n) return BigInt(text);
  throw new InvalidArgumentError("It is a whole number.");
}

/** What every part of the verb takes. */
export const withQuestion = (command: Command): Command =>
  withChain(command)
    .argument("<claim>", "claim id: 0x and 64 digits")
    .addOption(
      new Option("--validator <address>", "the QuorumValidator").env("TRAINPROOF_VALIDATOR"),
    )
    .requiredOption("--agent <id>", "the agent's id in ERC-8004's identity registry", agentId)
    .option("--salt <digest>", "another one where the request's hash is taken: 0x and 64 digits");

export function questionOf(claim: string, options: QuestionOptions): ValidationQuestion {
  const { validator, agent, salt } = options;
  if (validator === undefined) {
    throw new UsageError("no validator was named; give --validator or TRAINPROOF_VALIDATOR");
  }
  return {
    validator: addressOf(validator, "--validator"),
    claimId: digestOf(claim, "claim id"),
    agentId: agent,
    ...(salt !== undefined && { salt: digestOf(salt, "salt") }),
  };
}
