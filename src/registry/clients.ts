import {
  createPublicClient,
  createWalletClient,
  defineChain,
  isAddress,
  isAddressEqual,
  isHex,
  type Account,
  type Address,
  type Chain,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { contractsOn, deployments, type Deployments } from "./deployments.ts";
import { disputesAbi } from "./disputes/artifact.ts";
import { RegistryError, registryErrorFrom, withoutCredentials } from "./errors.ts";
import { rpcTransport, rpcUrlsOf } from "./transport.ts";

export interface RegistryClientsParameters {
  /** JSON-RPC endpoint, http or https; several between commas: the first that answers is used. */
  rpcUrl: string;
  /** Milliseconds that one answer may take; 20 000 unless said. */
  timeout?: number;
  /** The registry's address; needed by everything but deployRegistry. */
  address?: string;
  /** Where the addresses come from that are not given: the deployments table, say. Without one there may be no address at all. */
  known?: Deployments;
  /** The address of the disputes about this registry (contracts/DisputeBonds.sol); needed by the actions on bonds. */
  disputes?: string;
  /** No event is looked for in older blocks; the block of a known deployment, or the first. */
  fromBlock?: bigint;
  /** 0x and 64 hex digits; needed by what sends transactions. */
  privateKey?: string;
  /** When given, the node must be on this chain. */
  chainId?: number;
}

export type Wallet = WalletClient<Transport, Chain, Account>;

/** A connection to one registry on one chain. */
export interface RegistryClients {
  rpcUrl: string;
  chainId: number;
  reader: PublicClient<Transport, Chain>;
  wallet?: Wallet;
  address?: Address;
  disputes?: Address;
  fromBlock?: bigint;
}

/**
 * Connects, and checks what can be checked before anything is sent: that the node answers, on which chain, and that there is a
 * contract at the address.
 *
 * @throws RegistryError "unreachable" | "wrongChain" | "noContract" | "badKey" | "usage"
 *
 * @example
 * const clients = await createRegistryClients({ rpcUrl, address });
 * const claim = await getClaim(clients, { claimId });
 */
export async function createRegistryClients(
  parameters: RegistryClientsParameters,
): Promise<RegistryClients> {
  const { rpcUrl, privateKey } = parameters;
  const urls = rpcUrlsOf(rpcUrl);
  const given = {
    address: addressIn(parameters.address, "the registry's"),
    disputes: addressIn(parameters.disputes, "the disputes'"),
  };
  const transport = rpcTransport(urls, parameters.timeout);
  const chainId = await commonChain(urls, parameters.timeout);
  if (parameters.chainId !== undefined && parameters.chainId !== chainId) {
    throw new RegistryError(
      "wrongChain",
      `the node is on chain ${chainId}, not on ${parameters.chainId}; check the RPC endpoint`,
    );
  }
  const { address, disputes } = parameters.known
    ? contractsOn(chainId, given, parameters.known)
    : given;
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: urls } },
  });
  const reader = createPublicClient({ chain, transport, pollingInterval: 200 });
  const named = [
    [address, "TRAINPROOF_REGISTRY or --registry"],
    [disputes, "TRAINPROOF_DISPUTES or --disputes"],
  ] as const;
  for (const [contract, wayOut] of named) {
    if (contract === undefined) continue;
    const code = await reader.getCode({ address: contract }).catch((error: unknown) => {
      throw registryErrorFrom(error, rpcUrl);
    });
    if (code === undefined || code === "0x") {
      throw new RegistryError(
        "noContract",
        `there is no contract at ${contract} on chain ${chainId}; check ${wayOut}`,
      );
    }
  }
  if (address !== undefined && disputes !== undefined) {
    const about = await reader
      .readContract({ address: disputes, abi: disputesAbi, functionName: "REGISTRY" })
      .catch((error: unknown) => {
        throw registryErrorFrom(error, rpcUrl);
      });
    if (!isAddressEqual(about, address)) {
      throw new RegistryError(
        "usage",
        `the disputes at ${disputes} are about the registry ${about}, not ${address}; check --registry and --disputes`,
      );
    }
  }
  const known = (parameters.known ?? deployments)[chainId];
  const isKnown = known && address !== undefined && isAddressEqual(known.registry, address);
  const fromBlock = parameters.fromBlock ?? (isKnown ? known.deployedIn : undefined);
  return {
    rpcUrl,
    chainId,
    reader,
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(address === undefined ? {} : { address }),
    ...(disputes === undefined ? {} : { disputes }),
    ...(privateKey === undefined
      ? {}
      : { wallet: createWalletClient({ account: accountOf(privateKey), chain, transport }) }),
  };
}

/** The chain of the endpoints that answer; they must agree. */
async function commonChain(urls: readonly string[], timeout: number | undefined): Promise<number> {
  const ask = (url: string) =>
    createPublicClient({ transport: rpcTransport([url], timeout) }).getChainId();
  const answers = await Promise.allSettled(urls.map(ask));
  const chains = new Map<number, string>();
  for (const [i, answer] of answers.entries()) {
    if (answer.status === "fulfilled") chains.set(answer.value, urls[i]!);
  }
  const [first, second] = chains;
  if (first !== undefined && second !== undefined) {
    const [a, b] = [first, second].map(
      ([id, url]) => `${withoutCredentials(url)} is on chain ${id}`,
    );
    throw new RegistryError("wrongChain", `${a}, ${b}; name nodes of one chain`);
  }
  if (first !== undefined) return first[0];
  const failed = answers.find((answer) => answer.status === "rejected");
  throw registryErrorFrom(failed?.reason, urls.join());
}

function addressIn(text: string | undefined, whose: string): Address | undefined {
  if (text === undefined || isAddress(text)) return text;
  throw new RegistryError("usage", `${whose} address ${text} is not 0x and 40 hex digits`);
}

function accountOf(privateKey: string): Account {
  const message = "TRAINPROOF_PRIVATE_KEY is not a private key: 0x and 64 hex digits";
  if (!isHex(privateKey) || privateKey.length !== 66) throw new RegistryError("badKey", message);
  try {
    return privateKeyToAccount(privateKey);
  } catch {
    // The cause may quote the key.
    throw new RegistryError("badKey", message);
  }
}

export function requireAddress(clients: RegistryClients): Address {
  if (clients.address !== undefined) return clients.address;
  throw new RegistryError("usage", "no registry was named; see --registry or TRAINPROOF_REGISTRY");
}

export function requireDisputes(clients: RegistryClients): Address {
  if (clients.disputes !== undefined) return clients.disputes;
  throw new RegistryError(
    "usage",
    "no dispute contract was named; see --disputes or TRAINPROOF_DISPUTES",
  );
}

export function requireWallet(clients: RegistryClients): Wallet {
  if (clients.wallet !== undefined) return clients.wallet;
  throw new RegistryError(
    "missingKey",
    "no key to sign with; put the account's private key into TRAINPROOF_PRIVATE_KEY",
  );
}
