export {
  type Actor,
  type Attempt,
  type Intent,
  type IntentIdentity,
  intentKey,
  type IntentKind,
  intentKinds,
  type IntentState,
  intentStates,
  type NewIntent,
} from "./intent.ts";
export { Journal } from "./journal.ts";
export { JournalError, openDatabase } from "./openDatabase.ts";
export { openJournal } from "./openJournal.ts";
