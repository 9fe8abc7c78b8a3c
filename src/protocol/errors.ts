/** A value that the protocol refuses. `check` is the numbered check that it fails (PROTOCOL §18). */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly check: string;

  constructor(check: string, reason: string) {
    super(reason);
    this.check = check;
  }
}

/** A failed check: its number, and what failed with the field, the index and the limit. */
export interface Fault {
  readonly check: string;
  readonly reason: string;
}
