import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  isErc6492Signature,
  parseErc6492Signature,
  serializeErc6492Signature,
} from "viem";
import { entryPoint07Abi, entryPoint07Address, toSmartAccount } from "viem/account-abstraction";
import { privateKeyToAccount } from "viem/accounts";
import {
  attestBySignature,
  getAttestations,
  registerClaim,
  type RegistryClients,
  requireWallet,
  revocationTypedData,
  revokeBySignature,
  signAttestation,
} from "../../src/registry/index.ts";
import {
  content,
  digest,
  isRegistryError,
  saying,
  startRegistry,
  type TestChain,
  uri,
} from "./chain.ts";

const deadline = 4_000_000_000n;

function compiled(name: string): { abi: Abi; bytecode: Hex } {
  const folder = path.resolve(import.meta.dirname, "../../artifacts/contracts/test");
  const file = path.join(folder, "AccountFactory.sol", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
}

describe("signatures of accounts that do not exist yet (ERC-6492)", function () {
  this.timeout(120_000);
  let test: TestChain;
  let relayer: RegistryClients;
  let factory: Address;
  let claims = 0;
  const owner = privateKeyToAccount(digest("the account's owner"));
  const { abi } = compiled("AccountFactory");

  const deploy = async (name: string): Promise<Address> => {
    const { abi: its, bytecode } = compiled(name);
    const hash = await requireWallet(relayer).deployContract({ abi: its, bytecode });
    const receipt = await relayer.reader.waitForTransactionReceipt({ hash });
    return receipt.contractAddress!;
  };
  const freshClaim = async () => {
    const changed = { ...content, modelCommitment: digest(`model ${claims++}`) };
    return (await registerClaim(await test.clients(1), { content: changed, uri })).claimId;
  };
  const codeAt = (address: Address) => relayer.reader.getCode({ address });

  /** viem's account for what the factory would deploy: it wraps signatures while there is no code. */
  const counterfactual = async (salt: bigint) => {
    const address = (await relayer.reader.readContract({
      address: factory,
      abi,
      functionName: "getAddress",
      args: [owner.address, salt],
    })) as Address;
    const factoryData = encodeFunctionData({
      abi,
      functionName: "createAccount",
      args: [owner.address, salt],
    });
    const unused = () => Promise.reject(new Error("user operations are not part of this"));
    return toSmartAccount({
      client: relayer.reader,
      entryPoint: { abi: entryPoint07Abi, address: entryPoint07Address, version: "0.7" },
      getAddress: () => Promise.resolve(address),
      getFactoryArgs: () => Promise.resolve({ factory, factoryData }),
      signTypedData: (data) => owner.signTypedData(data as never),
      signMessage: ({ message }) => owner.signMessage({ message }),
      signUserOperation: unused,
      getStubSignature: unused,
      encodeCalls: unused,
    });
  };

  const signed = async (salt: bigint, claimId: Hex) => {
    const account = await counterfactual(salt);
    return signAttestation(await test.clients(), {
      ...saying(claimId, "valid"),
      deadline,
      account,
    });
  };

  before(async () => {
    test = await startRegistry();
    relayer = await test.clients(2);
    factory = await deploy("AccountFactory");
  });
  after(() => test.chain.stop());

  it("count, and deploy the account in the same transaction", async () => {
    const claimId = await freshClaim();
    const wrapped = await signed(1n, claimId);
    assert.ok(isErc6492Signature(wrapped.signature));
    assert.equal(await codeAt(wrapped.attester), undefined);
    const { gasUsed, transactionHash } = await attestBySignature(relayer, wrapped);
    assert.ok(gasUsed! > 0n);
    assert.ok((await codeAt(wrapped.attester))!.length > 2);
    const [given] = await getAttestations(relayer, { claimId });
    assert.deepEqual([given?.attester, given?.verdict], [wrapped.attester, "valid"]);
    // What did it has left no code.
    const receipt = await relayer.reader.getTransactionReceipt({ hash: transactionHash! });
    assert.equal(await codeAt(receipt.contractAddress!), undefined);
    assert.deepEqual(await attestBySignature(relayer, wrapped), { alreadyAttested: true });
  });

  it("count where the account was deployed meanwhile, and revoke", async () => {
    const claimId = await freshClaim();
    const wrapped = await signed(2n, claimId);
    const call = { address: factory, abi, args: [owner.address, 2n] } as const;
    const hash = await requireWallet(relayer).writeContract({
      ...call,
      functionName: "createAccount",
    });
    await relayer.reader.waitForTransactionReceipt({ hash });
    assert.equal((await attestBySignature(relayer, wrapped)).alreadyAttested, false);
    const revocation = { claimId, reason: "a fault" };
    const account = await counterfactual(2n);
    const inner = await owner.signTypedData(revocationTypedData(relayer, revocation, deadline));
    const signature = serializeErc6492Signature({ address: factory, data: "0x", signature: inner });
    await revokeBySignature(relayer, {
      ...revocation,
      attester: account.address,
      deadline,
      signature,
    });
    const [given] = await getAttestations(relayer, { claimId });
    assert.equal(given?.revocation?.reason, "a fault");
  });

  it("are refused when somebody else signed, and then nothing is deployed", async () => {
    const claimId = await freshClaim();
    const wrapped = await signed(3n, claimId);
    const { address, data } = parseErc6492Signature(wrapped.signature);
    const stranger = privateKeyToAccount(digest("a stranger"));
    const signature = serializeErc6492Signature({
      address: address!,
      data: data!,
      signature: await stranger.sign({ hash: digest("anything") }),
    });
    await assert.rejects(
      attestBySignature(relayer, { ...wrapped, signature }),
      isRegistryError("reverted", /the registry refused: the signature is not/),
    );
    assert.equal(await codeAt(wrapped.attester), undefined);
    const other = { ...wrapped, input: { ...wrapped.input, reportDigest: digest("other") } };
    await assert.rejects(
      attestBySignature(relayer, other),
      isRegistryError("reverted", /the signature is not/),
    );
  });

  it("are refused when the factory deploys something else, or refuses", async () => {
    const claimId = await freshClaim();
    const wrapped = await signed(4n, claimId);
    const { signature: inner } = parseErc6492Signature(wrapped.signature);
    const tries: [Address, Hex][] = [
      [
        factory,
        encodeFunctionData({ abi, functionName: "createAccount", args: [owner.address, 5n] }),
      ],
      [factory, "0xdeadbeef"],
      [owner.address, "0x"],
    ];
    for (const [address, data] of tries) {
      const signature = serializeErc6492Signature({ address, data, signature: inner });
      await assert.rejects(
        attestBySignature(relayer, { ...wrapped, signature }),
        isRegistryError("reverted", /does not deploy/),
      );
    }
  });

  it("cannot make the relayer's account do anything", async () => {
    const coin = await deploy("Coin");
    const claimId = await freshClaim();
    const wrapped = await signed(6n, claimId);
    const { signature: inner } = parseErc6492Signature(wrapped.signature);
    const { abi: its } = compiled("Coin");
    const data = encodeFunctionData({
      abi: its,
      functionName: "transfer",
      args: [owner.address, 1000n],
    });
    const signature = serializeErc6492Signature({ address: coin, data, signature: inner });
    await assert.rejects(
      attestBySignature(relayer, { ...wrapped, signature }),
      isRegistryError("reverted", /does not deploy/),
    );
    const balance = await relayer.reader.readContract({
      address: coin,
      abi: its,
      functionName: "balanceOf",
      args: [requireWallet(relayer).account.address],
    });
    assert.equal(balance, 1000n);
  });
});
