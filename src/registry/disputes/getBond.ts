import type { Hex } from "viem";
import { requireDisputes, type RegistryClients } from "../clients.ts";
import { RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";
import { stages } from "./bond.ts";
import { type Bond, findBonds } from "./findBonds.ts";

export interface GetBondParameters {
  bondId: Hex;
}

export type GetBondReturnType = Bond;
export type GetBondErrorType = RegistryError;

/** The stored bond, or undefined where there is none. */
export async function readBond(clients: RegistryClients, bondId: Hex) {
  const stored = await clients.reader.readContract({
    address: requireDisputes(clients),
    abi: disputesAbi,
    functionName: "getBond",
    args: [bondId],
  });
  return stages[stored.stage] === "none" ? undefined : stored;
}

/**
 * A bond by its id: terms, stage, challenge and votes.
 *
 * @throws RegistryError "notFound" when there is none.
 *
 * @example
 * const { stage, amount, resolvers, threshold, votes } = await getBond(clients, { bondId });
 */
export async function getBond(
  clients: RegistryClients,
  { bondId }: GetBondParameters,
): Promise<GetBondReturnType> {
  try {
    const stored = await readBond(clients, bondId);
    const [bond] = stored
      ? await findBonds(clients, { bondId }, { from: BigInt(stored.postedIn) })
      : [];
    if (bond === undefined) {
      throw new RegistryError(
        "notFound",
        `there is no bond ${bondId}; check the id, the dispute contract and the chain`,
      );
    }
    return bond;
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
