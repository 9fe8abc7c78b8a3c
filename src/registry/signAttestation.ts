import type { Address, Hex } from "viem";
import {
  type AttestationContent,
  attestationInput,
  type AttestationInput,
  attestationTypedData,
} from "./attestation.ts";
import { requireWallet, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface SignAttestationParameters extends AttestationContent {
  /** Seconds since 1970 until which the signature is good. */
  deadline: bigint;
  /**
   * Who signs; the wallet's account by default. A contract account, as viem's toSmartAccount makes them, may be one that is not
   * deployed yet: it wraps its signature as ERC-6492 says.
   */
  account?: SigningAccount;
}

/** An account that signs typed data: viem's local and smart accounts are such. */
export interface SigningAccount {
  address: Address;
  signTypedData(data: ReturnType<typeof attestationTypedData>): Promise<Hex>;
}

/** What anyone can relay with attestBySignature. */
export interface SignedAttestation {
  attester: Address;
  input: AttestationInput;
  deadline: bigint;
  signature: Hex;
}

export type SignAttestationReturnType = SignedAttestation;
export type SignAttestationErrorType = RegistryError;

/**
 * Signs the wallet account's verdict (EIP-712), for somebody else to send and pay for. Whoever has it can publish it until the
 * deadline.
 *
 * @throws RegistryError
 *
 * @example
 * const signed = await signAttestation(verifier, { ...content, deadline });
 * await attestBySignature(relayer, signed);
 */
export async function signAttestation(
  clients: RegistryClients,
  { deadline, account, ...content }: SignAttestationParameters,
): Promise<SignAttestationReturnType> {
  const attester = account?.address ?? requireWallet(clients).account.address;
  try {
    const input = await attestationInput(clients, content);
    const data = attestationTypedData(clients, input, deadline);
    const signature = await (account ?? requireWallet(clients)).signTypedData(data);
    return { attester, input, deadline, signature };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
