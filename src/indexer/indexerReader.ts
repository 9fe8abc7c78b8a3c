import { type Address, type Hex, isAddress } from "viem";
import { z } from "zod";
import {
  type AnnouncedPlan,
  computeClaimId,
  computePlanId,
  contractsOn,
  type Deployments,
  type GetPlanReturnType,
  type GetClaimReturnType,
  planStateByAge,
  type PlanState,
  RegistryError,
  type RegistryReader,
  statusOf,
  type StoredPlan,
} from "../registry/index.ts";
import { ask, get, wrongAnswer } from "./ask.ts";
import { bondReader } from "./bondReader.ts";
import { type Conditions, lowerCase, pageOf, readRows, type RowRange } from "./pages.ts";
import {
  attestationOf,
  AttestationRow,
  BlockRow,
  claimOf,
  ClaimRow,
  fieldsOf,
  fullClaimOf,
  PlanRow,
} from "./rows.ts";

export interface IndexerReaderParameters {
  /** Where indexer/ listens, http or https: http://127.0.0.1:42069. */
  url: string;
  /** The registry that it must be an index of; needed, unless one is known. */
  registry?: string;
  /** Which registry it must be an index of where none is named: the deployments table, say. */
  known?: Deployments;
  /** The contract of disputes whose bonds it must index; without one it is asked for none. */
  disputes?: string;
  /** When given, the chain that it must be an index of. */
  chainId?: number;
}

const claims = {
  plural: "claims",
  filter: "claimFilter",
  fields: fieldsOf(ClaimRow),
  row: ClaimRow,
};
const attestations = {
  plural: "attestations",
  filter: "attestationFilter",
  fields: fieldsOf(AttestationRow),
  row: AttestationRow,
};
const plans = { plural: "plans", filter: "planFilter", fields: fieldsOf(PlanRow), row: PlanRow };

const whole = z.number().int().min(0);
const Head = z.object({
  _meta: z.object({
    status: z.object({ chain: z.object({ block: z.object({ number: whole }) }) }),
  }),
});
const Deployments = z.object({
  deployments: z.object({
    items: z
      .array(
        z.object({
          address: z.string().max(42),
          chainId: z.string().max(20),
          disputes: z.string().max(42).nullable(),
        }),
      )
      .max(2),
  }),
});
const State = z.object({ state: z.enum(["waiting", "ready", "drawn", "missed"]) });
const blocksAtOnce = 500;
const Blocks = z.object({ blocks: z.object({ items: z.array(BlockRow).max(blocksAtOnce) }) });
const Count = z.object({ plans: z.object({ totalCount: whole }) });

function addressIn(text: string | undefined, whose: string): Address | undefined {
  if (text === undefined || isAddress(text)) return text;
  throw new RegistryError("usage", `${whose} address ${text} is not 0x and 40 digits`);
}

/** An indexer's URL with a slash at its end, so that paths are below it. */
export function indexerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RegistryError("usage", "the indexer is not an http(s) URL; see --indexer");
  }
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/**
 * Answers from an indexer (docs/INDEXER.md). Ids of claims and plans are computed again from their content: it cannot change what a
 * known claim says. It can leave things out, and make up what nobody registered: checkedReader asks a node.
 *
 * @throws RegistryError "unreachable", "usage", or "indexer" where it is another registry's or answers nonsense.
 *
 * @example
 * const reader = await createIndexerReader({ url: "http://127.0.0.1:42069", registry });
 * const claims = await reader.findClaims({ dataRoot });
 */
export async function createIndexerReader(
  parameters: IndexerReaderParameters,
): Promise<RegistryReader> {
  const url = indexerUrl(parameters.url);
  const { known = {} } = parameters;
  const given = {
    address: addressIn(parameters.registry, "the registry's"),
    disputes: addressIn(parameters.disputes, "the disputes'"),
  };
  const { deployments } = await ask(
    url,
    Deployments,
    "{ deployments { items { address chainId disputes } } }",
  );
  const [deployment] = deployments.items;
  if (deployment === undefined) throw wrongAnswer(url, "has not begun to index");
  const chainId = Number(deployment.chainId);
  const { address: registry, disputes } = contractsOn(chainId, given, known);
  if (deployment.address !== registry.toLowerCase()) {
    throw wrongAnswer(url, `indexes the registry ${deployment.address}, not ${registry}`);
  }
  if (parameters.chainId !== undefined && parameters.chainId !== chainId) {
    throw wrongAnswer(url, `indexes chain ${chainId}, not ${parameters.chainId}`);
  }
  if (disputes !== undefined && deployment.disputes !== disputes.toLowerCase()) {
    const whose =
      deployment.disputes === null ? "no disputes" : `the disputes ${deployment.disputes}`;
    throw wrongAnswer(url, `indexes ${whose}, not ${disputes}; start it with TRAINPROOF_DISPUTES`);
  }
  const reader = readerOf(url, chainId, registry);
  return disputes === undefined ? reader : { ...reader, ...bondReader(url, chainId, disputes) };
}

