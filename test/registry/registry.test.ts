import assert from "node:assert/strict";
import { keccak256, toBytes, type Hex } from "viem";
import {
  attest,
  type AttestationContent,
  type ClaimContent,
  computeClaimId,
  createRegistryClients,
  deployRegistry,
  findClaims,
  getAttestations,
  getClaim,
  type LocalChain,
  registerClaim,
  type RegistryClients,
  RegistryError,
  type RegistryErrorKind,
  startLocalChain,
} from "../../src/registry/index.ts";

const digest = (text: string): Hex => keccak256(toBytes(text));

const content: ClaimContent = {
  modelCommitment: digest("model"),
  startKind: "seed",
  start: digest("seed"),
  dataRoot: digest("data"),
  configDigest: digest("config"),
  proofDigest: digest("proof"),
  steps: 256n,
};

const uri = "https://example.org/manifest.json";

const saying = (claimId: Hex, verdict: "valid" | "invalid"): AttestationContent => ({
  claimId,
  verdict,
  proofDigest: content.proofDigest,
  verifierBuild: digest("build"),
  protocolVersion: 1,
  reportDigest: digest("report"),
  uri,
});

const isRegistryError = (kind: RegistryErrorKind, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RegistryError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.message, message);
  return true;
};

describe("the registry on a real chain", function () {
  this.timeout(120_000);
  let chain: LocalChain;
  let owner: RegistryClients;
  let verifier: RegistryClients;
  let reader: RegistryClients;
  let address: Hex;

  before(async () => {
    chain = await startLocalChain();
    const clients = (account?: number, at?: Hex) =>
      createRegistryClients({
        rpcUrl: chain.rpcUrl,
        ...(account !== undefined && { privateKey: chain.accounts[account]!.privateKey }),
        ...(at && { address: at }),
      });
    ({ address } = await deployRegistry(await clients(0)));
    owner = await clients(1, address);
    verifier = await clients(2, address);
    reader = await clients(undefined, address);
  });
  after(() => chain.stop());

  it("refuses a claim without steps, and says so", async () => {
    await assert.rejects(
      registerClaim(owner, { content: { ...content, steps: 0n }, uri }),
      isRegistryError("reverted", /0 steps are outside 1 … 281474976710655/),
    );
  });

  it("refuses a zero digest by name", async () => {
    const zero: Hex = `0x${"00".repeat(32)}`;
    await assert.rejects(
      registerClaim(owner, { content: { ...content, dataRoot: zero }, uri }),
      isRegistryError("reverted", /the digest dataRoot is zero/),
    );
  });

  it("refuses a parent that is no claim", async () => {
    await assert.rejects(
      registerClaim(owner, { content: { ...content, startKind: "parent" }, uri }),
      isRegistryError("notFound", /has no claim/),
    );
  });

  it("refuses a verdict on what is no claim", async () => {
    await assert.rejects(
      attest(verifier, saying(digest("x"), "valid")),
      isRegistryError("notFound", /has no claim/),
    );
  });

  it("does not find what was never registered", async () => {
    await assert.rejects(
      getClaim(reader, { claimId: digest("x") }),
      isRegistryError("notFound", /no claim/),
    );
  });

  it("sends nothing without a key", async () => {
    await assert.rejects(
      registerClaim(reader, { content, uri }),
      isRegistryError("missingKey", /TRAINPROOF_PRIVATE_KEY/),
    );
  });

  it("refuses a key that is none, without quoting it", async () => {
    await assert.rejects(
      createRegistryClients({ rpcUrl: chain.rpcUrl, privateKey: "0xsecret" }),
      (error: unknown) =>
        isRegistryError("badKey", /not a private key/)(error) &&
        !String((error as Error).stack).includes("secret"),
    );
  });

  it("says that an account has no funds", async () => {
    const poor = await createRegistryClients({
      rpcUrl: chain.rpcUrl,
      address,
      privateKey: digest("nobody's key"),
    });
    await assert.rejects(
      registerClaim(poor, { content, uri }),
      isRegistryError("insufficientFunds", /fund it/),
    );
  });

  it("says that there is no contract at an address", async () => {
    await assert.rejects(
      createRegistryClients({ rpcUrl: chain.rpcUrl, address: `0x${"12".repeat(20)}` }),
      isRegistryError("noContract", /no contract at 0x1212/),
    );
  });

  it("says that the chain is another", async () => {
    await assert.rejects(
      createRegistryClients({ rpcUrl: chain.rpcUrl, chainId: 1 }),
      isRegistryError("wrongChain", /on chain 31337, not on 1/),
    );
  });

  it("says that no node answers, without the credentials of its URL", async () => {
    await assert.rejects(
      createRegistryClients({ rpcUrl: "http://user:hunter2@127.0.0.1:9/key?k=hunter2" }),
      (error: unknown) =>
        isRegistryError("unreachable", /127\.0\.0\.1:9/)(error) &&
        !(error as Error).message.includes("hunter2"),
    );
  });

  it("registers a claim under the id that its content has, once", async () => {
    const first = await registerClaim(owner, { content, uri });
    const claimant = chain.accounts[1]!.address;
    const { chainId } = chain;
    assert.equal(first.claimId, computeClaimId({ chainId, registry: address, claimant, content }));
    assert.equal(first.alreadyRegistered, false);
    assert.ok(first.gasUsed! > 0n);
    const again = await registerClaim(owner, { content, uri: "elsewhere" });
    assert.deepEqual(again, { claimId: first.claimId, alreadyRegistered: true });

    const claim = await getClaim(reader, { claimId: first.claimId });
    const { registeredAt, blockNumber, transactionHash, ...rest } = claim;
    assert.deepEqual(rest, { claimId: first.claimId, claimant, uri, ...content });
    assert.equal(transactionHash, first.transactionHash);
    assert.ok(registeredAt > 1_600_000_000 && blockNumber > 0n);
  });

  it("keeps the same content of another account apart", async () => {
    const { claimId, alreadyRegistered } = await registerClaim(verifier, { content, uri });
    assert.equal(alreadyRegistered, false);
    const byModel = await findClaims(reader, { modelCommitment: content.modelCommitment });
    assert.equal(byModel.length, 2);
    const byClaimant = await findClaims(reader, { claimant: chain.accounts[2]!.address });
    assert.deepEqual(
      byClaimant.map((claim) => claim.claimId),
      [claimId],
    );
  });

  it("takes a claim that continues a registered one", async () => {
    const [parent] = await findClaims(reader, { claimant: chain.accounts[1]!.address });
    const child = { ...content, startKind: "parent" as const, start: parent!.claimId };
    const { claimId } = await registerClaim(owner, { content: child, uri });
    const claim = await getClaim(reader, { claimId });
    assert.equal(claim.startKind, "parent");
    assert.equal(claim.start, parent!.claimId);
  });

  it("keeps a verdict for good: the same again is no error, another is refused", async () => {
    const [claim] = await findClaims(reader, { claimant: chain.accounts[1]!.address });
    const { claimId } = claim!;
    const verdict = saying(claimId, "valid");
    assert.equal((await attest(verifier, verdict)).alreadyAttested, false);
    assert.deepEqual(await attest(verifier, verdict), { alreadyAttested: true });
    await assert.rejects(
      attest(verifier, { ...verdict, verdict: "invalid" }),
      isRegistryError("reverted", /has given another verdict/),
    );
    await attest(owner, { ...verdict, verdict: "invalid" });
    const attestations = await getAttestations(reader, { claimId });
    assert.deepEqual(
      attestations.map(({ attester, verdict: given }) => [attester, given]),
      [
        [chain.accounts[2]!.address, "valid"],
        [chain.accounts[1]!.address, "invalid"],
      ],
    );
  });
});
