import { type Address, type Hex, parseErc6492Signature } from "viem";
import { registryAbi } from "./artifact.ts";
import { revocationTypedData } from "./attestation.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface RevokeAttestationParameters {
  claimId: Hex;
  /** Why; at most 2048 bytes, public. */
  reason: string;
}

export interface RevokeAttestationReturnType {
  transactionHash: Hex;
  gasUsed: bigint;
}

export type RevokeAttestationErrorType = RegistryError;

/** What anyone can relay with revokeBySignature. */
export interface SignedRevocation extends RevokeAttestationParameters {
  attester: Address;
  deadline: bigint;
  signature: Hex;
}

/**
 * Takes the wallet account's verdict on a claim back. No other verdict of the account can follow.
 *
 * @throws RegistryError "reverted" when there is none, or it was revoked before.
 *
 * @example
 * await revokeAttestation(clients, { claimId, reason: "verifier build 0x… had a fault" });
 */
export async function revokeAttestation(
  clients: RegistryClients,
  { claimId, reason }: RevokeAttestationParameters,
): Promise<RevokeAttestationReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "revoke",
      args: [claimId, reason],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/**
 * Signs a revocation (EIP-712) for somebody else to send.
 *
 * @example
 * await revokeBySignature(relayer, await signRevocation(verifier, { claimId, reason, deadline }));
 */
export async function signRevocation(
  clients: RegistryClients,
  { claimId, reason, deadline }: RevokeAttestationParameters & { deadline: bigint },
): Promise<SignedRevocation> {
  const wallet = requireWallet(clients);
  const data = revocationTypedData(clients, { claimId, reason }, deadline);
  try {
    const signature = await wallet.signTypedData(data);
    return { attester: wallet.account.address, claimId, reason, deadline, signature };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/** Records a revocation that somebody else signed; the wallet's account pays. Errors: those of revokeAttestation, and a bad signature. */
export async function revokeBySignature(
  clients: RegistryClients,
  { attester, claimId, reason, deadline, signature }: SignedRevocation,
): Promise<RevokeAttestationReturnType> {
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
