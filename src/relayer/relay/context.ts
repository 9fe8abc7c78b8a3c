import type { RegistryClients } from "../../registry/index.ts";
import type { Actor, Journal } from "../journal/index.ts";
import type { Logger } from "../service/index.ts";

/** How a relay attests the claims that it has registered. */
export interface OwnVerdicts {
  /** PROTOCOL §2's table. */
  generators: Uint8Array;
  verifierVersion: string;
  /** Folder for the reports. */
  reports: string;
  /** Where others find a report; {report} is its file name, {claim} the claim's id. This machine's file URL unless said. */
  uri?: string;
  /** Threads to verify in; one a core unless said. */
  threads?: number;
}

/** What is to be relayed, and how. */
export interface RelayPlan {
  /** The folder of run folders and announcement folders. */
  folder: string;
  /** Where others find a run's manifest; {run} is its folder's name, {proofDigest} its digest. This machine's file URL unless said. */
  uri?: string;
  /** Whether seeds of announced plans are drawn; a plan whose seed nobody draws in time never gets one. */
  draw: boolean;
  /** Whether claims name the announced plans that their runs fulfil. */
  plans: boolean;
  attest?: OwnVerdicts;
}

/** What each part of a relay works with. */
export interface RelayContext {
  plan: RelayPlan;
  clients: RegistryClients;
  actor: Actor;
  journal: Journal;
  log: Logger;
  signal: AbortSignal;
  /** Called now and then while something takes long. */
  onProgress: () => void;
}

/** A folder's state: done, there is more to come, or it cannot be relayed. */
export type FolderState = "done" | "open" | "unusable";

/** Fills {name} in a URI template. */
export const fillIn = (template: string, values: Record<string, string>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
