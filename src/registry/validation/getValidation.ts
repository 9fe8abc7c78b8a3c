import { BaseError, ContractFunctionRevertedError, type Hex } from "viem";
import { requireAddress, type RegistryClients } from "../clients.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { type GetStatusReturnType, getStatus } from "../getStatus.ts";
import { validatorAbi } from "../validatorArtifact.ts";
import { erc8004ValidationAbi } from "./erc8004Abi.ts";
import { computeRequestHash, type ValidationQuestion, validationsOf } from "./question.ts";

export type GetValidationParameters = ValidationQuestion;

export interface GetValidationReturnType {
  requestHash: Hex;
  /** unasked: nobody has requested it. taken: the hash is another agent's or validator's request; ask with another salt. */
  state: "unasked" | "taken" | "requested" | "answered";
  /** Of an answer: 100 or 0, the outcome that it says, and when, in seconds since 1970. */
  answer?: { response: number; tag: string; answeredAt: number };
  /** What the validator's quorum says now. */
  now: GetStatusReturnType;
}

export type GetValidationErrorType = RegistryError;

/**
 * How a validation stands: in ERC-8004's validation registry, and what the validator would answer now.
 *
 * @throws RegistryError "notFound" without such a claim, "usage" for an address that is no validator of this registry.
 *
 * @example
 * const { state, answer, now } = await getValidation(clients, { validator, claimId, agentId: 7n });
 * if (answer && answer.tag !== now.outcome) await answerValidation(clients, { validator, claimId, agentId: 7n });
 */
export async function getValidation(
  clients: RegistryClients,
  parameters: GetValidationParameters,
): Promise<GetValidationReturnType> {
  const { validator, claimId, agentId } = parameters;
  const registry = requireAddress(clients);
  const { reader } = clients;
  try {
    const address = await validationsOf(clients, validator);
    const at = { address: validator, abi: validatorAbi } as const;
    const [verifiers, threshold] = await Promise.all([
      reader.readContract({ ...at, functionName: "verifiers" }),
      reader.readContract({ ...at, functionName: "THRESHOLD" }),
    ]);
    const now = await getStatus(clients, { claimId, verifiers, threshold: Number(threshold) });
    const requestHash = computeRequestHash({ chainId: clients.chainId, registry }, parameters);
    const found = await reader
      .readContract({
        address,
        abi: erc8004ValidationAbi,
        functionName: "getValidationStatus",
        args: [requestHash],
      })
      .catch((error: unknown) => {
        // A request that is none is refused.
        const refused =
          error instanceof BaseError &&
          error.walk((cause) => cause instanceof ContractFunctionRevertedError) !== null;
        if (refused) return undefined;
        throw error;
      });
    if (found === undefined) return { requestHash, state: "unasked", now };
    const [asked, agent, response, , tag, lastUpdate] = found;
    if (asked.toLowerCase() !== validator.toLowerCase() || agent !== agentId)
      return { requestHash, state: "taken", now };
    // This validator's answers have a tag, always.
    if (tag === "") return { requestHash, state: "requested", now };
    const answer = { response, tag, answeredAt: Number(lastUpdate) };
    return { requestHash, state: "answered", answer, now };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
