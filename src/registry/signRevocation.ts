import type { Address, Hex } from "viem";
import { revocationTypedData } from "./attestation.ts";
import { requireWallet, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import type { RevokeAttestationParameters } from "./revokeAttestation.ts";

export interface SignRevocationParameters extends RevokeAttestationParameters {
  /** Last second at which the signature is good, since 1970. */
  deadline: bigint;
}

/** What anyone can relay with revokeBySignature. */
export interface SignedRevocation extends RevokeAttestationParameters {
  attester: Address;
  deadline: bigint;
  signature: Hex;
}

export type SignRevocationReturnType = SignedRevocation;
export type SignRevocationErrorType = RegistryError;

/**
 * Signs a revocation (EIP-712) for somebody else to send.
 *
 * @example
 * const signed = await signRevocation(verifier, { claimId, reason: "the build had a fault", deadline });
 * await revokeBySignature(relayer, signed);
 */
export async function signRevocation(
  clients: RegistryClients,
  { claimId, reason, deadline }: SignRevocationParameters,
): Promise<SignRevocationReturnType> {
  const wallet = requireWallet(clients);
  const data = revocationTypedData(clients, { claimId, reason }, deadline);
  try {
    const signature = await wallet.signTypedData(data);
    return { attester: wallet.account.address, claimId, reason, deadline, signature };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
