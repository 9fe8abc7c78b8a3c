import type { Claim } from "../../../src/registry/findClaims.ts";
import type { ReadersOutcome } from "./outcome.ts";

/** What the list is narrowed to; empty texts narrow nothing. */
export interface Filters {
  /** In any field. */
  readonly search: string;
  readonly model: string;
  readonly data: string;
  readonly claimant: string;
  readonly state: ReadersOutcome | "";
}

const NONE: Filters = { search: "", model: "", data: "", claimant: "", state: "" };
export const FILTERS = Object.keys(NONE) as (keyof Filters)[];

const LIST = "/claims/";

/** The address of the page holds the filters, so that a list can be linked to. */
export const filtersOf = (location: string): Filters => {
  const given = new URLSearchParams(location.startsWith(LIST) ? location.slice(LIST.length) : "");
  return Object.fromEntries(
    FILTERS.map((name) => [name, (given.get(name) ?? "").slice(0, 200)]),
  ) as unknown as Filters;
};

/** The place of the list with these filters. */
export function listOf(filters: Partial<Filters>): string {
  const entries = FILTERS.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []));
  return entries.length === 0 ? "/" : LIST + String(new URLSearchParams(entries));
}

export function fits(claim: Claim, state: ReadersOutcome, filters: Filters): boolean {
  const { claimId, modelCommitment, dataRoot, claimant, start, uri } = claim;
  const has = (value: string, wanted: string) =>
    value.toLowerCase().includes(wanted.trim().toLowerCase());
  return (
    has([claimId, modelCommitment, dataRoot, claimant, start, uri].join("\n"), filters.search) &&
    has(modelCommitment, filters.model) &&
    has(dataRoot, filters.data) &&
    has(claimant, filters.claimant) &&
    (filters.state === "" || filters.state === state)
  );
}