function readerOf(url: URL, chainId: number, address: Address): RegistryReader {
  const head = async () => {
    const { _meta } = await ask(url, Head, "{ _meta { status } }");
    return BigInt(_meta.status.chain.block.number);
  };

  const claimRows = async (filter: Conditions, range?: RowRange) => {
    const rows = await readRows(url, claims, lowerCase(filter), range);
    for (const row of rows) {
      const content = claimOf(row);
      const { claimId, claimant } = row;
      if (computeClaimId({ chainId, registry: address, claimant, content }) !== claimId) {
        throw wrongAnswer(url, `gives claim ${claimId} a content that is not this claim's`);
      }
    }
    return rows;
  };

  const notFound = (what: string, id: Hex) =>
    new RegistryError(
      "notFound",
      `the indexer has no ${what} ${id}; check the id, or wait: it may not have come so far`,
    );

  const getClaim = async (claimId: Hex): Promise<GetClaimReturnType> => {
    const [row] = await claimRows({ claimId });
    if (row === undefined) throw notFound("claim", claimId);
    return fullClaimOf(row);
  };

  const planRows = async (filter: Conditions, range?: RowRange) => {
    const rows = await readRows(url, plans, lowerCase(filter), range);
    for (const { planId, claimant, planDigest } of rows) {
      if (computePlanId({ chainId, registry: address, claimant, planDigest }) !== planId) {
        throw wrongAnswer(url, `gives plan ${planId} a content that is not this plan's`);
      }
    }
    return rows;
  };

  const stateOf = async (
    plan: Pick<StoredPlan, "planId" | "seed" | "seedBlock">,
    latest: bigint,
  ): Promise<PlanState> =>
    planStateByAge(plan, latest) ?? (await get(url, State, `plans/${plan.planId}/state`)).state;

  const plansOf = async (rows: Awaited<ReturnType<typeof planRows>>, latest: bigint) => {
    const found: AnnouncedPlan[] = [];
    for (const row of rows) {
      const { planId, claimant, planDigest, number, seedBlock, seed } = row;
      const plan = {
        planId,
        claimant,
        planDigest,
        number,
        seedBlock,
        announcedIn: row.blockNumber,
        ...(seed !== null && { seed }),
        transactionHash: row.transactionHash,
      };
      found.push({ ...plan, state: await stateOf(plan, latest) });
    }
    return found;
  };

  const countPlans = async (claimant: Address) => {
    const query = "query ($where: planFilter) { plans(where: $where, limit: 1) { totalCount } }";
    const answer = await ask(url, Count, query, { where: lowerCase({ claimant }) });
    return answer.plans.totalCount;
  };

  return {
    chainId,
    address,
    findClaims: async (filter = {}) => (await claimRows({ ...filter })).map(claimOf),
    async findClaimsPage({ limit, after, ...filter }) {
      const { page, ...next } = await pageOf((range) => claimRows(filter, range), limit, after);
      return { claims: page.map(claimOf), ...next };
    },
    getClaim: ({ claimId }) => getClaim(claimId),
    async getLineage({ claimId, limit = 1000 }) {
      const line: GetClaimReturnType[] = [];
      let next: Hex | undefined = claimId;
      while (next !== undefined && line.length < limit) {
        const claim: GetClaimReturnType = await getClaim(next);
        line.push(claim);
        next = claim.startKind === "parent" ? claim.start : undefined;
      }
      return {
        claims: line,
        rooted: line.at(-1)?.startKind === "seed",
        undisclosed: line.at(-1)?.startKind === "undisclosed",
        retracted: line.some(({ retraction }) => retraction !== undefined),
      };
    },
    getAttestations: async (filter) =>
      (await readRows(url, attestations, lowerCase({ ...filter }))).map(attestationOf),
    async getAttestationsPage({ limit, after, ...filter }) {
      const where = lowerCase(filter);
      const read = (range: RowRange) => readRows(url, attestations, where, range);
      const { page, ...next } = await pageOf(read, limit, after);
      return { attestations: page.map(attestationOf), ...next };
    },
    async getStatus({ claimId, verifiers, threshold }) {
      const claim = await getClaim(claimId);
      const where = {
        ...lowerCase({ claimId }),
        attester_in: verifiers.map((verifier) => verifier.toLowerCase()),
      };
      const given = (await readRows(url, attestations, where)).map(attestationOf);
      return statusOf(claim, given, { verifiers, threshold });
    },
    async findPlans(filter = {}) {
      const latest = await head();
      return plansOf(await planRows({ ...filter }), latest);
    },
    async findPlansPage({ limit, after, ...filter }) {
      const latest = await head();
      const { page, ...next } = await pageOf((range) => planRows(filter, range), limit, after);
      return { plans: await plansOf(page, latest), ...next };
    },
    async getPlan({ planId }): Promise<GetPlanReturnType> {
      const latest = await head();
      const [row] = await planRows({ planId });
      if (row === undefined) throw notFound("plan", planId);
      const { claimant, number, seedBlock, seed } = row;
      const plan = {
        planId,
        claimant,
        announcedIn: row.blockNumber,
        number,
        seedBlock,
        ...(seed !== null && { seed }),
      };
      const announcedByClaimant = await countPlans(claimant);
      return { ...plan, state: await stateOf(plan, latest), announcedByClaimant };
    },
    countPlans: ({ claimant }) => countPlans(claimant),
    async getBlockTimes({ blockNumbers }) {
      const times = new Map<bigint, number>();
      const wanted = [...new Set(blockNumbers)];
      for (let i = 0; i < wanted.length; i += blocksAtOnce) {
        const numbers = wanted.slice(i, i + blocksAtOnce);
        const where = { number_in: numbers.map(String) };
        const query = `query ($where: blockFilter) {
  blocks(where: $where, limit: ${blocksAtOnce}) { items { number timestamp } }
}`;
        const { blocks } = await ask(url, Blocks, query, { where });
        for (const { number, timestamp } of blocks.items) times.set(number, timestamp);
        const missing = numbers.find((number) => !times.has(number));
        if (missing !== undefined) {
          throw wrongAnswer(url, `does not say when block ${missing} was built`);
        }
      }
      return times;
    },
  };
}
