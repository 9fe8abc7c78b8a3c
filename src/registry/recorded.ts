import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import { registryAbi } from "./artifact.ts";
import { type AttestedVerdict, verdicts } from "./attestation.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { registryErrorFrom } from "./errors.ts";

/** What somebody wants the registry to hold. */
export type Recordable =
  | { kind: "announce" | "draw"; planId: Hex }
  | { kind: "register"; claimId: Hex }
  | { kind: "attest"; claimId: Hex; attester: Address; verdict: AttestedVerdict };

/** yes; no; never: what the registry holds instead rules it out. */
export type Recorded = { is: "yes" | "no" } | { is: "never"; reason: string };

/** Whether the registry holds it, in a block's state. Errors: RegistryError. */
export async function recorded(
  clients: RegistryClients,
  wanted: Recordable,
  blockNumber?: bigint,
): Promise<Recorded> {
  const at = {
    address: requireAddress(clients),
    abi: registryAbi,
    ...(blockNumber !== undefined && { blockNumber }),
  };
  const yesIf = (holds: boolean): Recorded => ({ is: holds ? "yes" : "no" });
  const { reader } = clients;
  try {
    if (wanted.kind === "register") {
      const args = [wanted.claimId] as const;
      const claim = await reader.readContract({ ...at, functionName: "getClaim", args });
      return yesIf(claim.claimant !== zeroAddress);
    }
    if (wanted.kind !== "attest") {
      const args = [wanted.planId] as const;
      const plan = await reader.readContract({ ...at, functionName: "getPlan", args });
      return yesIf(
        wanted.kind === "announce" ? plan.claimant !== zeroAddress : plan.seed !== zeroHash,
      );
    }
    const { claimId, attester, verdict } = wanted;
    const given = await reader.readContract({
      ...at,
      functionName: "getAttestation",
      args: [claimId, attester],
    });
    const said = verdicts[given.verdict];
    if (said === "unknown") return { is: "no" };
    if (given.revoked) return { is: "never", reason: "the account has revoked its verdict" };
    if (said === verdict) return { is: "yes" };
    return { is: "never", reason: `the account has given the verdict ${said} before` };
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
