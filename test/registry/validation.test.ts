import assert from "node:assert/strict";
import type { Address } from "viem";
import {
  answerValidation,
  attest,
  computeRequestHash,
  deployRegistry,
  getValidation,
  registerClaim,
  type RegistryClients,
  requestValidation,
  requireWallet,
  revokeAttestation,
  validatorAbi,
} from "../../src/registry/index.ts";
import { runVerb } from "../e2e/verbs.ts";
import { agentId, compiledMock, startAgents } from "./agents.ts";
import {
  content,
  digest,
  isRegistryError,
  saying,
  startRegistry,
  type TestChain,
  uri,
} from "./chain.ts";

describe("validations after ERC-8004", function () {
  this.timeout(120_000);
  let test: TestChain;
  let [owner, first, second, stranger]: RegistryClients[] = [];
  let validator: Address;
  let validationRegistry: Address;
  let claims = 0;

  const freshClaim = async (clients = owner!) => {
    const changed = { ...content, modelCommitment: digest(`model ${claims++}`) };
    return (await registerClaim(clients, { content: changed, uri })).claimId;
  };

  before(async () => {
    test = await startRegistry();
    [owner, first, second, stranger] = await Promise.all([1, 2, 3, 4].map((i) => test.clients(i)));
    const verifiers = [first!, second!].map((clients) => requireWallet(clients).account.address);
    ({ validationRegistry, validator } = await startAgents(owner!, verifiers));
  });
  after(() => test.chain.stop());

  it("are requested by the agent's owner, and answered by anyone once the quorum has decided", async () => {
    const claimId = await freshClaim();
    const question = { validator, claimId, agentId };
    assert.equal((await getValidation(stranger!, question)).state, "unasked");
    const { requestHash } = await requestValidation(owner!, question);
    const asked = await owner!.reader.readContract({
      ...{ address: validator, abi: validatorAbi, functionName: "requestHashOf" },
      args: [{ claimId, agentId, salt: `0x${"00".repeat(32)}` }],
    });
    assert.equal(requestHash, asked);
    assert.equal((await getValidation(stranger!, question)).state, "requested");

    await attest(first!, saying(claimId, "valid"));
    await assert.rejects(
      answerValidation(stranger!, question),
      isRegistryError("reverted", /the validator refused: the quorum has not decided/),
    );
    await attest(second!, saying(claimId, "valid"));
    const answered = await answerValidation(stranger!, question);
    assert.deepEqual([answered.outcome, answered.response], ["valid", 100]);
    assert.equal(answered.requestHash, requestHash);
    await assert.rejects(
      answerValidation(stranger!, question),
      isRegistryError("reverted", /has this answer already/),
    );
    const { state, answer, now } = await getValidation(stranger!, question);
    assert.deepEqual([state, answer?.response, answer?.tag], ["answered", 100, "valid"]);
    assert.equal(now.outcome, "valid");
  });

  it("are answered again where a verdict was revoked", async () => {
    const question = { validator, claimId: await freshClaim(), agentId };
    await requestValidation(owner!, { ...question, uri: "https://agent.example/claim" });
    for (const one of [first!, second!]) await attest(one, saying(question.claimId, "valid"));
    await answerValidation(stranger!, question);
    await revokeAttestation(first!, { claimId: question.claimId, reason: "a fault" });
    const before = await getValidation(stranger!, question);
    assert.deepEqual([before.answer?.tag, before.now.outcome], ["valid", "open"]);
    const { outcome, response } = await answerValidation(stranger!, question);
    assert.deepEqual([outcome, response], ["open", 0]);
  });

  it("are refused to who does not own the agent", async () => {
    const question = { validator, claimId: await freshClaim(), agentId };
    await assert.rejects(
      requestValidation(stranger!, question),
      isRegistryError("reverted", /not the agent's owner/),
    );
  });

  it("are not answered about another's claim", async () => {
    const question = { validator, claimId: await freshClaim(stranger), agentId };
    await requestValidation(owner!, question);
    for (const one of [first!, second!]) await attest(one, saying(question.claimId, "valid"));
    await assert.rejects(
      answerValidation(stranger!, question),
      isRegistryError("reverted", /neither owns agent 7 nor is its operator/),
    );
  });

  it("go on with another salt where the hash is taken", async () => {
    const claimId = await freshClaim();
    const question = { validator, claimId, agentId };
    const registry = test.address;
    const { chainId } = owner!;
    const requestHash = computeRequestHash({ chainId, registry }, question);
    // The owner's own, to nobody who answers: as good as another's.
    const hash = await requireWallet(owner!).writeContract({
      address: validationRegistry,
      abi: compiledMock("ValidationsMock").abi,
      functionName: "validationRequest",
      args: [test.address, agentId, "", requestHash],
    });
    await owner!.reader.waitForTransactionReceipt({ hash });
    assert.equal((await getValidation(stranger!, question)).state, "taken");
    await assert.rejects(
      requestValidation(owner!, question),
      isRegistryError("reverted", /requested before/),
    );
    const salted = { ...question, salt: digest("salt") };
    await requestValidation(owner!, salted);
    assert.equal((await getValidation(stranger!, salted)).state, "requested");
  });

  it("need a claim, and a validator of this registry", async () => {
    const question = { validator, claimId: digest("none"), agentId };
    await assert.rejects(requestValidation(owner!, question), isRegistryError("notFound", /claim/));
    const claimId = await freshClaim();
    const noValidator = { ...question, claimId, validator: validationRegistry };
    await assert.rejects(
      requestValidation(owner!, noValidator),
      isRegistryError("usage", /there is no validator at/),
    );
    const { address } = await deployRegistry(owner!);
    const elsewhere = { ...owner!, address };
    await assert.rejects(
      answerValidation(elsewhere, { ...question, claimId }),
      isRegistryError("usage", /asks the registry 0x/),
    );
  });

  it("are verbs, too", async () => {
    const claimId = await freshClaim();
    for (const one of [first!, second!]) await attest(one, saying(claimId, "invalid"));
    const verb = async (part: string, account: number, options: string[] = []) => {
      const env = {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        TRAINPROOF_VALIDATOR: validator,
        TRAINPROOF_PRIVATE_KEY: test.chain.accounts[account]!.privateKey,
      };
      return runVerb(["validation", part, claimId, "--agent", "7", ...options], { env });
    };
    assert.match((await verb("request", 1)).stdout, /^request 0x[0-9a-f]{64}\nrequested, \d+ gas/);
    assert.match((await verb("answer", 4)).stdout, /answered 0, invalid/);
    assert.match(
      (await verb("show", 4)).stdout,
      /answered 0, invalid.*now says invalid: 0 valid, 2/s,
    );
    const again = await verb("answer", 4);
    assert.equal(again.code, 5);
    assert.match(again.stderr, /has this answer already/);
    assert.equal((await verb("show", 4, ["--agent", "x"])).code, 2);
  });
});
