import assert from "node:assert/strict";
import { createTestClient, type Hex, http, keccak256, toBytes } from "viem";
import {
  type AttestationContent,
  type ClaimContent,
  createRegistryClients,
  deployDisputes,
  deployRegistry,
  type LocalChain,
  type RegistryClients,
  RegistryError,
  type RegistryErrorKind,
  startLocalChain,
} from "../../src/registry/index.ts";

export const digest = (text: string): Hex => keccak256(toBytes(text));
export const uri = "https://example.org/mnist/run-1/manifest.json";

export const content: ClaimContent = {
  modelCommitment: digest("model"),
  startKind: "seed",
  start: digest("seed"),
  dataRoot: digest("data"),
  configDigest: digest("config"),
  proofDigest: digest("proof"),
  steps: 256n,
};

/** A verdict on a claim of `content`. */
export const saying = (
  claimId: Hex,
  verdict: AttestationContent["verdict"],
  changes: Partial<AttestationContent> = {},
): AttestationContent => ({
  claimId,
  verdict,
  proofDigest: content.proofDigest,
  verifierBuild: digest("build"),
  protocolVersion: 1,
  reportDigest: digest("report"),
  uri: "https://verifier.example/reports/1.json",
  ...changes,
});

export interface TestChain {
  chain: LocalChain;
  address: Hex;
  /** The transaction that created it. */
  created: Hex;
  /** The contract of disputes about the registry. */
  disputes: Hex;
  /** Lets time pass, in seconds, and a block with it. */
  pass(seconds: number): Promise<void>;
  /** Clients of an account, or of none. */
  clients(account?: number): Promise<RegistryClients>;
}

/** A fresh chain with a registry. */
export async function startRegistry(): Promise<TestChain> {
  const chain = await startLocalChain();
  const connect = (account?: number, contracts: { address?: Hex; disputes?: Hex } = {}) =>
    createRegistryClients({
      rpcUrl: chain.rpcUrl,
      ...(account !== undefined && { privateKey: chain.accounts[account]!.privateKey }),
      ...contracts,
    });
  const { address, transactionHash: created } = await deployRegistry(await connect(0));
  const { address: disputes } = await deployDisputes(await connect(0, { address }));
  const node = createTestClient({ mode: "hardhat", transport: http(chain.rpcUrl) });
  return {
    chain,
    address,
    created,
    disputes,
    pass: async (seconds) => {
      await node.increaseTime({ seconds });
      await node.mine({ blocks: 1 });
    },
    clients: (account) => connect(account, { address, disputes }),
  };
}

export const isRegistryError = (kind: RegistryErrorKind, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RegistryError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
  return true;
};
