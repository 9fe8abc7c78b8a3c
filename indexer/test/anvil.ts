import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createTestClient, type Hex, http, publicActions, walletActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  createRegistryClients,
  deployRegistry,
  type RegistryClients,
} from "../../src/registry/index.ts";

const program = path.resolve(
  import.meta.dirname,
  "../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil",
);

/** Keys of Anvil's first accounts; everybody knows them. */
const keys = [
  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
] as const;
export const addresses = keys.map((key) => privateKeyToAccount(key).address);

const connect = (rpcUrl: string) =>
  createTestClient({ mode: "anvil", transport: http(rpcUrl, { retryCount: 0 }) })
    .extend(publicActions)
    .extend(walletActions);

export interface Anvil {
  rpcUrl: string;
  node: ReturnType<typeof connect>;
  registry: Hex;
  clients(account: number): Promise<RegistryClients>;
  /** Takes the newest blocks away and puts empty ones in their place. */
  reorg(depth: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Anvil with a registry; each transaction makes a block. */
export async function startAnvil(): Promise<Anvil> {
  const child: ChildProcess = spawn(program, ["--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const port = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.once("error", reject).once("exit", () => reject(new Error(`anvil ended: ${output}`)));
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const found = /Listening on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const rpcUrl = `http://127.0.0.1:${port}`;
  const node = connect(rpcUrl);
  const deployer = await createRegistryClients({ rpcUrl, privateKey: keys[0] });
  const { address } = await deployRegistry(deployer);
  return {
    rpcUrl,
    node,
    registry: address,
    clients: (account) => createRegistryClients({ rpcUrl, address, privateKey: keys[account]! }),
    async reorg(depth) {
      await node.request({ method: "anvil_reorg" as never, params: [depth, []] as never });
    },
    async stop() {
      process.off("exit", kill);
      const ended = new Promise((resolve) => child.once("close", resolve));
      kill();
      await ended;
    },
  };
}
