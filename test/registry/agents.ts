import { readFileSync } from "node:fs";
import path from "node:path";
import type { Abi, Address, Hex } from "viem";
import { deployValidator, type RegistryClients, requireWallet } from "../../src/registry/index.ts";

/** The agent that the owner has. */
export const agentId = 7n;

/** A contract of contracts/test/ERC8004Mock.sol. */
export const compiledMock = (name: string): { abi: Abi; bytecode: Hex } => {
  const folder = path.resolve(import.meta.dirname, "../../artifacts/contracts/test");
  const file = path.join(folder, "ERC8004Mock.sol", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
};

/** ERC-8004's registries, the owner's agent, and a validator whose quorum are the verifiers, all of them. */
export async function startAgents(
  owner: RegistryClients,
  verifiers: readonly Address[],
): Promise<{ agents: Address; validationRegistry: Address; validator: Address }> {
  const wallet = requireWallet(owner);
  const deploy = async (name: string, args: unknown[] = []): Promise<Address> => {
    const hash = await wallet.deployContract({ ...compiledMock(name), args });
    return (await owner.reader.waitForTransactionReceipt({ hash })).contractAddress!;
  };
  const agents = await deploy("AgentsMock");
  const { abi } = compiledMock("AgentsMock");
  const args = [wallet.account.address, agentId];
  const hash = await wallet.writeContract({ address: agents, abi, functionName: "mint", args });
  await owner.reader.waitForTransactionReceipt({ hash });
  const validationRegistry = await deploy("ValidationsMock", [agents]);
  const quorum = { validationRegistry, verifiers, threshold: verifiers.length };
  const { address: validator } = await deployValidator(owner, quorum);
  return { agents, validationRegistry, validator };
}
