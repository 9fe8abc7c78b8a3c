import { type Hex, parseErc6492Signature } from "viem";
import { registryAbi } from "./artifact.ts";
import { hasVerdict } from "./attest.ts";
import { verdictOf } from "./attestation.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { attestCounterfactually } from "./counterfactual.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import type { SignedAttestation } from "./signAttestation.ts";

export type AttestBySignatureParameters = SignedAttestation;

export interface AttestBySignatureReturnType {
  /** The attester's verdict was recorded before; nothing was sent. */
  alreadyAttested: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type AttestBySignatureErrorType = RegistryError;

/**
 * Records a verdict that somebody else signed; the wallet's account pays. The attester may be a contract that answers ERC-1271,
 * or, where the signature is wrapped as ERC-6492 says, one that does not exist yet: then its factory is called in the same
 * transaction, in nobody's name.
 *
 * @throws RegistryError "reverted" when the signature is not the attester's on this content, or expired, or the factory does not
 * deploy the attester.
 *
 * @example
 * await attestBySignature(relayer, signed);
 */
export async function attestBySignature(
  clients: RegistryClients,
  { attester, input, deadline, signature }: AttestBySignatureParameters,
): Promise<AttestBySignatureReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    const wanted = { claimId: input.claimId, verdict: verdictOf(input.verdict) };
    if (await hasVerdict(clients, attester, wanted)) {
      return { alreadyAttested: true };
    }
    const signed = parseErc6492Signature(signature);
    const args = [attester, input, deadline, signed.signature] as const;
    if (signed.address !== undefined) {
      const code = await clients.reader.getCode({ address: attester });
      if (code === undefined || code === "0x") {
        const factory = { address: signed.address, data: signed.data };
        const { transactionHash, gasUsed } = await attestCounterfactually(clients, factory, args);
        return { alreadyAttested: false, transactionHash, gasUsed };
      }
    }
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "attestBySig",
      args,
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { alreadyAttested: false, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
