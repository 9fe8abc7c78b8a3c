import { useSyncExternalStore } from "react";
import { isAddress } from "viem";

/** What the reader has set. It stays in this browser. */
export interface Settings {
  readonly rpcUrl: string;
  readonly registry: string;
  /** The contract of disputes about the registry; empty where bonds are not looked for. */
  readonly disputes: string;
  /** Whom the reader trusts to verify. */
  readonly verifiers: readonly `0x${string}`[];
  /** How many of them must agree. */
  readonly threshold: number;
}

/** The chain of `npm run demo -- --explore`, and the registry that is the first contract of its first account. */
export const DEFAULTS: Settings = {
  rpcUrl: "http://127.0.0.1:8545",
  registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  disputes: "",
  verifiers: [],
  threshold: 1,
};

const KEY = "trainproof-settings";
let settings = DEFAULTS;
const listeners = new Set<() => void>();

/** Takes only what has the right form: storage and config.json are outside data. */
function take(base: Settings, value: unknown): Settings {
  const { rpcUrl, registry, disputes, verifiers, threshold } = (value ?? {}) as Record<
    string,
    unknown
  >;
  const trusted = Array.isArray(verifiers)
    ? verifiers.filter((item): item is `0x${string}` => isAddress(item as string))
    : base.verifiers;
  return {
    rpcUrl: typeof rpcUrl === "string" && /^https?:\/\//.test(rpcUrl) ? rpcUrl : base.rpcUrl,
    registry: typeof registry === "string" && isAddress(registry) ? registry : base.registry,
    disputes:
      typeof disputes === "string" && (disputes === "" || isAddress(disputes))
        ? disputes
        : base.disputes,
    verifiers: trusted,
    threshold:
      Number.isInteger(threshold) && (threshold as number) >= 1
        ? Math.min(threshold as number, Math.max(1, trusted.length))
        : base.threshold,
  };
}

function stored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {}; // no storage, or not ours
  }
}

/** Reads the site's config.json, if its host gives one, and over it what the reader has set. */
export async function loadSettings(): Promise<void> {
  const site: unknown = await fetch(new URL("config.json", document.baseURI))
    .then((response) => (response.ok ? response.json() : {}))
    .catch(() => ({}));
  settings = take(take(DEFAULTS, site), stored());
}

export function saveSettings(changes: Partial<Settings>): void {
  settings = take(settings, { ...settings, ...changes });
  try {
    // Only what the reader changed: the site's own defaults may move.
    localStorage.setItem(KEY, JSON.stringify({ ...(stored() as object), ...changes }));
  } catch {
    // No storage: it holds until the page is left.
  }
  for (const listener of listeners) listener();
}

export const useSettings = (): Settings =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settings,
  );
