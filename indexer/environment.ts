/** The indexer's settings, from the environment variables that trainproof's verbs take, too. */

export interface Settings {
  /** The first that answers is asked. */
  rpcUrls: string[];
  registry: `0x${string}`;
  /** The node's own where none is demanded. */
  chainId: number | undefined;
  /** First block to look at; at most the registry's deployment. */
  startBlock: number;
  /** Folder of the embedded database; with `databaseUrl` it is not used. */
  dataFolder: string;
  databaseUrl: string | undefined;
}

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

type Environment = Readonly<Record<string, string | undefined>>;

function wholeNumber(env: Environment, name: string, least: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (/^[0-9]{1,15}$/.test(text) && value >= least) return value;
  throw new SettingsError(`${name} is ${text}; it must be a whole number from ${least} on`);
}

/**
 * Reads the settings.
 *
 * @throws SettingsError that names the variable; it quotes no URL, which may hold a key.
 */
export function readSettings(env: Environment): Settings {
  const rpcUrls = (env["TRAINPROOF_RPC_URL"] ?? "").split(",").map((url) => url.trim());
  if (!rpcUrls.every((url) => /^https?:\/\//.test(url))) {
    throw new SettingsError("TRAINPROOF_RPC_URL must name JSON-RPC endpoints, http or https");
  }
  const registry = env["TRAINPROOF_REGISTRY"];
  if (registry === undefined || !/^0x[0-9a-fA-F]{40}$/.test(registry)) {
    throw new SettingsError("TRAINPROOF_REGISTRY must be the registry's address: 0x and 40 digits");
  }
  const databaseUrl = env["DATABASE_URL"] || undefined;
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new SettingsError("DATABASE_URL must be a postgres:// URL; without it PGlite is used");
  }
  return {
    rpcUrls,
    registry: registry.toLowerCase() as `0x${string}`,
    chainId: wholeNumber(env, "TRAINPROOF_CHAIN_ID", 1),
    startBlock: wholeNumber(env, "TRAINPROOF_FROM_BLOCK", 0) ?? 0,
    dataFolder: env["TRAINPROOF_INDEXER_DATA"] || ".ponder/pglite",
    databaseUrl,
  };
}
