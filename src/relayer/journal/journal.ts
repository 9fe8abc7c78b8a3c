import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Hex } from "viem";
import {
  type Actor,
  type Attempt,
  type Intent,
  type IntentIdentity,
  intentKey,
  type IntentKind,
  type IntentState,
  type NewIntent,
} from "./intent.ts";
import { attemptOf, type AttemptRow, intentOf, type IntentRow } from "./rows.ts";

/** States of an intent that holds a nonce. */
const HOLDING = "('signed', 'sent', 'mined')";
const ENDED = "('confirmed', 'failed')";

/** What a change sets, by column. */
type Changes = Partial<Record<keyof IntentRow, SQLInputValue>>;

/**
 * What was meant, signed, sent and seen, in SQLite. Every method is one transaction that is on the disk when it returns. A change takes
 * the intent that it was decided on, and returns undefined where another process has changed it meanwhile: then read it again.
 */
export class Journal {
  readonly #database: DatabaseSync;

  /** Use openJournal. */
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  close(): void {
    this.#database.close();
  }

  /** Writes an intent, or returns the one that has its key, or claims its run. */
  intend(intent: NewIntent): Intent {
    const key = intentKey(intent);
    const { kind, subject, chainId, to, data, verdict = null, run = null } = intent;
    const [actor, registry] = [intent.actor.toLowerCase(), intent.registry.toLowerCase()];
    const now = Date.now();
    return this.#transaction(() => {
      this.#database
        .prepare(
          `INSERT INTO intent (key, kind, subject, actor, chain, registry, recipient, data, verdict, run, created_at, changed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        )
        .run(key, kind, subject, actor, chainId, registry, to, data, verdict, run, now, now);
      const stored = this.#get(key) ?? (run === null ? undefined : this.findRun(intent, run));
      if (stored === undefined) throw new Error(`intent ${key} is not in the journal`);
      return stored;
    });
  }

  find(identity: IntentIdentity): Intent | undefined {
    return this.#get(intentKey(identity));
  }

  /** The claim that a run became, unless it failed. */
  findRun({ chainId, registry, actor }: Actor, run: string): Intent | undefined {
    const [found] = this.#intents(
      "chain = ? AND registry = ? AND actor = ? AND run = ? AND state <> 'failed'",
      [chainId, registry.toLowerCase(), actor.toLowerCase(), run],
    );
    return found;
  }

  /** Intents of an account that are not at their end: those with nonces first, in their order. */
  open({ chainId, registry, actor }: Actor): Intent[] {
    return this.#intents(
      `chain = ? AND registry = ? AND actor = ? AND state NOT IN ${ENDED}
       ORDER BY state NOT IN ${HOLDING}, nonce, created_at, key`,
      [chainId, registry.toLowerCase(), actor.toLowerCase()],
    );
  }

  /** Confirmed intents whose transaction was mined, or found, in this block or later. */
  confirmedSince({ chainId, registry, actor }: Actor, block: number): Intent[] {
    return this.#intents(
      "chain = ? AND registry = ? AND actor = ? AND state = 'confirmed' AND mined_block >= ?",
      [chainId, registry.toLowerCase(), actor.toLowerCase(), block],
    );
  }

  /** Nonces that the account's intents hold, of whatever registry, ascending. */
  heldNonces({ chainId, actor }: Pick<Actor, "chainId" | "actor">): number[] {
    const rows = this.#database
      .prepare(
        `SELECT nonce FROM intent WHERE chain = ? AND actor = ? AND state IN ${HOLDING} ORDER BY nonce`,
      )
      .all(chainId, actor.toLowerCase()) as { nonce: number }[];
    return rows.map(({ nonce }) => nonce);
  }

  /** Failed intents, oldest first. */
  failures({ chainId, registry, actor }: Actor): Intent[] {
    return this.#intents(
      "chain = ? AND registry = ? AND actor = ? AND state = 'failed' ORDER BY created_at, key",
      [chainId, registry.toLowerCase(), actor.toLowerCase()],
    );
  }

  /** How many intents there are of each kind in each state. */
  counts({
    chainId,
    registry,
    actor,
  }: Actor): { kind: IntentKind; state: IntentState; count: number }[] {
    return this.#database
      .prepare(
        "SELECT kind, state, count(*) AS count FROM intent WHERE chain = ? AND registry = ? AND actor = ? GROUP BY kind, state",
      )
      .all(chainId, registry.toLowerCase(), actor.toLowerCase()) as {
      kind: IntentKind;
      state: IntentState;
      count: number;
    }[];
  }

  /** An intent's signed transactions, oldest first. */
  attempts({ key }: Pick<Intent, "key">): Attempt[] {
    const rows = this.#database
      .prepare("SELECT * FROM attempt WHERE key = ? ORDER BY number")
      .all(key);
    return (rows as unknown as AttemptRow[]).map(attemptOf);
  }

  /**
   * Keeps a signed transaction, before it is sent: the intent's first, or one that replaces those of the same nonce. Undefined, too,
   * where another intent holds the nonce: then the transaction must not be sent.
   */
  sign(
    intent: Intent,
    signed: Omit<Attempt, "number" | "signedAt" | "sentAt">,
  ): Intent | undefined {
    const { nonce, hash, raw, gas, maxFeePerGas, maxPriorityFeePerGas, signedBlock } = signed;
    return this.#transaction(() => {
      if (intent.nonce !== nonce && this.#isHeld(intent, nonce)) return undefined;
      const state = intent.state === "sent" ? "sent" : "signed";
      const changes = { state, nonce, reason: null, refused_since: null };
      const stored = this.#change(intent, changes);
      if (stored === undefined) return undefined;
      this.#database
        .prepare(
          `INSERT INTO attempt (key, number, nonce, hash, raw, gas, max_fee, max_tip, signed_at, signed_block)
           VALUES (?1, (SELECT count(*) + 1 FROM attempt WHERE key = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
        )
        .run(
          intent.key,
          nonce,
          hash,
          raw,
          String(gas),
          String(maxFeePerGas),
          String(maxPriorityFeePerGas),
          Date.now(),
          signedBlock,
        );
      return stored;
    });
  }

