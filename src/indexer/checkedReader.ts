import { encodeAbiParameters, type Hex, keccak256, slice, zeroAddress, zeroHash } from "viem";
import {
  type Attestation,
  type Bond,
  checkSamples,
  type Claim,
  countPlans,
  getBlockTimes,
  getStatus,
  readBond,
  readClaim,
  readPlan,
  type RegistryClients,
  RegistryError,
  registryAbi,
  type RegistryReader,
  requireAddress,
  stages,
  type StoredPlan,
} from "../registry/index.ts";

/** Calls to the node at a time. */
const atOnce = 16;

async function each<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += atOnce) {
    await Promise.all(items.slice(i, i + atOnce).map(check));
  }
}

const differs = (what: string, indexer: unknown, chain: unknown) =>
  new RegistryError(
    "indexer",
    `${what}: the indexer says ${String(indexer)}, the chain says ${String(chain)}; the indexer is behind, on another branch of the chain, or lies`,
  );

/** Compares facts that an indexer gave with those in the registry's storage. */
function compare(what: string, facts: Record<string, [indexer: unknown, chain: unknown]>): void {
  for (const [name, [said, stored]] of Object.entries(facts)) {
    if (said !== stored) throw differs(`${name} of ${what}`, said, stored);
  }
}

/** What storage keeps of a verdict's content (contracts/interfaces/ITrainingRegistry.sol, Attestation.content). */
const contentOf = (attestation: Attestation): Hex =>
  slice(
    keccak256(
      encodeAbiParameters(
        ["bytes32", "bytes32", "uint32", "bytes32", "uint32", "bytes32"].map((type) => ({ type })),
        [
          attestation.proofDigest,
          attestation.verifierBuild,
          attestation.protocolVersion,
          attestation.reportDigest,
          attestation.sample?.size ?? 0,
          attestation.sample?.seed ?? zeroHash,
        ],
      ),
    ),
    0,
    20,
  );

/**
 * An indexer's answers, each claim, verdict and plan compared with the registry's storage: one call to the node for each, no search.
 * Whatever is there is then true but for URIs, reasons and transaction hashes, which storage does not hold. What the indexer leaves
 * out of a list is not seen, except plans of an account, which are counted.
 *
 * Each method throws RegistryError "indexer" at the first difference.
 *
 * @example
 * const reader = checkedReader(await createIndexerReader({ url, registry }), clients);
 */
