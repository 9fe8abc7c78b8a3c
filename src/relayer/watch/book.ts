import type { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import type { AttestedVerdict } from "../../registry/index.ts";

/** The book's tables, as the steps that lead from one version to the next. Only ever append. */
export const bookMigrations: readonly string[] = [
  `CREATE TABLE owner (chain INTEGER NOT NULL, registry TEXT NOT NULL, actor TEXT NOT NULL) STRICT;
   CREATE TABLE cursor (next_block INTEGER NOT NULL) STRICT;
   CREATE TABLE claim (
     id TEXT PRIMARY KEY,
     claimant TEXT NOT NULL,
     block INTEGER NOT NULL,
     state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'settled', 'dropped')),
     tries INTEGER NOT NULL DEFAULT 0,
     due_at INTEGER NOT NULL DEFAULT 0,
     reason TEXT,
     verdict TEXT CHECK (verdict IN ('valid', 'invalid')),
     report TEXT,
     decided_at INTEGER,
     CHECK ((state IN ('decided', 'settled')) <= (verdict IS NOT NULL AND report IS NOT NULL AND decided_at IS NOT NULL))
   ) STRICT;
   CREATE INDEX claim_due ON claim (state, due_at);
   CREATE TABLE verification (
     claimant TEXT NOT NULL,
     at INTEGER NOT NULL,
     milliseconds INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX verification_claimant ON verification (claimant, at);`,
  // Verdicts on samples.
  `ALTER TABLE claim RENAME TO claim_before;
   CREATE TABLE claim (
     id TEXT PRIMARY KEY,
     claimant TEXT NOT NULL,
     block INTEGER NOT NULL,
     state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'settled', 'dropped')),
     tries INTEGER NOT NULL DEFAULT 0,
     due_at INTEGER NOT NULL DEFAULT 0,
     reason TEXT,
     verdict TEXT CHECK (verdict IN ('valid', 'invalid', 'sampled')),
     report TEXT,
     decided_at INTEGER,
     CHECK ((state IN ('decided', 'settled')) <= (verdict IS NOT NULL AND report IS NOT NULL AND decided_at IS NOT NULL))
   ) STRICT;
   INSERT INTO claim SELECT * FROM claim_before;
   DROP TABLE claim_before;
   CREATE INDEX claim_due ON claim (state, due_at);`,
];

/** Whose claims on which registry a book is about, and who attests. */
export interface BookOwner {
  chainId: number;
  registry: Address;
  actor: Address;
}

/** A claim that waits for a verdict. */
export interface OpenClaim {
  id: Hex;
  claimant: Address;
  tries: number;
}

/** Which claim may be next. */
export interface Choice {
  /** Not these: they are under way. */
  except: readonly Hex[];
  /** Of these accounts alone; of everybody, unless given. */
  claimants?: readonly Address[] | undefined;
  /** Of a claimant with fewer verdicts than this within a day. */
  perClaimant: number;
}

/** A verdict, and the digest of the report that says why. */
export interface Decision {
  id: Hex;
  verdict: AttestedVerdict;
  /** SHA-256 of the report file's bytes. */
  report: Hex;
}

export interface BookCounts {
  open: number;
  decided: number;
  settled: number;
  dropped: number;
}

const day = 24 * 3600_000;

/** A book of another registry, chain or account. */
export class BookError extends Error {
  override readonly name = "BookError";
}

/**
 * What a watcher has seen and decided, in SQLite: claims, when each is due, what a verification took. Times are milliseconds since
 * 1970. One process at a time writes it (the state folder's lock).
 */
export class Book {
  readonly #database: DatabaseSync;

  /** A database with bookMigrations. Errors: BookError where it is another registry's, chain's or account's. */
  constructor(database: DatabaseSync, { chainId, registry, actor }: BookOwner) {
    this.#database = database;
    const values = [chainId, registry.toLowerCase(), actor.toLowerCase()];
    const kept = database.prepare("SELECT chain, registry, actor FROM owner").get();
    if (kept === undefined) {
      database.prepare("INSERT INTO owner VALUES (?, ?, ?)").run(...values);
      database.exec("INSERT INTO cursor VALUES (0)");
    } else if (Object.values(kept).join() !== values.join()) {
      throw new BookError(
        `the state is that of registry ${String(kept["registry"])} on chain ${String(kept["chain"])} for account ${String(kept["actor"])}; name another --state folder`,
      );
    }
  }

  close(): void {
    this.#database.close();
  }

  /** The first block whose claims are not in the book. */
  get nextBlock(): number {
    const row = this.#database.prepare("SELECT next_block FROM cursor").get();
    return Number(row!["next_block"]);
  }

  /** Writes claims down, those that are known already once, and that all blocks before `nextBlock` have been read. */
  found(
    claims: readonly { claimId: Hex; claimant: Address; blockNumber: bigint }[],
    nextBlock: number,
  ): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const insert = this.#database.prepare(
        "INSERT INTO claim (id, claimant, block) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      );
      for (const { claimId, claimant, blockNumber } of claims)
        insert.run(claimId.toLowerCase(), claimant.toLowerCase(), Number(blockNumber));
      this.#database.prepare("UPDATE cursor SET next_block = max(next_block, ?)").run(nextBlock);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /**
   * The claim to verify next: of the claimant who has taken the least time within a day, the oldest, so that no claimant's many or
   * slow claims keep others waiting.
   */
  next(now: number, { except, claimants, perClaimant }: Choice): OpenClaim | undefined {
    const row = this.#database
      .prepare(
        `SELECT id, claimant, tries FROM claim
         WHERE state = 'open' AND due_at <= ?1 AND id NOT IN (SELECT value FROM json_each(?2))
           AND (?4 IS NULL OR claimant IN (SELECT lower(value) FROM json_each(?4)))
           AND (SELECT count(*) FROM claim AS other
             WHERE other.claimant = claim.claimant AND other.decided_at > ?3) < ?5
         ORDER BY
           (SELECT count(*) FROM claim AS other WHERE other.claimant = claim.claimant
             AND other.id IN (SELECT value FROM json_each(?2))),
           (SELECT coalesce(sum(milliseconds), 0) FROM verification
             WHERE verification.claimant = claim.claimant AND at > ?3),
           block, id
         LIMIT 1`,
      )
      .get(
        now,
        JSON.stringify(except),
        now - day,
        claimants === undefined ? null : JSON.stringify(claimants),
        perClaimant,
      );
    return row && ({ ...row } as unknown as OpenClaim);
  }

  /** A verification ran, whatever came of it. */
  verified({ claimant }: OpenClaim, now: number, milliseconds: number): void {
    this.#database.prepare("DELETE FROM verification WHERE at <= ?").run(now - day);
    this.#database
      .prepare("INSERT INTO verification VALUES (?, ?, ?)")
      .run(claimant, now, Math.round(milliseconds));
  }

  /** No verdict yet; due again later. */
  postponed({ id }: OpenClaim, reason: string, dueAt: number): void {
    this.#database
      .prepare("UPDATE claim SET tries = tries + 1, reason = ?, due_at = ? WHERE id = ?")
      .run(reason, Math.round(dueAt), id);
  }

  /** No verdict ever. */
  dropped({ id }: Pick<OpenClaim, "id">, reason: string): void {
    this.#database
      .prepare("UPDATE claim SET state = 'dropped', reason = ? WHERE id = ? AND state = 'open'")
      .run(reason, id);
  }

  decided({ id, verdict, report }: Decision, now: number, reason?: string): void {
    this.#database
      .prepare(
        `UPDATE claim SET state = 'decided', verdict = ?, report = ?, reason = ?, decided_at = ? WHERE id = ? AND state = 'open'`,
      )
      .run(verdict, report, reason ?? null, now, id);
  }

  /** The registry holds the verdict for good, or never will, which `reason` explains. */
  settled({ id }: Pick<Decision, "id">, reason?: string): void {
    this.#database
      .prepare("UPDATE claim SET state = 'settled', reason = ? WHERE id = ? AND state = 'decided'")
      .run(reason ?? null, id);
  }

  /** A decision that cannot be sent: its claim is verified again. */
  reopened({ id }: Pick<Decision, "id">, reason: string): void {
    this.#database
      .prepare(
        `UPDATE claim SET state = 'open', verdict = NULL, report = NULL, decided_at = NULL, due_at = 0, reason = ?
         WHERE id = ? AND state = 'decided'`,
      )
      .run(reason, id);
  }

  /** Every decision that is not settled, oldest first: what must still come on chain. */
  decisions(): Decision[] {
    const rows = this.#database
      .prepare(
        "SELECT id, verdict, report FROM claim WHERE state = 'decided' ORDER BY decided_at, id",
      )
      .all();
    return rows.map((row) => ({ ...row })) as unknown as Decision[];
  }

  /** How many verdicts within a day. */
  decidedWithinDay(now: number): number {
    const row = this.#database
      .prepare("SELECT count(*) AS count FROM claim WHERE decided_at > ?")
      .get(now - day);
    return Number(row!["count"]);
  }

  /** The state, tries and reason of a claim, if it is in the book. */
  about(id: Hex): { state: string; tries: number; reason: string | null } | undefined {
    const row = this.#database
      .prepare("SELECT state, tries, reason FROM claim WHERE id = ?")
      .get(id.toLowerCase());
    return row && ({ ...row } as unknown as ReturnType<Book["about"]>);
  }

  counts(): BookCounts {
    const rows = this.#database
      .prepare("SELECT state, count(*) AS count FROM claim GROUP BY state")
      .all() as unknown as { state: keyof BookCounts; count: number }[];
    const counts: BookCounts = { open: 0, decided: 0, settled: 0, dropped: 0 };
    for (const { state, count } of rows) counts[state] = count;
    return counts;
  }
}