  /** A node has taken a transaction. */
  sent(intent: Intent, attempt: Pick<Attempt, "number">): Intent | undefined {
    return this.#transaction(() => {
      this.#database
        .prepare("UPDATE attempt SET sent_at = ? WHERE key = ? AND number = ? AND sent_at IS NULL")
        .run(Date.now(), intent.key, attempt.number);
      return intent.state === "signed" ? this.#change(intent, { state: "sent" }) : intent;
    });
  }

  /** One of its transactions is in a block, for now. */
  mined(intent: Intent, { hash, block, blockHash }: { hash: Hex; block: number; blockHash: Hex }) {
    const where = { mined_hash: hash, mined_block: block, mined_block_hash: blockHash };
    return this.#transaction(() => this.#change(intent, { state: "mined", ...where }));
  }

  /** The chain has it by another transaction, for now. */
  found(intent: Intent, block: number): Intent | undefined {
    return this.#transaction(() => this.#change(intent, { state: "found", mined_block: block }));
  }

  /** A reorganisation took back what was mined, or confirmed; its transactions are valid still. Undefined, too, where another intent holds the nonce. */
  unmined(intent: Intent): Intent | undefined {
    return this.#transaction(() => {
      const { state, nonce } = intent;
      if (nonce === undefined || (state !== "mined" && this.#isHeld(intent, nonce)))
        return undefined;
      return this.#change(intent, { state: "sent", ...NOWHERE });
    });
  }

  /** To be signed anew, with another nonce: none of its transactions can be mined any more. */
  released(intent: Intent, reason: string, reverts = intent.reverts): Intent | undefined {
    const changes = { state: "intended", nonce: null, reason, reverts, refused_since: null };
    return this.#transaction(() => this.#change(intent, { ...changes, ...NOWHERE }));
  }

  /** The registry refuses it in this block. */
  refused(intent: Intent, reason: string, block: number): Intent | undefined {
    const changes = { reason, refused_since: intent.refusedSince ?? block };
    return this.#transaction(() => this.#change(intent, changes));
  }

  confirmed(intent: Intent, reason?: string): Intent | undefined {
    const changes = { state: "confirmed", reason: reason ?? null };
    return this.#transaction(() => this.#change(intent, changes));
  }

  failed(intent: Intent, reason: string): Intent | undefined {
    return this.#transaction(() => this.#change(intent, { state: "failed", reason }));
  }

  /** A failed intent, to be tried anew. Undefined, too, where its run is claimed by another intent meanwhile. */
  retried(intent: Intent): Intent | undefined {
    const changes = { state: "intended", nonce: null, reverts: 0, refused_since: null };
    return this.#transaction(() => {
      const { state, run } = intent;
      if (state !== "failed" || (run !== undefined && this.findRun(intent, run))) return undefined;
      return this.#change(intent, { ...changes, ...NOWHERE });
    });
  }

  #isHeld({ chainId, actor }: Actor, nonce: number): boolean {
    const held = this.#database
      .prepare(
        `SELECT 1 FROM intent WHERE chain = ? AND actor = ? AND nonce = ? AND state IN ${HOLDING}`,
      )
      .get(chainId, actor, nonce);
    return held !== undefined;
  }

  #get(key: string): Intent | undefined {
    return this.#intents("key = ?", [key])[0];
  }

  #intents(condition: string, values: SQLInputValue[]): Intent[] {
    const rows = this.#database.prepare(`SELECT * FROM intent WHERE ${condition}`).all(...values);
    return (rows as unknown as IntentRow[]).map(intentOf);
  }

  /** Compare and set: only where nothing has changed since the intent was read. */
  #change({ key, version }: Intent, changes: Changes): Intent | undefined {
    const columns = Object.keys(changes).map((column) => `${column} = ?`);
    const { changes: changed } = this.#database
      .prepare(
        `UPDATE intent SET ${columns.join(", ")}, changed_at = ?, version = version + 1 WHERE key = ? AND version = ?`,
      )
      .run(...Object.values(changes), Date.now(), key, version);
    return changed === 1 ? this.#get(key) : undefined;
  }

  #transaction<T>(action: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = action();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

const NOWHERE = { mined_hash: null, mined_block: null, mined_block_hash: null };