export function checkedReader(indexer: RegistryReader, clients: RegistryClients): RegistryReader {
  const address = requireAddress(clients);
  if (indexer.chainId !== clients.chainId) {
    throw differs("chain id", indexer.chainId, clients.chainId);
  }

  const checkClaim = async (claim: Claim & { registeredAt?: number }) => {
    const stored = await readClaim(clients, claim.claimId);
    if (stored === undefined) throw differs(`claim ${claim.claimId}`, "registered", "unknown");
    compare(`claim ${claim.claimId}`, {
      claimant: [claim.claimant, stored.claimant],
      block: [Number(claim.blockNumber), stored.registeredIn],
      retraction: [claim.retraction !== undefined, stored.retracted],
      ...(claim.registeredAt !== undefined && {
        time: [claim.registeredAt, stored.registeredAt],
      }),
    });
  };

  const checkAttestation = async (given: Attestation) => {
    const { claimId, attester } = given;
    const stored = await clients.reader.readContract({
      address,
      abi: registryAbi,
      functionName: "getAttestation",
      args: [claimId, attester],
    });
    compare(`${attester}'s verdict on claim ${claimId}`, {
      verdict: [given.verdict, ["unknown", "invalid", "valid", "sampled"][stored.verdict]],
      block: [Number(given.blockNumber), stored.attestedIn],
      content: [contentOf(given), stored.content],
      revocation: [given.revocation !== undefined, stored.revoked],
    });
  };

  const checkPlan = async (plan: StoredPlan) => {
    const stored = await readPlan(clients, plan.planId);
    if (stored === undefined) throw differs(`plan ${plan.planId}`, "announced", "unknown");
    compare(`plan ${plan.planId}`, {
      claimant: [plan.claimant, stored.claimant],
      block: [plan.announcedIn, stored.announcedIn],
      number: [plan.number, stored.number],
      "seed block": [plan.seedBlock, stored.seedBlock],
      seed: [plan.seed, stored.seed],
    });
  };

  const checkBond = async (bond: Bond) => {
    const stored = await readBond(clients, bond.bondId);
    if (stored === undefined) throw differs(`bond ${bond.bondId}`, "posted", "unknown");
    // A bit for each resolver, in the order of the terms; who is named twice counts twice.
    const voted = (upheld: boolean) =>
      bond.votes
        .filter((vote) => vote.upheld === upheld)
        .reduce((bits, vote) => bits + (1 << bond.resolvers.indexOf(vote.resolver)), 0);
    const { challenge } = bond;
    compare(`bond ${bond.bondId}`, {
      poster: [bond.poster, stored.poster],
      stage: [bond.stage, stages[stored.stage]],
      block: [Number(bond.blockNumber), stored.postedIn],
      challenger: [challenge?.challenger ?? zeroAddress, stored.challenger],
      "last second for the resolvers": [challenge?.resolveUntil ?? 0, stored.resolveUntil],
      "votes to uphold": [voted(true), stored.upheldBy],
      "votes to refute": [voted(false), stored.refutedBy],
    });
  };

  const checkCount = async (claimant: Hex, count: number) =>
    compare(`plans of ${claimant}`, { number: [count, await countPlans(clients, { claimant })] });

  return {
    chainId: indexer.chainId,
    address: indexer.address,
    async findClaims(filter) {
      const claims = await indexer.findClaims(filter);
      await each(claims, checkClaim);
      return claims;
    },
    async findClaimsPage(parameters) {
      const page = await indexer.findClaimsPage(parameters);
      await each(page.claims, checkClaim);
      return page;
    },
    async getClaim(parameters) {
      const claim = await indexer.getClaim(parameters);
      await checkClaim(claim);
      return claim;
    },
    async getLineage(parameters) {
      const line = await indexer.getLineage(parameters);
      await each(line.claims, checkClaim);
      return line;
    },
    async getAttestations(filter) {
      const attestations = await indexer.getAttestations(filter);
      await each(attestations, checkAttestation);
      return attestations;
    },
    async getAttestationsPage(parameters) {
      const page = await indexer.getAttestationsPage(parameters);
      await each(page.attestations, checkAttestation);
      return page;
    },
    checkSamples: (parameters) => checkSamples(clients, parameters),
    async getStatus(parameters) {
      const status = await indexer.getStatus(parameters);
      const stored = await getStatus(clients, parameters);
      compare(`the status of claim ${parameters.claimId}`, {
        outcome: [status.outcome, stored.outcome],
        "valid verdicts": [status.valid, stored.valid],
        "invalid verdicts": [status.invalid, stored.invalid],
        "verdicts on samples": [status.sampled, stored.sampled],
        "revoked verdicts": [status.revoked, stored.revoked],
      });
      return status;
    },
    async findPlans(filter) {
      const plans = await indexer.findPlans(filter);
      await each(plans, checkPlan);
      return plans;
    },
    async findPlansPage(parameters) {
      const page = await indexer.findPlansPage(parameters);
      await each(page.plans, checkPlan);
      return page;
    },
    async getPlan(parameters) {
      const plan = await indexer.getPlan(parameters);
      await checkPlan(plan);
      await checkCount(plan.claimant, plan.announcedByClaimant);
      return plan;
    },
    async countPlans({ claimant }) {
      const count = await indexer.countPlans({ claimant });
      await checkCount(claimant, count);
      return count;
    },
    async getBlockTimes(parameters) {
      const times = await indexer.getBlockTimes(parameters);
      for (const [number, time] of await getBlockTimes(clients, parameters)) {
        compare(`block ${number}`, { time: [times.get(number), time] });
      }
      return times;
    },
    ...(indexer.findBonds && {
      async findBonds(filter) {
        const bonds = (await indexer.findBonds?.(filter)) ?? [];
        await each(bonds, checkBond);
        return bonds;
      },
    }),
    ...(indexer.findBondsPage && {
      async findBondsPage(parameters) {
        const page = (await indexer.findBondsPage?.(parameters)) ?? { bonds: [] };
        await each(page.bonds, checkBond);
        return page;
      },
    }),
  };
}
