import { createWalletClient, custom, type EIP1193Provider, getAddress } from "viem";
import type { RegistryClients, Wallet } from "../../../src/registry/clients.ts";

/** Clients that sign with a wallet of the browser, on the registry's chain. Errors: those of the wallet, a refusal for one. */
export async function withWallet(
  clients: RegistryClients,
  ethereum: EIP1193Provider,
): Promise<RegistryClients & { wallet: Wallet }> {
  const { chain } = clients.reader;
  const transport = custom(ethereum);
  const anyone = createWalletClient({ chain, transport });
  const [address] = await anyone.requestAddresses();
  if (address === undefined) throw new Error("The wallet gave no account.");
  if ((await anyone.getChainId()) !== clients.chainId) {
    await anyone.switchChain({ id: clients.chainId }).catch(() => undefined);
    if ((await anyone.getChainId()) !== clients.chainId)
      throw new Error(`The wallet is on another chain: switch it to chain ${clients.chainId}.`);
  }
  const wallet = createWalletClient({ account: getAddress(address), chain, transport });
  return { ...clients, wallet };
}
