import { type Abi, type Hex, parseEventLogs } from "viem";
import { registryAbi } from "../artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "../clients.ts";
import { confirm } from "../confirm.ts";
import { RegistryError, registryErrorFrom } from "../errors.ts";
import { type Outcome, outcomes } from "../getStatus.ts";
import { validatorAbi } from "../validatorArtifact.ts";
import {
  computeRequestHash,
  questionInput,
  type ValidationQuestion,
  validationsOf,
} from "./question.ts";

export type AnswerValidationParameters = ValidationQuestion;

export interface AnswerValidationReturnType {
  requestHash: Hex;
  /** What the quorum said, and so the answer: 100 for valid, else 0. */
  outcome: Outcome;
  response: number;
  transactionHash: Hex;
  gasUsed: bigint;
}

export type AnswerValidationErrorType = RegistryError;

/** With the registry's errors, which come through the validator. */
const abi = [
  ...validatorAbi,
  ...(registryAbi as Abi).filter(({ type }) => type === "error"),
] as unknown as typeof validatorAbi;

/**
 * Has a validator answer a request with what its quorum says now; again where that has changed. Anyone can, and pays.
 *
 * @throws RegistryError "reverted" where the quorum has not decided, nothing has changed, or the claim is not the agent's.
 *
 * @example
 * const { outcome, response } = await answerValidation(clients, { validator, claimId, agentId: 7n });
 */
export async function answerValidation(
  clients: RegistryClients,
  parameters: AnswerValidationParameters,
): Promise<AnswerValidationReturnType> {
  const { account } = requireWallet(clients);
  const registry = requireAddress(clients);
  try {
    await validationsOf(clients, parameters.validator);
    const { request } = await clients.reader.simulateContract({
      address: parameters.validator,
      abi,
      functionName: "answer",
      args: [questionInput(parameters)],
      account,
    });
    const { transactionHash, gasUsed, receipt } = await confirm(clients, request);
    const [answered] = parseEventLogs({
      abi: validatorAbi,
      eventName: "ValidationAnswered",
      logs: receipt.logs,
    });
    if (answered === undefined) {
      throw new RegistryError("other", `transaction ${transactionHash} answered nothing`);
    }
    return {
      requestHash: computeRequestHash({ chainId: clients.chainId, registry }, parameters),
      outcome: outcomes[answered.args.outcome] ?? "open",
      response: answered.args.response,
      transactionHash,
      gasUsed,
    };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
