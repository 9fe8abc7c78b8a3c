import type { Address } from "viem";
import { registryAbi } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { type RegistryError, registryErrorFrom } from "./errors.ts";

export interface CountPlansParameters {
  claimant: Address;
}

export type CountPlansReturnType = number;
export type CountPlansErrorType = RegistryError;

/**
 * How many plans an account has announced: each had a seed of its own.
 *
 * @throws RegistryError
 *
 * @example
 * const announced = await countPlans(clients, { claimant });
 */
export async function countPlans(
  clients: RegistryClients,
  { claimant }: CountPlansParameters,
): Promise<CountPlansReturnType> {
  try {
    const count = await clients.reader.readContract({
      address: requireAddress(clients),
      abi: registryAbi,
      functionName: "planCountOf",
      args: [claimant],
    });
    return Number(count);
  } catch (error) {
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}
