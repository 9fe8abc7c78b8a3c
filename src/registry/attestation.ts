import type { Address, Hex } from "viem";
import { computeClaimBody } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { getClaim } from "./getClaim.ts";

export const verdicts = ["unknown", "invalid", "valid"] as const;
export type AttestedVerdict = "invalid" | "valid";

/** What an attester says (contracts/interfaces/ITrainingRegistry.sol, AttestationInput). */
export interface AttestationContent {
  claimId: Hex;
  verdict: AttestedVerdict;
  /** The proof that was verified; the registry takes the claim's alone. */
  proofDigest: Hex;
  /** Digest of the verifier that was run. */
  verifierBuild: Hex;
  /** Version of docs/PROTOCOL.md that it verifies. */
  protocolVersion: number;
  /** SHA-256 of the verification report. */
  reportDigest: Hex;
  /** Where the report can be found; may be empty. */
  uri: string;
}

/** The tuple as the contract takes it. */
export interface AttestationInput extends Omit<AttestationContent, "verdict"> {
  verdict: number;
  /** With it and the proof digest the registry computes the claim's id again. */
  claimBody: Hex;
}

/** Adds what the registry wants to see of the claim. */
export async function attestationInput(
  clients: RegistryClients,
  content: AttestationContent,
): Promise<AttestationInput> {
  const claim = await getClaim(clients, { claimId: content.claimId });
  return {
    claimId: content.claimId,
    claimBody: computeClaimBody(claim),
    verdict: verdicts.indexOf(content.verdict),
    proofDigest: content.proofDigest,
    verifierBuild: content.verifierBuild,
    protocolVersion: content.protocolVersion,
    reportDigest: content.reportDigest,
    uri: content.uri,
  };
}

const domain = (clients: RegistryClients) => ({
  name: "Trainproof TrainingRegistry",
  version: "2",
  chainId: clients.chainId,
  verifyingContract: requireAddress(clients) satisfies Address,
});

/** EIP-712 typed data of a verdict: for wallets that sign elsewhere. */
export const attestationTypedData = (
  clients: RegistryClients,
  input: Omit<AttestationInput, "claimBody">,
  deadline: bigint,
) =>
  ({
    domain: domain(clients),
    types: {
      Attest: [
        { name: "claimId", type: "bytes32" },
        { name: "verdict", type: "uint8" },
        { name: "proofDigest", type: "bytes32" },
        { name: "verifierBuild", type: "bytes32" },
        { name: "protocolVersion", type: "uint32" },
        { name: "reportDigest", type: "bytes32" },
        { name: "uri", type: "string" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Attest",
    message: { ...input, deadline },
  }) as const;

/** EIP-712 typed data of a revocation. */
export const revocationTypedData = (
  clients: RegistryClients,
  revocation: { claimId: Hex; reason: string },
  deadline: bigint,
) =>
  ({
    domain: domain(clients),
    types: {
      Revoke: [
        { name: "claimId", type: "bytes32" },
        { name: "reason", type: "string" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Revoke",
    message: { ...revocation, deadline },
  }) as const;
