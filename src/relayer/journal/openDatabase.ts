import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import type { DatabaseSync } from "node:sqlite";

/** A state file that cannot be used; nothing was sent. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

export interface DatabaseOptions {
  /** The steps that lead from one version of the tables to the next. */
  migrations: readonly string[];
  /** This process alone, until it ends. */
  exclusive?: boolean;
}

/** Milliseconds to wait for another process's write. */
const busyTimeout = 10_000;

/**
 * Opens a SQLite file, and creates it or brings it to this version's tables where needed. Several processes may have one open, unless
 * it is exclusive; it must be on a local disk (SQLite's write-ahead log does not work on network file systems). Each commit is on the disk.
 *
 * @throws JournalError where the file is no such database, a newer version's, another's alone, or cannot be written.
 */
export async function openDatabase(
  file: string,
  { migrations, exclusive = false }: DatabaseOptions,
): Promise<DatabaseSync> {
  // Loaded here: older Node versions warn about it, and most verbs need none.
  const { DatabaseSync } = await import("node:sqlite");
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    closeSync(openSync(file, "a", 0o600)); // signed transactions are nobody else's matter
    const database = new DatabaseSync(file);
    try {
      const timeout = exclusive ? 0 : busyTimeout;
      database.exec(`PRAGMA busy_timeout = ${timeout}; PRAGMA foreign_keys = ON;`);
      if (exclusive) database.exec("PRAGMA locking_mode = EXCLUSIVE;");
      database.exec("PRAGMA journal_mode = WAL;");
      // What is signed must be on the disk before it is sent.
      database.exec("PRAGMA synchronous = FULL;");
      migrate(database, file, migrations);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    const hint = /locked/.test(problem)
      ? "another process uses it; stop that one, or name another file"
      : "name another file";
    throw new JournalError(`${file}: not usable (${problem}); ${hint}`, { cause: error });
  }
}

function migrate(database: DatabaseSync, file: string, migrations: readonly string[]): void {
  database.exec("BEGIN IMMEDIATE"); // two processes may open a new journal
  try {
    const { user_version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (user_version > migrations.length) {
      throw new JournalError(
        `${file}: version ${user_version} of a newer trainproof, this one knows ${migrations.length}; use that one`,
      );
    }
    for (const step of migrations.slice(user_version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
