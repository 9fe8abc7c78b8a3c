import assert from "node:assert/strict";
import type { Hex } from "viem";
import { toJson } from "../../scripts/lib/verb.ts";
import { checkedReader, createIndexerReader } from "../../src/indexer/index.ts";
import {
  chainReader,
  findOrigin,
  findOrigins,
  type RegistryReader,
} from "../../src/registry/index.ts";
import { content, digest } from "../../test/registry/chain.ts";
import { addresses, type Anvil } from "./anvil.ts";
import type { Scenario } from "./scenario.ts";

type Ask = (reader: RegistryReader) => Promise<unknown>;

/** Every question that readers answer. */
const questions = (scenario: Scenario): [string, Ask][] => {
  const { planned, child, retracted, undisclosed, descendant, planDigest, bonds } = scenario;
  const [first, claimant, second] = addresses as [Hex, Hex, Hex];
  const { dataRoot } = content;
  const status = (claimId: Hex, threshold: number, verifiers: Hex[] = addresses) =>
    [
      `status of ${claimId} at ${threshold}`,
      (reader: RegistryReader) => reader.getStatus({ claimId, verifiers, threshold }),
    ] as [string, Ask];
  return [
    ["all claims", (reader) => reader.findClaims()],
    ["claims of an account", (reader) => reader.findClaims({ claimant })],
    ["claims of nobody", (reader) => reader.findClaims({ claimant: first })],
    ["a model", (reader) => reader.findClaims({ modelCommitment: digest("model child") })],
    ["a data root", (reader) => reader.findClaims({ dataRoot })],
    ["account and data", (reader) => reader.findClaims({ claimant: second, dataRoot })],
    ["children", (reader) => reader.findClaims({ parent: planned })],
    ["a plan's claims", (reader) => reader.findClaims({ planDigest })],
    ["a page", (reader) => reader.findClaimsPage({ limit: 2 })],
    ["pages", (reader) => allPages(reader, 1)],
    ["pages of a data root", (reader) => allPages(reader, 3, dataRoot)],
    ["a planned claim", (reader) => reader.getClaim({ claimId: planned })],
    ["a retracted claim", (reader) => reader.getClaim({ claimId: retracted })],
    ["lineage", (reader) => reader.getLineage({ claimId: retracted })],
    ["a part of the lineage", (reader) => reader.getLineage({ claimId: retracted, limit: 2 })],
    ["a claim from undisclosed weights", (reader) => reader.getClaim({ claimId: undisclosed })],
    ["its child's lineage", (reader) => reader.getLineage({ claimId: descendant })],
    [
      "what all claims began with",
      async (reader) => [...(await findOrigins(reader, await reader.findClaims()))],
    ],
    [
      "what a child began with",
      async (reader) => findOrigin(reader, await reader.getClaim({ claimId: descendant })),
    ],
    ["verdicts on samples", (reader) => reader.getAttestations({ claimId: descendant })],
    status(descendant, 1),
    ["all verdicts", (reader) => reader.getAttestations({})],
    ["verdicts on a claim", (reader) => reader.getAttestations({ claimId: child })],
    ["verdicts of an account", (reader) => reader.getAttestations({ attester: second })],
    status(child, 2),
    status(child, 1),
    status(child, 1, [first]),
    status(planned, 2),
    status(planned, 3),
    status(retracted, 1),
    ["all plans", (reader) => reader.findPlans()],
    ["plans of an account", (reader) => reader.findPlans({ claimant })],
    ["plans with a digest", (reader) => reader.findPlans({ planDigest })],
    ["pages of plans", (reader) => pagesOf((paging) => reader.findPlansPage(paging))],
    [
      "a page of an account's plans",
      (reader) => reader.findPlansPage({ claimant: second, limit: 1 }),
    ],
    ["pages of verdicts", (reader) => pagesOf((paging) => reader.getAttestationsPage(paging))],
    [
      "a page of verdicts",
      (reader) => reader.getAttestationsPage({ attester: first, claimId: child, limit: 4 }),
    ],
    ["all bonds", (reader) => reader.findBonds!()],
    ["a bond", (reader) => reader.findBonds!({ bondId: bonds[1]! })],
    ["bonds on a claim", (reader) => reader.findBonds!({ claimId: planned })],
    ["bonds of an account", (reader) => reader.findBonds!({ poster: first })],
    ["bonds of nobody", (reader) => reader.findBonds!({ poster: second })],
    ["pages of bonds", (reader) => pagesOf((paging) => reader.findBondsPage!(paging))],
    ["number of plans", (reader) => reader.countPlans({ claimant })],
    ["no plans", (reader) => reader.countPlans({ claimant: first })],
    [
      "plans by id",
      async (reader) => {
        const plans = await reader.findPlans();
        return Promise.all(plans.map(({ planId }) => reader.getPlan({ planId })));
      },
    ],
    [
      "times",
      async (reader) => {
        const given = await reader.getAttestations({});
        const blockNumbers = given.map(({ blockNumber }) => blockNumber);
        return [...(await reader.getBlockTimes({ blockNumbers }))];
      },
    ],
  ];
};

/** All pages of two, one after the other. */
async function pagesOf<T extends { next?: string }>(
  read: (paging: { limit: number; after?: string }) => Promise<T>,
): Promise<T[]> {
  const pages: T[] = [];
  for (let after: string | undefined; ;) {
    const page = await read({ limit: 2, ...(after !== undefined && { after }) });
    pages.push(page);
    after = page.next;
    if (after === undefined) return pages;
  }
}

async function allPages(reader: RegistryReader, limit: number, dataRoot?: Hex) {
  const pages = [];
  for (let after: string | undefined; ;) {
    const page = await reader.findClaimsPage({
      limit,
      ...(after !== undefined && { after }),
      ...(dataRoot && { dataRoot }),
    });
    pages.push(page);
    after = page.next;
    if (after === undefined) return pages;
  }
}

/** The node, the indexer, and the indexer with the node's confirmation. */
export async function readersOf(anvil: Anvil, url: string) {
  const clients = await anvil.clients(0);
  const node = chainReader(clients);
  const { registry, disputes } = anvil;
  const plain = await createIndexerReader({ url, registry, disputes });
  return { node, plain, checked: checkedReader(plain, clients) };
}

/** Node and indexer, with its confirmation by the node and without: the same JSON, byte for byte. */
export async function compareReaders(anvil: Anvil, url: string, scenario: Scenario): Promise<void> {
  const { node, plain, checked } = await readersOf(anvil, url);
  const answers: string[] = [];
  for (const [name, ask] of questions(scenario)) {
    const expected = toJson(await ask(node));
    assert.equal(toJson(await ask(plain)), expected, name);
    assert.equal(toJson(await ask(checked)), expected, `${name}, checked`);
    answers.push(expected);
  }
  // The questions tell the answers apart: few have the same.
  assert.ok(new Set(answers).size >= answers.length - 5);
}
