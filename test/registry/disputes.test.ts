import assert from "node:assert/strict";
import { type Hex, parseEther } from "viem";
import {
  attest,
  type BondTerms,
  challengeBond,
  computeBondId,
  createRegistryClients,
  deployDisputes,
  deployRegistry,
  findBonds,
  getBond,
  getOwed,
  postBond,
  registerClaim,
  type RegistryClients,
  releaseBond,
  resolveBond,
  withdrawOwed,
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

const hour = 3600;

describe("disputes", function () {
  this.timeout(120_000);
  let test: TestChain;
  let owner: RegistryClients;
  let verifier: RegistryClients;
  let challenger: RegistryClients;
  let reader: RegistryClients;
  let resolvers: RegistryClients[];
  let claimId: Hex;
  const account = (index: number) => test.chain.accounts[index]!.address;

  const terms = async (changes: Partial<BondTerms> = {}): Promise<BondTerms> => ({
    claimId,
    amount: parseEther("1"),
    challengeUntil: Number((await reader.reader.getBlock()).timestamp) + 2 * hour,
    resolveWithin: hour,
    threshold: 2,
    resolvers: [account(6), account(4), account(5)],
    ...changes,
  });

  before(async () => {
    test = await startRegistry();
    [owner, verifier, challenger, reader] = await Promise.all([
      test.clients(1),
      test.clients(2),
      test.clients(3),
      test.clients(),
    ]);
    resolvers = await Promise.all([4, 5, 6].map((index) => test.clients(index)));
    ({ claimId } = await registerClaim(owner, { content, uri }));
    await attest(verifier, saying(claimId, "valid"));
  });
  after(() => test.chain.stop());

  it("are about one registry, whose dispute contract is checked", async () => {
    const { rpcUrl } = test.chain;
    const { address, disputes } = test;
    await assert.rejects(
      createRegistryClients({ rpcUrl, address, disputes: account(1) }),
      isRegistryError("noContract", /TRAINPROOF_DISPUTES/),
    );
    const { privateKey } = test.chain.accounts[0]!;
    const other = await deployRegistry(await createRegistryClients({ rpcUrl, privateKey }));
    await assert.rejects(
      createRegistryClients({ rpcUrl, address: other.address, disputes }),
      isRegistryError("usage", /about the registry 0x/),
    );
    const nowhere = await createRegistryClients({ rpcUrl, privateKey, address: disputes });
    await assert.rejects(deployDisputes(nowhere), isRegistryError("reverted", /registry/));
    const without = await createRegistryClients({ rpcUrl, address });
    await assert.rejects(findBonds(without), isRegistryError("usage", /--disputes/));
  });

  it("begin with a bond on one's own claim, posted once, under the id of its terms", async () => {
    const posted = await terms();
    const { bondId, alreadyPosted } = await postBond(owner, posted);
    assert.equal(alreadyPosted, false);
    const { chainId } = test.chain;
    assert.equal(bondId, computeBondId({ chainId, disputes: test.disputes, terms: posted }));
    assert.deepEqual(await postBond(owner, posted), { bondId, alreadyPosted: true });
    const { transactionHash, blockNumber, ...bond } = await getBond(reader, { bondId });
    const ascending = [4, 5, 6]
      .map(account)
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const expected = { ...posted, resolvers: ascending, bondId, poster: account(1) };
    assert.deepEqual(bond, { ...expected, stage: "posted", votes: [] });
    assert.ok(transactionHash.length === 66 && blockNumber > 0n);
    await assert.rejects(
      postBond(challenger, await terms({ amount: 5n })),
      isRegistryError("reverted", /whose word it is/),
    );
    await assert.rejects(
      postBond(owner, await terms({ attester: account(3) })),
      isRegistryError("reverted", /not on record/),
    );
    await assert.rejects(
      postBond(owner, await terms({ threshold: 1 })),
      isRegistryError("reverted", /no majority of 3/),
    );
    await assert.rejects(
      getBond(reader, { bondId: digest("x") }),
      isRegistryError("notFound", /no bond/),
    );
  });

  it("give a challenger the bond that the resolvers refute, and the resolvers their fee", async () => {
    const { bondId } = await postBond(owner, await terms({ amount: parseEther("2") }));
    await assert.rejects(
      resolveBond(resolvers[0]!, { bondId, upheld: false, reason: "early" }),
      isRegistryError("reverted", /is posted; this needs one that is challenged/),
    );
    const { staked } = await challengeBond(challenger, { bondId, reason: "V7 fails" });
    assert.equal(staked, parseEther("2"));
    await assert.rejects(
      challengeBond(verifier, { bondId, reason: "me too" }),
      isRegistryError("reverted", /is challenged; this needs one that is posted/),
    );
    await assert.rejects(
      resolveBond(verifier, { bondId, upheld: true, reason: "it is fine" }),
      isRegistryError("reverted", /no resolver/),
    );
    const vote = { bondId, upheld: false, reason: "V7 fails here, too" };
    assert.equal((await resolveBond(resolvers[0]!, vote)).stage, "challenged");
    await assert.rejects(
      resolveBond(resolvers[0]!, { ...vote, upheld: true }),
      isRegistryError("reverted", /voted before/),
    );
    assert.equal((await resolveBond(resolvers[2]!, vote)).stage, "refuted");
    const bond = await getBond(reader, { bondId });
    assert.deepEqual([bond.stage, bond.challenge?.reason], ["refuted", "V7 fails"]);
    assert.deepEqual(
      bond.votes.map(({ resolver, upheld }) => [resolver, upheld]),
      [
        [account(4), false],
        [account(6), false],
      ],
    );
    assert.equal(await getOwed(reader, { account: account(3) }), parseEther("3"));
    assert.equal(await getOwed(reader, { account: account(6) }), parseEther("0.5"));
    assert.equal(await getOwed(reader, { account: account(1) }), 0n);
    const balance = () => reader.reader.getBalance({ address: account(9) });
    const before = await balance();
    const { amount } = await withdrawOwed(challenger, { to: account(9) });
    assert.deepEqual([amount, (await balance()) - before], [parseEther("3"), parseEther("3")]);
    await assert.rejects(withdrawOwed(challenger), isRegistryError("reverted", /owed nothing/));
  });

  it("give both their stakes back when the resolvers are silent", async () => {
    const attester = account(2);
    const { bondId } = await postBond(verifier, await terms({ attester }));
    await challengeBond(challenger, { bondId, reason: "it looks wrong" });
    await assert.rejects(
      releaseBond(reader, { bondId }),
      isRegistryError("missingKey", /TRAINPROOF_PRIVATE_KEY/),
    );
    await assert.rejects(
      releaseBond(owner, { bondId }),
      isRegistryError("reverted", /window is open until/),
    );
    await test.pass(hour + 10);
    await assert.rejects(
      resolveBond(resolvers[0]!, { bondId, upheld: true, reason: "late" }),
      isRegistryError("reverted", /ended at/),
    );
    await releaseBond(owner, { bondId });
    assert.equal((await getBond(reader, { bondId })).stage, "unanswered");
    assert.equal(await getOwed(reader, { account: attester }), parseEther("1"));
    assert.equal(await getOwed(reader, { account: account(3) }), parseEther("1"));
  });

  it("are found by claim and by poster", async () => {
    await test.pass(3 * hour);
    const bonds = await findBonds(reader, { claimId });
    assert.deepEqual(
      bonds.map(({ stage }) => stage),
      ["posted", "refuted", "unanswered"],
    );
    await releaseBond(challenger, { bondId: bonds[0]!.bondId });
    const [first] = await findBonds(reader, { poster: account(1) });
    assert.equal(first?.stage, "unchallenged");
    assert.deepEqual(await findBonds(reader, { claimId: digest("x") }), []);
  });
});
