import { getAbiItem, type Address, type Hex, type Log } from "viem";
import { registryAbi } from "./artifact.ts";
import { type AttestationContent, sampleOf, verdictOf } from "./attestation.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";
import { type BlockRange, readEvents } from "./readEvents.ts";

export interface GetAttestationsParameters {
  claimId?: Hex;
  attester?: Address;
}

/** A verdict on a claim, as its events tell it. */
export interface Attestation extends AttestationContent {
  attester: Address;
  /** Only if the attester took it back. */
  revocation?: { reason: string; blockNumber: bigint; transactionHash: Hex };
  blockNumber: bigint;
  transactionHash: Hex;
}

export type GetAttestationsReturnType = Attestation[];
export type GetAttestationsErrorType = RegistryError;

const attested = getAbiItem({ abi: registryAbi, name: "ClaimAttested" });
const revoked = getAbiItem({ abi: registryAbi, name: "AttestationRevoked" });

/**
 * Verdicts on a claim, of an attester, or both, oldest first; revoked ones too.
 *
 * @throws RegistryError
 *
 * @example
 * for (const { attester, verdict, revocation } of await getAttestations(clients, { claimId }))
 *   console.log(attester, verdict, revocation?.reason);
 */
export async function getAttestations(
  clients: RegistryClients,
  filter: GetAttestationsParameters,
): Promise<GetAttestationsReturnType> {
  try {
    const logs = await readEvents(clients, verdictsGiven(clients, filter));
    return attestationsOf(logs, await readRevocations(clients, filter, {}));
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

type Given = Log<bigint, number, false, typeof attested, true>;

/** Reads the ClaimAttested events of a range of blocks that fit a filter. */
export function verdictsGiven(
  clients: RegistryClients,
  { claimId, attester }: GetAttestationsParameters,
): (range: { fromBlock: bigint; toBlock: bigint }) => Promise<Given[]> {
  const address = requireAddress(clients);
  const args = { ...(claimId && { claimId }), ...(attester && { attester }) };
  return (range) =>
    clients.reader.getLogs({ address, event: attested, args, strict: true, ...range });
}

/** The AttestationRevoked events about these claims, of this attester. */
export function readRevocations(
  clients: RegistryClients,
  args: { claimId?: Hex | Hex[]; attester?: Address },
  within: BlockRange,
) {
  const address = requireAddress(clients);
  return readEvents(
    clients,
    (range) => clients.reader.getLogs({ address, event: revoked, args, strict: true, ...range }),
    within,
  );
}

const keyOf = ({ claimId, attester }: { claimId: Hex; attester: Address }) =>
  `${claimId}/${attester}`;

export function attestationsOf(
  logs: readonly Given[],
  revocations: Awaited<ReturnType<typeof readRevocations>>,
): Attestation[] {
  const takenBack = new Map(
    revocations.map(({ args, blockNumber, transactionHash }) => [
      keyOf(args),
      { reason: args.reason, blockNumber, transactionHash },
    ]),
  );
  return logs.map(({ args, blockNumber, transactionHash }) => {
    const revocation = takenBack.get(keyOf(args));
    return {
      claimId: args.claimId,
      attester: args.attester,
      verdict: verdictOf(args.verdict),
      ...sampleOf(args),
      proofDigest: args.proofDigest,
      verifierBuild: args.verifierBuild,
      protocolVersion: args.protocolVersion,
      reportDigest: args.reportDigest,
      uri: args.uri,
      ...(revocation && { revocation }),
      blockNumber,
      transactionHash,
    };
  });
}
