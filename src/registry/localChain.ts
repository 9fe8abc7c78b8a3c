import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { createPublicClient, createTestClient, http, toHex, type Address, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { RegistryError } from "./errors.ts";

export interface LocalChain {
  rpcUrl: string;
  chainId: number;
  /** Funded accounts. Their keys are Hardhat's, known to everybody. */
  accounts: { address: Address; privateKey: Hex }[];
  /** Lets blocks pass: here there is one only where something is sent. */
  mine(blocks: number): Promise<void>;
  stop(): Promise<void>;
}

/** Hardhat's development accounts. */
const mnemonic = "test test test test test test test test test test test junk";
const startLimit = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

function hardhatProgram(): { program: string; folder: string } {
  try {
    const manifest = createRequire(import.meta.url).resolve("hardhat/package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as {
      bin: string | Record<string, string>;
    };
    const relative = typeof bin === "string" ? bin : bin["hardhat"];
    if (relative === undefined) throw new Error("hardhat has no program");
    const program = path.join(path.dirname(manifest), relative);
    return { program, folder: path.resolve(path.dirname(manifest), "../..") };
  } catch (cause) {
    throw new RegistryError(
      "usage",
      "a local chain needs Hardhat, a development dependency of Trainproof; run npm ci in a checkout",
      { cause },
    );
  }
}

/**
 * Starts a chain for demos and tests on this machine: `hardhat node` on 127.0.0.1, gone when this process ends.
 *
 * @throws RegistryError when Hardhat is missing or the chain does not answer.
 */
export async function startLocalChain(options: { port?: number } = {}): Promise<LocalChain> {
  const port = options.port ?? (await freePort());
  const { program, folder } = hardhatProgram();
  const child = spawn(
    process.execPath,
    [program, "node", "--hostname", "127.0.0.1", "--port", String(port)],
    { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, CI: "1" } },
  );
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  // A signal's default action ends a process without its exit handlers: the chain goes first, then the signal is sent again.
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    kill();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off("exit", kill);
    for (const signal of signals) process.off(signal, onSignal);
  };
  for (const signal of signals) process.once(signal, onSignal);
  let gone = false;
  const ended = new Promise<void>((resolve) => {
    child.once("close", resolve).once("error", resolve);
  }).then(() => {
    gone = true;
  });
  const stop = async () => {
    forget();
    kill();
    await ended;
  };

  const rpcUrl = `http://127.0.0.1:${port}`;
  const transport = http(rpcUrl, { retryCount: 0 });
  const client = createPublicClient({ transport });
  const test = createTestClient({ mode: "hardhat", transport });
  const deadline = Date.now() + startLimit;
  for (;;) {
    if (gone || Date.now() > deadline) {
      await stop();
      throw new RegistryError("unreachable", `the local chain did not start: ${complaints.trim()}`);
    }
    try {
      const chainId = await client.getChainId();
      const mine = (blocks: number) => test.mine({ blocks });
      return { rpcUrl, chainId, accounts: devAccounts(20), mine, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function devAccounts(count: number): LocalChain["accounts"] {
  return Array.from({ length: count }, (_, addressIndex) => {
    const account = mnemonicToAccount(mnemonic, { addressIndex });
    const { privateKey } = account.getHdKey();
    if (privateKey === null) throw new Error("a derived account has no key");
    return { address: account.address, privateKey: toHex(privateKey) };
  });
}
