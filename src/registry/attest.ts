import type { Address, Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { type AttestationContent, attestationInput, verdicts } from "./attestation.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { confirm } from "./confirm.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";

export type AttestParameters = AttestationContent;

export interface AttestReturnType {
  /** This account had given this verdict before; nothing was sent. */
  alreadyAttested: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

export type AttestErrorType = RegistryError;

/** Whether the attester has given this verdict already, and not revoked it. */
export async function hasVerdict(
  clients: RegistryClients,
  attester: Address,
  { claimId, verdict }: Pick<AttestationContent, "claimId" | "verdict">,
): Promise<boolean> {
  const given = await clients.reader.readContract({
    address: requireAddress(clients),
    abi: registryAbi,
    functionName: "getAttestation",
    args: [claimId, attester],
  });
  if (!given.revoked) return verdicts[given.verdict] === verdict;
  throw new RegistryError(
    "reverted",
    `${attester} has revoked its verdict on claim ${claimId}; another cannot follow`,
  );
}

/**
 * Gives the wallet account's verdict on a claim, once and for good. Giving the same verdict again is no error.
 *
 * @throws RegistryError "reverted" when another verdict was given before, or the proof is not the claim's; "notFound" when there
 * is no such claim.
 *
 * @example
 * const { proofDigest } = await getClaim(clients, { claimId });
 * const found = { verdict: "valid", verifierBuild, protocolVersion: 1, reportDigest, uri } as const;
 * await attest(clients, { claimId, proofDigest, ...found });
 */
export async function attest(
  clients: RegistryClients,
  parameters: AttestParameters,
): Promise<AttestReturnType> {
  const address = requireAddress(clients);
  const { account } = requireWallet(clients);
  try {
    if (await hasVerdict(clients, account.address, parameters)) return { alreadyAttested: true };
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "attest",
      args: [await attestationInput(clients, parameters)],
      account,
    });
    const { transactionHash, gasUsed } = await confirm(clients, request);
    return { alreadyAttested: false, transactionHash, gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
