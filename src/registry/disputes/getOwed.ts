import type { Address } from "viem";
import { requireDisputes, type RegistryClients } from "../clients.ts";
import { type RegistryError, registryErrorFrom } from "../errors.ts";
import { disputesAbi } from "./artifact.ts";

export interface GetOwedParameters {
  account: Address;
}

/** In wei. */
export type GetOwedReturnType = bigint;
export type GetOwedErrorType = RegistryError;

/**
 * What the dispute contract owes an account, in wei.
 *
 * @throws RegistryError
 *
 * @example
 * if ((await getOwed(clients, { account })) > 0n) await withdrawOwed(clients);
 */
export async function getOwed(
  clients: RegistryClients,
  { account }: GetOwedParameters,
): Promise<GetOwedReturnType> {
  try {
    return await clients.reader.readContract({
      address: requireDisputes(clients),
      abi: disputesAbi,
      functionName: "owed",
      args: [account],
    });
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
