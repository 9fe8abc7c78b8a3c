import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { Journal } from "./journal.ts";
import { migrations } from "./schema.ts";

/** A journal that cannot be used; nothing was sent. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** Milliseconds to wait for another process's write. */
const busyTimeout = 10_000;

/**
 * Opens a journal, and creates it or brings it to this version's tables where needed. Several processes may have one open; its
 * file must be on a local disk (SQLite's write-ahead log does not work on network file systems).
 *
 * @throws JournalError where the file is no journal, a newer version's, or cannot be written.
 */
export async function openJournal(file: string): Promise<Journal> {
  // Loaded here: older Node versions warn about it, and most verbs need none.
  const { DatabaseSync } = await import("node:sqlite");
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    closeSync(openSync(file, "a", 0o600)); // signed transactions are nobody else's matter
    const database = new DatabaseSync(file);
    try {
      database.exec(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA foreign_keys = ON;`);
      database.exec("PRAGMA journal_mode = WAL;");
      // What is signed must be on the disk before it is sent.
      database.exec("PRAGMA synchronous = FULL;");
      migrate(database, file);
      return new Journal(database);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new JournalError(`${file}: not usable as a journal (${problem}); name another file`, {
      cause: error,
    });
  }
}

type Database = ConstructorParameters<typeof Journal>[0];

function migrate(database: Database, file: string): void {
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
