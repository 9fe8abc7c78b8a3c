import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createRun } from "../../src/artifact/index.ts";
import type { Intent, IntentState } from "../../src/relayer/journal/index.ts";
import { openJournal } from "../../src/relayer/journal/index.ts";
import { config, finish as finishRun } from "../artifact/runs.ts";
import { startVerb } from "../e2e/verbs.ts";

/** Writes finished runs into a folder; their proofs are none, which nobody asks when a claim is made. */
export function writeRuns(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const run = createRun({ folder: path.join(folder, `run-${i}`), config });
    finishRun(run);
    run.close();
  }
}

export interface RelayProcess extends ReturnType<typeof startVerb> {
  /** Its lines on stderr so far. */
  lines: Record<string, unknown>[];
  /** Kills it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts the real verb. */
export function startRelay(
  folder: string,
  env: Record<string, string>,
  args: readonly string[] = [],
): RelayProcess {
  const quick = ["--port", "0", "--interval", "0.05", "--confirmations", "2"];
  const started = startVerb(["relay", folder, "--json", ...quick, ...args], { env });
  const lines: Record<string, unknown>[] = [];
  let rest = "";
  started.child.stderr!.on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts)
      if (part.startsWith("{")) lines.push(JSON.parse(part) as (typeof lines)[0]);
  });
  return {
    ...started,
    lines,
    async kill() {
      const gone = once(started.child, "close");
      assert.ok(started.child.kill("SIGKILL"), "it was gone before");
      await gone;
    },
  };
}

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limit = 60_000,
): Promise<void> {
  for (const end = Date.now() + limit; !(await holds());) {
    assert.ok(Date.now() < end, `not within ${limit} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the journal in a folder says, read as another process. */
export async function journalOf(
  folder: string,
  actor: { chainId: number; registry: `0x${string}`; actor: `0x${string}` },
): Promise<{ open: Intent[]; states: IntentState[]; attempts: number }> {
  const journal = await openJournal(path.join(folder, "relay.sqlite"));
  try {
    const open = journal.open(actor);
    const ended = journal.confirmedSince(actor, 0);
    const all = [...open, ...ended];
    const attempts = all.reduce((sum, intent) => sum + journal.attempts(intent).length, 0);
    return { open, states: all.map(({ state }) => state), attempts };
  } finally {
    journal.close();
  }
}
