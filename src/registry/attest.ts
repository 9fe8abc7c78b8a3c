import { getAbiItem, type Address, type Hex } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, requireWallet, type RegistryClients } from "./clients.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { readEvents } from "./readEvents.ts";

export type AttestedVerdict = "invalid" | "valid";
const verdicts = ["unknown", "invalid", "valid"] as const;

/** A verdict on a claim. It is bound to the proof, since the claim's id is a hash over the proof's digest. */
export interface Attestation {
  claimId: Hex;
  attester: Address;
  verdict: AttestedVerdict;
  reportDigest: Hex;
  uri: string;
  blockNumber: bigint;
  transactionHash: Hex;
}

export interface AttestReturn {
  /** This account had given this verdict before; nothing was sent. */
  alreadyAttested: boolean;
  transactionHash?: Hex;
  gasUsed?: bigint;
}

const event = getAbiItem({ abi: registryAbi, name: "ClaimAttested" });

/** All verdicts on a claim, oldest first. */
export async function getAttestations(
  clients: RegistryClients,
  filter: { claimId: Hex; attester?: Address },
): Promise<Attestation[]> {
  const address = requireAddress(clients);
  try {
    const logs = await readEvents(clients, (range) =>
      clients.reader.getLogs({ address, event, args: filter, strict: true, ...range }),
    );
    return logs.map(({ args, blockNumber, transactionHash }) => ({
      ...args,
      verdict: verdicts[args.verdict] === "valid" ? "valid" : "invalid",
      blockNumber,
      transactionHash,
    }));
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

/**
 * Gives the wallet account's verdict on a claim, once and for good. Giving the same verdict again is no error.
 *
 * @throws RegistryError "reverted" when another verdict was given before, "notFound" when there is no such claim.
 */
export async function attest(
  clients: RegistryClients,
  parameters: { claimId: Hex; verdict: AttestedVerdict; reportDigest: Hex; uri: string },
): Promise<AttestReturn> {
  const address = requireAddress(clients);
  const wallet = requireWallet(clients);
  const { claimId, verdict, reportDigest, uri } = parameters;
  try {
    const attester = wallet.account.address;
    const [before] = await getAttestations(clients, { claimId, attester });
    if (before?.verdict === verdict) return { alreadyAttested: true };
    const { request } = await clients.reader.simulateContract({
      address,
      abi: registryAbi,
      functionName: "attest",
      args: [claimId, verdicts.indexOf(verdict), reportDigest, uri],
      account: wallet.account,
    });
    const transactionHash = await wallet.writeContract(request);
    const receipt = await clients.reader.waitForTransactionReceipt({ hash: transactionHash });
    if (receipt.status !== "success") {
      throw new RegistryError("reverted", `transaction ${transactionHash} was reverted`);
    }
    return { alreadyAttested: false, transactionHash, gasUsed: receipt.gasUsed };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
