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
  { deadline, ...content }: SignAttestationParameters,
): Promise<SignAttestationReturnType> {
  const wallet = requireWallet(clients);
  try {
    const input = await attestationInput(clients, content);
    const signature = await wallet.signTypedData(attestationTypedData(clients, input, deadline));
    return { attester: wallet.account.address, input, deadline, signature };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
