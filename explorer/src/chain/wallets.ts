import { useSyncExternalStore } from "react";
import type { EIP1193Provider } from "viem";

/** A wallet of this browser. Its name is what the wallet says of itself. */
export interface BrowserWallet {
  readonly id: string;
  readonly name: string;
  readonly provider: EIP1193Provider;
}

/** Most wallets that are offered: any extension, and any script in the page, can announce one. */
const MOST = 20;

let announced: readonly BrowserWallet[] = [];
const listeners = new Set<() => void>();

/** Takes an EIP-6963 announcement of the right form; the last one of an id stands. */
function take(event: Event): void {
  const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as {
    info?: { uuid?: unknown; name?: unknown };
    provider?: EIP1193Provider;
  };
  const { uuid, name } = info ?? {};
  if (typeof uuid !== "string" || typeof name !== "string") return;
  if (typeof provider?.request !== "function") return;
  const others = announced.filter(({ id }) => id !== uuid);
  if (others.length >= MOST) return;
  announced = [...others, { id: uuid, name: name.slice(0, 60) || "a wallet", provider }];
  for (const listener of listeners) listener();
}

/** Asks the browser's wallets to announce themselves, now and as they come (EIP-6963). */
export function discoverWallets(): void {
  addEventListener("eip6963:announceProvider", take);
  dispatchEvent(new Event("eip6963:requestProvider"));
}

let shown: { of: readonly BrowserWallet[]; injected: unknown; wallets: readonly BrowserWallet[] };

/** The wallets there are: those announced, and window.ethereum where it is none of them. */
export function wallets(): readonly BrowserWallet[] {
  const injected = (globalThis as { ethereum?: EIP1193Provider }).ethereum;
  if (shown?.of === announced && shown.injected === injected) return shown.wallets;
  const known = injected === undefined || announced.some(({ provider }) => provider === injected);
  const own = known ? [] : [{ id: "window.ethereum", name: "this browser’s", provider: injected }];
  shown = { of: announced, injected, wallets: [...announced, ...own] };
  return shown.wallets;
}

export const useWallets = (): readonly BrowserWallet[] =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, wallets);
