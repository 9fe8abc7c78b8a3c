import {
  type Address,
  concat,
  type Hex,
  keccak256,
  size,
  slice,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
} from "viem";
import { registryBytecode, registryRuntime } from "./artifact.ts";
import { requireAddress, type RegistryClients } from "./clients.ts";
import { disputesBytecode, disputesRuntime } from "./disputes/artifact.ts";
import { RegistryError, registryErrorFrom } from "./errors.ts";
import { validatorBytecode, validatorRuntime } from "./validatorArtifact.ts";

export type CheckedContract = keyof typeof compiled;

export interface CheckContractParameters {
  /** Which contract of this package it should be; the registry unless said. */
  contract?: CheckedContract;
  /** Where it is; the clients' registry or disputes unless said. */
  address?: Address;
  /** The transaction that created it: then its input is compared, too. */
  transaction?: Hex;
}

export interface CheckContractReturnType {
  contract: CheckedContract;
  address: Address;
  /** Whether the code on chain is what this package's contract compiles to, with its immutable values left out. */
  matches: boolean;
  /** Of the code on chain: its keccak256 and its size in bytes. */
  codeHash: Hex;
  bytes: number;
  /** Values that the constructor wrote into the code, by their names; only where it matches. */
  immutables?: Record<string, Hex>;
  /** Whether the transaction ran exactly this package's constructor, and so left nothing in storage but what that does. */
  created?: boolean;
}

export type CheckContractErrorType = RegistryError;

/** Runtime code lies in the creation code from `start` on; each immutable's 32 bytes are zeros in it, at these places. */
interface Runtime {
  start: number;
  length: number;
  immutables: Readonly<Record<string, readonly number[]>>;
}

const compiled = {
  registry: { bytecode: registryBytecode as Hex, runtime: registryRuntime as Runtime },
  disputes: { bytecode: disputesBytecode as Hex, runtime: disputesRuntime as Runtime },
  validator: { bytecode: validatorBytecode as Hex, runtime: validatorRuntime as Runtime },
};

/**
 * Compares the code at an address with what this package's contract compiles to. A contract with this code behaves as the source says; what
 * another constructor may have put into its storage beforehand, forged claims and verdicts, shows only in the transaction that
 * created it.
 *
 * @throws RegistryError "noContract" where there is no code, "notFound" for an unknown transaction.
 *
 * @example
 * const { matches, created } = await checkContract(clients, { transaction });
 * if (!matches || !created) throw new Error("another contract than this package's");
 */
export async function checkContract(
  clients: RegistryClients,
  {
    contract = "registry",
    address = addressOf(clients, contract),
    transaction,
  }: CheckContractParameters = {},
): Promise<CheckContractReturnType> {
  const { bytecode, runtime } = compiled[contract];
  try {
    const code = await clients.reader.getCode({ address });
    if (code === undefined || code === "0x") {
      throw new RegistryError(
        "noContract",
        `there is no contract at ${address} on chain ${clients.chainId}; check the address`,
      );
    }
    const expected = slice(bytecode, runtime.start, runtime.start + runtime.length);
    const immutables = size(code) === runtime.length ? valuesIn(code, runtime) : undefined;
    const matches = immutables !== undefined && masked(code, runtime) === expected;
    return {
      contract,
      address,
      matches,
      codeHash: keccak256(code),
      bytes: size(code),
      ...(matches && { immutables }),
      ...(transaction && { created: await wasCreatedBy(clients, transaction, address, bytecode) }),
    };
  } catch (error) {
    if (
      error instanceof TransactionNotFoundError ||
      error instanceof TransactionReceiptNotFoundError
    )
      throw new RegistryError(
        "notFound",
        `chain ${clients.chainId} has no transaction ${transaction}; check the hash, or ask a node with its receipt`,
        { cause: error },
      );
    throw registryErrorFrom(error, clients.rpcUrl);
  }
}

function addressOf(clients: RegistryClients, contract: CheckedContract): Address {
  const address = { registry: clients.address, disputes: clients.disputes, validator: undefined };
  if (contract === "registry") return requireAddress(clients);
  const known = address[contract];
  if (known !== undefined) return known;
  throw new RegistryError("usage", `the address of the ${contract} was not named`);
}

/** Each immutable's value; undefined where its places differ, which no constructor of ours does. */
function valuesIn(code: Hex, { immutables }: Runtime): Record<string, Hex> | undefined {
  const values: Record<string, Hex> = {};
  for (const [name, places] of Object.entries(immutables)) {
    const [first, ...others] = places.map((place) => slice(code, place, place + 32));
    if (first === undefined || others.some((other) => other !== first)) return undefined;
    values[name] = first;
  }
  return values;
}

/** The code with zeros where immutables are. */
function masked(code: Hex, { immutables }: Runtime): Hex {
  const places = Object.values(immutables)
    .flat()
    .sort((a, b) => a - b);
  const parts: Hex[] = [];
  let from = 0;
  for (const place of places) {
    if (place > from) parts.push(slice(code, from, place));
    parts.push(`0x${"00".repeat(32)}`);
    from = place + 32;
  }
  if (from < size(code)) parts.push(slice(code, from));
  return concat(parts);
}

/** Whether a transaction created the contract at the address from exactly this creation code, whatever the constructor's arguments. */
async function wasCreatedBy(
  { reader }: RegistryClients,
  hash: Hex,
  address: Address,
  bytecode: Hex,
): Promise<boolean> {
  const [{ input }, { contractAddress }] = await Promise.all([
    reader.getTransaction({ hash }),
    reader.getTransactionReceipt({ hash }),
  ]);
  return (
    contractAddress?.toLowerCase() === address.toLowerCase() &&
    input.length >= bytecode.length &&
    input.slice(0, bytecode.length) === bytecode
  );
}
