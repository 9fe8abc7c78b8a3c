import assert from "node:assert/strict";
import { type Address, concat, type Hex, numberToHex, pad, size, slice, zeroAddress } from "viem";
import {
  checkContract,
  createRegistryClients,
  deployDisputes,
  type Deployments,
  deployRegistry,
  deployValidator,
  disputesBytecode,
  type RegistryClients,
  registryBytecode,
  requireWallet,
} from "../../src/registry/index.ts";
import { runVerb } from "../e2e/verbs.ts";
import { digest, isRegistryError, startRegistry, type TestChain } from "./chain.ts";

/** Creation code that writes a word into storage, and then leaves exactly this code. */
function leaving(code: Hex): Hex {
  const prefix = (length: number) =>
    concat([
      ...["0x602a602a55" as const], // storage[42] = 42: what no constructor of ours does
      ...(["0x61", numberToHex(size(code), { size: 2 }), "0x80", "0x61"] as Hex[]),
      ...([numberToHex(length, { size: 2 }), "0x5f395ff3"] as Hex[]), // copy it to memory, return it
    ]);
  return concat([prefix(size(prefix(0))), code]);
}

describe("the code of a contract on chain", function () {
  this.timeout(120_000);
  let test: TestChain;
  let clients: RegistryClients;
  let creation: Hex;

  const deploy = async (data: Hex): Promise<{ address: Address; hash: Hex }> => {
    const hash = await requireWallet(clients).sendTransaction({ data });
    const { contractAddress } = await clients.reader.waitForTransactionReceipt({ hash });
    return { address: contractAddress!, hash };
  };
  const codeAt = async (address: Address) => (await clients.reader.getCode({ address }))!;

  before(async () => {
    test = await startRegistry();
    const empty = await createRegistryClients({
      rpcUrl: test.chain.rpcUrl,
      privateKey: test.chain.accounts[1]!.privateKey,
    });
    const { address, transactionHash } = await deployRegistry(empty);
    creation = transactionHash;
    const { address: disputes } = await deployDisputes({ ...empty, address });
    clients = { ...empty, address, disputes };
  });
  after(() => test.chain.stop());

  it("is this package's, for registry, disputes and validator, whatever their constructors were given", async () => {
    const { matches, created, bytes, immutables } = await checkContract(clients, {
      transaction: creation,
    });
    assert.deepEqual([matches, created, immutables], [true, true, {}]);
    assert.equal(bytes, size(await codeAt(clients.address!)));

    const bonds = await checkContract(clients, { contract: "disputes" });
    assert.equal(bonds.matches, true);
    assert.deepEqual(bonds.immutables, { REGISTRY: pad(clients.address!.toLowerCase() as Hex) });

    const verifiers = [2, 3, 4].map((i) => test.chain.accounts[i]!.address);
    const validationRegistry = test.chain.accounts[9]!.address;
    const quorum = { validationRegistry, verifiers, threshold: 2 };
    const { address } = await deployValidator(clients, quorum);
    const validator = await checkContract(clients, { contract: "validator", address });
    assert.equal(validator.matches, true);
    assert.deepEqual(validator.immutables, {
      REGISTRY: pad(clients.address!.toLowerCase() as Hex),
      VALIDATIONS: pad(validationRegistry.toLowerCase() as Hex),
      THRESHOLD: pad("0x02"),
    });
  });

  const changes: [string, (code: Hex) => Hex][] = [
    [
      "one byte changed",
      (code) => concat([slice(code, 0, 700), flipped(code, 700), slice(code, 701)]),
    ],
    [
      "its last byte changed",
      (code) => concat([slice(code, 0, -1), flipped(code, size(code) - 1)]),
    ],
    ["a byte more", (code) => concat([code, "0x00"])],
    ["a byte less", (code) => slice(code, 0, -1)],
  ];
  function flipped(code: Hex, at: number): Hex {
    return numberToHex(Number(slice(code, at, at + 1)) ^ 1, { size: 1 });
  }
  for (const [what, change] of changes) {
    it(`is another's with ${what}`, async () => {
      const { address } = await deploy(leaving(change(await codeAt(clients.address!))));
      assert.equal((await checkContract(clients, { address })).matches, false);
    });
  }

  it("is another's where the places of an immutable hold different values", async () => {
    const code = await codeAt(clients.disputes!);
    const registry = clients.address!.slice(2).toLowerCase();
    const at = code.lastIndexOf(registry);
    const forged = code.slice(0, at) + zeroAddress.slice(2) + code.slice(at + 40);
    const { address } = await deploy(leaving(forged as Hex));
    const { matches, immutables } = await checkContract(clients, { contract: "disputes", address });
    assert.deepEqual([matches, immutables], [false, undefined]);
  });

  it("may be the same after another constructor, which its transaction shows", async () => {
    const { address, hash } = await deploy(leaving(await codeAt(clients.address!)));
    const stored = await clients.reader.getStorageAt({ address, slot: "0x2a" });
    assert.equal(BigInt(stored!), 42n);
    const { matches, created } = await checkContract(clients, { address, transaction: hash });
    assert.deepEqual([matches, created], [true, false]);
  });

  it("was not created by a transaction that created another contract", async () => {
    const other = await deploy(registryBytecode);
    const { matches, created } = await checkContract(clients, { transaction: other.hash });
    assert.deepEqual([matches, created], [true, false]);
    const disputes = await deploy(concat([disputesBytecode as Hex, pad(clients.address!)]));
    const found = { contract: "disputes", address: disputes.address } as const;
    assert.equal(
      (await checkContract(clients, { ...found, transaction: disputes.hash })).created,
      true,
    );
  });

  it("must be there, and so must the transaction", async () => {
    const address = test.chain.accounts[5]!.address;
    await assert.rejects(
      checkContract(clients, { address }),
      isRegistryError("noContract", /no contract at/),
    );
    await assert.rejects(
      checkContract(clients, { transaction: digest("none") }),
      isRegistryError("notFound", /no transaction 0x/),
    );
    await assert.rejects(
      checkContract(clients, { contract: "validator" }),
      isRegistryError("usage", /address of the validator was not named/),
    );
  });

  it("is what query registry says, with exit code 3 for another's", async () => {
    const ask = (address: Address, args: string[]) =>
      runVerb(["query", "registry", ...args], {
        env: {
          TRAINPROOF_RPC_URL: test.chain.rpcUrl,
          TRAINPROOF_REGISTRY: address,
        },
      });
    const disputes = clients.disputes!;
    const good = await ask(clients.address!, ["--disputes", disputes, "--transaction", creation]);
    assert.equal(good.code, 0, good.stderr);
    assert.match(
      good.stdout,
      /registry 0x.*\n +code +this package's.*\n +created +by.*\ndisputes 0x/,
    );
    const { address } = await deploy(leaving(concat([await codeAt(clients.address!), "0x00"])));
    const bad = await ask(address, []);
    assert.equal(bad.code, 3);
    assert.match(bad.stdout, /ANOTHER CONTRACT'S/);
  });
});

describe("a registry that nobody named", function () {
  this.timeout(120_000);
  let test: TestChain;
  let known: Deployments;
  before(async () => {
    test = await startRegistry();
    const { address: registry, disputes } = test;
    known = { 31337: { registry, disputes, deployedIn: 1n } };
  });
  after(() => test.chain.stop());
  const connect = (parameters: Partial<Parameters<typeof createRegistryClients>[0]>) =>
    createRegistryClients({ rpcUrl: test.chain.rpcUrl, ...parameters });

  it("is the known one of the node's chain, with its disputes and its first block", async () => {
    const { address, disputes, fromBlock } = await connect({ known });
    assert.deepEqual([address, disputes, fromBlock], [test.address, test.disputes, 1n]);
  });

  it("is not the known one where another is named, and gets no disputes that are not its own", async () => {
    const { address: other } = await deployRegistry(await test.clients(1));
    const { address, disputes, fromBlock } = await connect({ known, address: other });
    assert.deepEqual([address, disputes, fromBlock], [other, undefined, undefined]);
  });

  it("has the disputes that are named", async () => {
    const { address: other } = await deployDisputes(await test.clients(1));
    assert.equal((await connect({ known, disputes: other })).disputes, other);
  });

  it("is not guessed on a chain without a known one", async () => {
    await assert.rejects(
      connect({ known: { 1: known[31337] } }),
      isRegistryError(
        "usage",
        /none is known on chain 31337; give --registry or TRAINPROOF_REGISTRY/,
      ),
    );
    assert.equal((await connect({})).address, undefined);
  });

  it("is asked for by the verbs", async () => {
    const env = { TRAINPROOF_RPC_URL: test.chain.rpcUrl };
    const { code, stderr } = await runVerb(["query"], { env });
    assert.equal(code, 2);
    assert.match(stderr, /none is known on chain 31337; give --registry/);
  });
});
