import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  createRegistryClients,
  deployments,
  findBonds,
  findClaims,
  type LocalChain,
  startLocalChain,
  validatorAbi,
} from "../../src/registry/index.ts";

const root = path.resolve(import.meta.dirname, "../..");
const id = `test-${process.pid}`;
const folder = path.join(root, "ignition/deployments", id);

describe("the deployment with Ignition", function () {
  this.timeout(180_000);
  let chain: LocalChain;

  const hardhat = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [path.join(root, "node_modules/.bin/hardhat"), ...args], {
      cwd: root,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        CI: "1",
        HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false",
        ...env,
      },
    });

  before(async () => {
    chain = await startLocalChain();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await chain.stop();
  });

  it("puts registry, disputes and a validator on a chain that the environment names", async () => {
    const members = chain.accounts.slice(1, 3).map(({ address }) => address);
    members.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const parameters = path.join(root, "artifacts", `${id}.json`);
    const validationRegistry = chain.accounts[9]!.address;
    const chosen = { validationRegistry, verifiers: members, threshold: 2 };
    writeFileSync(parameters, JSON.stringify({ QuorumValidatorModule: chosen }));
    const env = {
      TRAINPROOF_RPC_URL: chain.rpcUrl,
      TRAINPROOF_PRIVATE_KEY: chain.accounts[0]!.privateKey,
    };
    const module = "ignition/modules/QuorumValidator.ts";
    const args = ["ignition", "deploy", module, "--network", "rpc", "--deployment-id", id];
    const { status, stdout, stderr } = hardhat([...args, "--parameters", parameters], env);
    rmSync(parameters);
    assert.equal(status, 0, stdout + stderr);

    const file = path.join(folder, "deployed_addresses.json");
    const addresses = JSON.parse(readFileSync(file, "utf8")) as Record<string, `0x${string}`>;
    const registry = addresses["Trainproof#TrainingRegistry"]!;
    const disputes = addresses["Trainproof#DisputeBonds"]!;
    const clients = await createRegistryClients({
      rpcUrl: chain.rpcUrl,
      address: registry,
      disputes,
    });
    assert.deepEqual(await findClaims(clients), []);
    assert.deepEqual(await findBonds(clients), []);
    const validator = {
      address: addresses["QuorumValidatorModule#QuorumValidator"]!,
      abi: validatorAbi,
    };
    const asked = await clients.reader.readContract({ ...validator, functionName: "verifiers" });
    assert.deepEqual(asked, members);
    const of = await clients.reader.readContract({ ...validator, functionName: "REGISTRY" });
    assert.equal(of, registry);
  });

  it("goes nowhere without the variables of a public chain, and names the missing one", () => {
    const args = ["ignition", "deploy", "ignition/modules/Trainproof.ts", "--network", "sepolia"];
    const { status, stdout, stderr } = hardhat(args);
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /TRAINPROOF_(SEPOLIA_RPC_URL|PRIVATE_KEY)/);
  });

  it("is on no public chain yet", () => {
    assert.deepEqual(deployments, { 1: undefined, 11155111: undefined });
  });
});
