import type { Shape } from "../protocol/shape.ts";
import type { Statement } from "../protocol/statement.ts";
import type { Transcript } from "../protocol/transcript.ts";
import type { Ledger } from "./ledger.ts";

/** What every relation works on. */
export interface Context {
  readonly statement: Statement;
  readonly shape: Shape;
  readonly transcript: Transcript;
  readonly ledger: Ledger;
}
