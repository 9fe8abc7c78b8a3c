import type { RegistryClients } from "../../registry/index.ts";
import type { IntentKind, IntentState, Journal } from "../journal/index.ts";
import {
  AUDITED_BLOCKS,
  type Obstacle,
  Sender,
  senderContext,
  type SendPolicy,
} from "../sender/index.ts";
import { Health, type Logger, pauseFor, RelayerMetrics, repeat } from "../service/index.ts";
import type { FolderState, RelayPlan } from "./context.ts";
import { problemOf } from "./problem.ts";
import { Scanner } from "./scan.ts";

export interface RelayOptions {
  plan: RelayPlan;
  clients: RegistryClients;
  journal: Journal;
  policy: SendPolicy;
  log: Logger;
  /** Milliseconds between looks at the folder, and at the chain. */
  interval: number;
  /** Try what has failed before again, once. */
  retryFailed?: boolean;
  /** End when nothing is left to do, instead of waiting for more. */
  once?: boolean;
  metrics?: RelayerMetrics;
  health?: Health;
  /** Aborting stops it: what is being written is finished, the rest goes on at the next start. */
  signal: AbortSignal;
}

export interface RelaySummary {
  folders: Record<FolderState, number>;
  intents: { kind: IntentKind; state: IntentState; count: number }[];
}

/** Milliseconds: after a stop for what is under way, of the longest pause after errors, and that health allows without a success. */
const grace = 5_000;
const longestPause = 60_000;
const patience = 120_000;

const obstacles: Record<Obstacle, string> = {
  nonceTooLow: "a nonce was used by another transaction of the account",
  nonceTooHigh: "the node waits for earlier nonces",
  underpriced: "the node wants higher fees",
  replacementUnderpriced: "another transaction of the account has a nonce",
  insufficientFunds: "the account cannot pay; fund it",
  unreachable: "no node answers",
  refused: "a transaction is refused",
  feeCap: "the chain's fees are above the limit",
};

/**
 * Relays a folder's announcements, claims and verdicts until the signal aborts. Errors of the node or the folder end nothing: they are logged, and
 * tried again after growing pauses.
 *
 * @throws RegistryError without registry or key; RangeError for a policy that cannot work
 */
export async function relay(options: RelayOptions): Promise<RelaySummary> {
  const { plan, clients, journal, log, interval } = options;
  const { metrics = new RelayerMetrics({ defaults: false }), health = new Health() } = options;
  const sender = new Sender(senderContext({ ...options, metrics }));
  const { actor } = sender.context;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const onProgress = (): void => health.succeeded("scan");
  const scanner = new Scanner({ plan, clients, actor, journal, log, signal, onProgress });
  let folders: Record<FolderState, number> = { done: 0, open: 0, unusable: 0 };
  let audited = false;

  const send = async (): Promise<boolean> => {
    if (!audited) await sender.audit(AUDITED_BLOCKS, signal);
    audited = true;
    const turn = await sender.turn(signal);
    metrics.turn(turn, journal, actor);
    health.succeeded("chain");
    health.facts({ head: turn.head.number, open: turn.open });
    for (const [name, words] of Object.entries(obstacles))
      health.obstacle(name, turn.obstacles.has(name as Obstacle) ? words : undefined);
    return true;
  };
  const scan = async (): Promise<boolean> => {
    folders = await scanner.scan();
    health.facts({ folders });
    health.succeeded("scan");
    // Read after the scan, which may have added intents.
    return !(options.once === true && folders.open === 0 && journal.open(actor).length === 0);
  };
  const onError = (part: "chain" | "scan") => (error: unknown, pause: number) => {
    metrics.failed(part);
    log.error({ part, problem: problemOf(error, clients.rpcUrl), pause }, "an error; trying again");
  };

  const patient = Math.max(patience, 10 * interval);
  health.facts({ account: actor.actor, chainId: actor.chainId, registry: actor.registry });
  for (const part of ["chain", "scan"]) health.expect(part, patient);
  log.info({ ...actor, folder: plan.folder }, "relaying");
  if (options.retryFailed === true) log.info({ retried: sender.retryFailed() }, "failed before");
  const pace = { interval, longest: longestPause, signal };
  const scanning = repeat(scan, { ...pace, onError: onError("scan") }).finally(() => over.abort());
  const sending = repeat(send, { ...pace, onError: onError("chain") });
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const ended = new AbortController();
  const late = aborted.then(() => pauseFor(grace, ended.signal));
  await Promise.race([Promise.all([scanning, sending]), late]);
  ended.abort();
  log.info({ folders }, "stopped; the journal keeps what is open");
  return { folders, intents: journal.counts(actor) };
}
