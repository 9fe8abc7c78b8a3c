import { ArtifactError } from "../../artifact/index.ts";
import { RegistryError } from "../../registry/index.ts";
import type { FolderState, RelayContext } from "./context.ts";
import { findFolders, type FoundFolder } from "./findFolders.ts";
import { relayAnnouncement } from "./relayAnnouncement.ts";
import { relayRun } from "./relayRun.ts";

/** Looks through the folder, again and again; what is at its end is not read again until its content changes. */
export class Scanner {
  readonly #context: RelayContext;
  readonly #ended = new Map<string, { fingerprint: string; state: FolderState }>();

  constructor(context: RelayContext) {
    this.#context = context;
  }

  /** How many folders are in each state now. Errors: of the node; those of node:fs where the folder cannot be listed. */
  async scan(): Promise<Record<FolderState, number>> {
    const counts = { done: 0, open: 0, unusable: 0 };
    const { plan, signal, onProgress } = this.#context;
    for (const found of findFolders(plan.folder)) {
      signal.throwIfAborted();
      counts[await this.#relay(found)]++;
      onProgress();
    }
    return counts;
  }

  async #relay(found: FoundFolder): Promise<FolderState> {
    const { path, fingerprint, kind } = found;
    const before = this.#ended.get(path);
    if (before?.fingerprint === fingerprint) return before.state;
    const { log } = this.#context;
    let state: FolderState;
    try {
      const relay = kind === "run" ? relayRun : relayAnnouncement;
      state = await relay(this.#context, path);
    } catch (error) {
      // One bad folder must not hold up the others; what a chain's trouble is the caller's matter.
      if (!isFoldersFault(error)) throw error;
      log.error({ folder: path, problem: error.message }, "this folder cannot be relayed");
      state = "unusable";
    }
    if (state !== "open") this.#ended.set(path, { fingerprint, state });
    return state;
  }
}

const isFoldersFault = (error: unknown): error is Error =>
  error instanceof ArtifactError || (error instanceof RegistryError && error.kind === "usage");
