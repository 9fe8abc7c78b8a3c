import type { Logger } from "pino";
import type { SenderContext } from "../sender/index.ts";
import type { Health } from "../service/index.ts";
import type { Book } from "./book.ts";
import type { Elsewhere } from "./claimWorker.ts";
import type { WatchMetrics } from "./metrics.ts";
import type { WatchPolicy } from "./policy.ts";

/** What every part of a watcher works with. */
export interface WatchContext {
  /** Whose account attests; its clients, journal and log are the watcher's, too. */
  sender: SenderContext;
  book: Book;
  policy: WatchPolicy;
  /** PROTOCOL §2's table. */
  generators: Uint8Array;
  /** What has segments verified by others; in the claim's own threads unless given. */
  elsewhere?: Elsewhere;
  /** Where reports are kept, and the address under which others find that folder; without it verdicts name no report address. */
  reports: string;
  reportBase?: string;
  /** Of the program, and the digest of its verifier (verifierBuild). */
  verifierVersion: string;
  verifierBuild: string;
  metrics: WatchMetrics;
  health: Health;
  log: Logger;
}
