import assert from "node:assert/strict";
import type { Hex } from "viem";
import {
  type AttestationContent,
  announcePlan,
  answerValidation,
  attest,
  challengeBond,
  computePlanId,
  deployRegistry,
  getAttestations,
  getBond,
  getClaim,
  getOwed,
  getPlan,
  postBond,
  registerClaim,
  type RegistryClients,
  releaseBond,
  requestValidation,
  requireWallet,
  signAttestation,
  signRevocation,
} from "../../src/registry/index.ts";
import { agentId, startAgents } from "./agents.ts";
import { content, digest, saying, startRegistry, uri } from "./chain.ts";

type Given = Record<string, unknown>;

export interface ExampleChain {
  verifier: RegistryClients;
  /** What an action's example takes for granted, on a chain where it can be done. */
  prepare(action: string): Promise<Given>;
  stop(): Promise<void>;
}

/** A chain with everything that examples name, anew for each. */
export async function startExampleChain(): Promise<ExampleChain> {
  const test = await startRegistry();
  const [owner, verifier, second, relayer, resolver] = (await Promise.all(
    [1, 2, 3, 4, 5].map((i) => test.clients(i)),
  )) as [RegistryClients, RegistryClients, RegistryClients, RegistryClients, RegistryClients];
  const addressOf = (clients: RegistryClients) => requireWallet(clients).account.address;
  // Who waits for a block gets one.
  const mining = setInterval(() => void test.chain.mine(1).catch(() => {}), 200);
  let count = 0;
  const deadline = 4_000_000_000n;

  const freshClaim = async () => {
    const changed = { ...content, modelCommitment: digest(`model ${count++}`) };
    return (await registerClaim(owner, { content: changed, uri })).claimId;
  };
  const freshBond = async (claimId: Hex) => {
    const { timestamp } = await owner.reader.getBlock();
    const { bondId } = await postBond(owner, {
      ...{ claimId, amount: 10n, resolveWithin: 3600, threshold: 1 },
      challengeUntil: Number(timestamp) + 10_000,
      resolvers: [addressOf(resolver)],
    });
    return bondId;
  };

  const verifiers = [verifier, second].map(addressOf);
  const { validationRegistry, validator } = await startAgents(owner, verifiers);
  const { transactionHash: transaction, address: created } = await deployRegistry(owner);

  const special: Record<string, (claimId: Hex) => Promise<Given>> = {
    attest: () => Promise.resolve({ clients: verifier }),
    attestBatch: async (claimId) => {
      const attestations: AttestationContent[] = [saying(claimId, "valid")];
      attestations.push(saying(await freshClaim(), "invalid"));
      return { clients: verifier, attestations };
    },
    signAttestation: (claimId) => Promise.resolve({ content: saying(claimId, "valid") }),
    attestBySignature: async (claimId) => ({
      signed: await signAttestation(verifier, { ...saying(claimId, "valid"), deadline }),
    }),
    revokeAttestation: async (claimId) => {
      await attest(verifier, saying(claimId, "valid"));
      return { clients: verifier };
    },
    signRevocation: async (claimId) => {
      await attest(verifier, saying(claimId, "valid"));
      return {};
    },
    revokeBySignature: async (claimId) => {
      await attest(verifier, saying(claimId, "valid"));
      return { signed: await signRevocation(verifier, { claimId, reason: "why", deadline }) };
    },
    checkContract: () => Promise.resolve({ clients: { ...owner, address: created }, transaction }),
    deployments: () => Promise.resolve({ deployments: { 31337: { registry: test.address } } }),
    challengeBond: () => Promise.resolve({ clients: verifier }),
    resolveBond: async (claimId) => {
      const bondId = await freshBond(claimId);
      await challengeBond(verifier, { bondId, reason: "wrong" });
      return { bondId, clients: resolver };
    },
    releaseBond: async (claimId) => {
      const bondId = await freshBond(claimId);
      await test.pass(20_000);
      return { bondId };
    },
    withdrawOwed: () => owing(),
    getOwed: () => owing(),
    requestValidation: (claimId) => Promise.resolve({ claimId }),
    answerValidation: async (claimId) => {
      await requestValidation(owner, { validator, claimId, agentId });
      for (const one of [verifier, second]) await attest(one, saying(claimId, "valid"));
      return {};
    },
    getValidation: async (claimId) => {
      await requestValidation(owner, { validator, claimId, agentId });
      for (const one of [verifier, second]) await attest(one, saying(claimId, "invalid"));
      await answerValidation(relayer, { validator, claimId, agentId });
      return {};
    },
  };
  const owing = async () => {
    const bondId = await freshBond(await freshClaim());
    await test.pass(20_000);
    await releaseBond(owner, { bondId });
    return {};
  };

  return {
    verifier,
    async prepare(action) {
      const claimId = await freshClaim();
      const claim = await getClaim(owner, { claimId });
      const planDigest = digest(`plan ${count++}`);
      const fresh =
        action === "announcePlan" ? undefined : await announcePlan(owner, { planDigest });
      const bondId = await freshBond(claimId);
      return {
        ...{ rpcUrl: test.chain.rpcUrl, privateKey: test.chain.accounts[1]!.privateKey },
        ...{ clients: owner, verifier, relayer, address: test.address, disputes: test.disputes },
        ...{ claimId, claims: [claim], claimant: claim.claimant, account: claim.claimant },
        ...{ poster: claim.claimant, attester: addressOf(verifier), uri, deadline },
        ...{ planDigest, planId: fresh?.planId, bondId, dataRoot: content.dataRoot },
        ...{ modelCommitment: digest(`model ${count++}`), configDigest: content.configDigest },
        ...{ proofDigest: content.proofDigest, seed: digest("seed") },
        ...{ verifierBuild: digest("build"), reportDigest: digest("report") },
        ...{ verifiers, resolvers: verifiers, validationRegistry, validator },
        ...(await special[action]?.(claimId)),
      };
    },
    async stop() {
      clearInterval(mining);
      await test.chain.stop();
    },
  };
}

/** What the chain must hold after an example that changes it. */
export async function answered(
  { verifier }: ExampleChain,
  action: string,
  { claimId, bondId, planDigest, planId, account }: Record<string, Hex>,
): Promise<void> {
  const verdicts = await getAttestations(verifier, { claimId: claimId! });
  const attested = ["attest", "attestBatch", "attestBySignature", "signAttestation"];
  const revoked = ["revokeAttestation", "revokeBySignature", "signRevocation"];
  if (attested.includes(action)) assert.equal(verdicts.length, 1);
  if (revoked.includes(action)) assert.ok(verdicts[0]?.revocation);
  if (action === "retractClaim")
    assert.ok((await getClaim(verifier, { claimId: claimId! })).retraction);
  const stages: Record<string, string> = {
    challengeBond: "challenged",
    resolveBond: "refuted",
    releaseBond: "unchallenged",
  };
  if (stages[action])
    assert.equal((await getBond(verifier, { bondId: bondId! })).stage, stages[action]);
  if (action === "drawSeed" || action === "announcePlan") {
    const { chainId, address: registry } = verifier;
    const named = { chainId, registry: registry!, claimant: account!, planDigest: planDigest! };
    const { state } = await getPlan(verifier, { planId: planId ?? computePlanId(named) });
    assert.equal(state, "drawn");
  }
  if (action === "withdrawOwed" || action === "getOwed")
    assert.equal(await getOwed(verifier, { account: account! }), 0n);
}
