import { type Address, type Hex, zeroHash } from "viem";
import { computeClaimBody } from "./claimId.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { RegistryError } from "./errors.ts";
import { getClaim } from "./getClaim.ts";

export const verdicts = ["unknown", "invalid", "valid", "sampled"] as const;

/** sampled: valid as far as a random sample of the segments shows (PROTOCOL §23); it counts as no valid verdict. */
export type AttestedVerdict = "invalid" | "valid" | "sampled";

/** Which segments were verified, where they are a random sample. */
export interface SegmentSample {
  /** How many; from 1 to 2^32 - 1. */
  size: number;
  /** What they were drawn from: the hash of a block, the claim and the attester (PROTOCOL §23). */
  seed: Hex;
}

/** What an attester says (contracts/interfaces/ITrainingRegistry.sol, AttestationInput). */
export interface AttestationContent {
  claimId: Hex;
  verdict: AttestedVerdict;
  /** Only where a sample of the segments was verified: with "sampled" always, with "invalid" perhaps, with "valid" never. */
  sample?: SegmentSample;
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
export interface AttestationInput extends Omit<AttestationContent, "verdict" | "sample"> {
  verdict: number;
  /** 0 and a zero seed: all segments. */
  sampleSize: number;
  sampleSeed: Hex;
  /** With it and the proof digest the registry computes the claim's id again. */
  claimBody: Hex;
}

/** The verdict that a number of the contract says. Errors: RegistryError. */
export function verdictOf(value: number): AttestedVerdict {
  const verdict = verdicts[value];
  if (verdict !== undefined && verdict !== "unknown") return verdict;
  throw new RegistryError("other", `${value} is no verdict: 1 invalid, 2 valid, 3 sampled`);
}

/** The sample that a tuple of the contract says, or none. */
export const sampleOf = ({ sampleSize: size, sampleSeed: seed }: ContractSample) =>
  size === 0 && seed === zeroHash ? {} : { sample: { size, seed } };

type ContractSample = Pick<AttestationInput, "sampleSize" | "sampleSeed">;

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
    sampleSize: content.sample?.size ?? 0,
    sampleSeed: content.sample?.seed ?? zeroHash,
    uri: content.uri,
  };
}

const domain = (clients: RegistryClients) => ({
  name: "Trainproof TrainingRegistry",
  version: "3",
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
        { name: "sampleSize", type: "uint32" },
        { name: "sampleSeed", type: "bytes32" },
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
