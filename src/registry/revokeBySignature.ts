import { parseErc6492Signature } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import type { RevokeAttestationReturnType } from "./revokeAttestation.ts";
import type { SignedRevocation } from "./signRevocation.ts";

export type RevokeBySignatureParameters = SignedRevocation;
export type RevokeBySignatureReturnType = RevokeAttestationReturnType;
export type RevokeBySignatureErrorType = RegistryError;

/**
 * Records a revocation that somebody else signed; the wallet's account pays.
 *
 * @throws RegistryError "reverted" as revokeAttestation, and for a signature that is bad or too late.
 *
 * @example
 * const { gasUsed } = await revokeBySignature(relayer, signed);
 */
export async function revokeBySignature(
  clients: RegistryClients,
  { attester, claimId, reason, deadline, signature }: RevokeBySignatureParameters,
): Promise<RevokeBySignatureReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "revokeBySig",
      // Who has attested exists: what ERC-6492 wraps around the signature is not needed.
      args: [attester, claimId, reason, deadline, parseErc6492Signature(signature).signature],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
