import type { Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { hasVerdict } from "./attest.ts";
import { type AttestationContent, attestationInput, type AttestationInput } from "./attestation.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface AttestBatchParameters {
  attestations: readonly AttestationContent[];
}

export interface AttestBatchReturnType {
  /** Claims whose verdict was sent now. */
  attested: Hex[];
  /** Claims on which this account had given this verdict before. */
  alreadyAttested: Hex[];
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type AttestBatchErrorType = RegistryError;

/**
 * Gives the wallet account's verdicts on several claims in one transaction, all or none.
 *
 * @throws RegistryError as `attest`, of the first that fails; then nothing is recorded.
 *
 * @example
 * await attestBatch(clients, { attestations });
 */
export async function attestBatch(
  clients: RegistryClients,
  { attestations }: AttestBatchParameters,
): Promise<AttestBatchReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const inputs: AttestationInput[] = [];
    const alreadyAttested: Hex[] = [];
    for (const content of attestations) {
      if (await hasVerdict(clients, account.address, content))
        alreadyAttested.push(content.claimId);
      else inputs.push(await attestationInput(clients, content));
    }
    const attested = inputs.map(({ claimId }) => claimId);
    if (inputs.length === 0) return { attested, alreadyAttested };
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "attestBatch",
      args: [inputs],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { attested, alreadyAttested, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
