import { Journal } from "./journal.ts";
import { openDatabase } from "./openDatabase.ts";
import { migrations } from "./schema.ts";

/** Opens a journal, for as many processes as want to. Errors: JournalError. */
export async function openJournal(file: string): Promise<Journal> {
  return new Journal(await openDatabase(file, { migrations }));
}
