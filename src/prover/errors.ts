/** Why the native prover refused or stopped. Messages name the limit and the way out, never a witness value. */
export type ProverErrorCode =
  | "AddonMissing"
  | "InvalidArgument"
  | "OutOfRange"
  | "MemoryLimit"
  | "Device"
  | "Cancelled"
  | "Internal";

export class ProverError extends Error {
  override readonly name = "ProverError";
  readonly code: ProverErrorCode;

  constructor(code: ProverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const codes: readonly string[] = [
  "InvalidArgument",
  "OutOfRange",
  "MemoryLimit",
  "Device",
  "Cancelled",
  "Internal",
];

/** The addon's errors carry a `code`; anything else that it throws is an internal error. */
export function proverErrorFrom(error: unknown): ProverError {
  if (error instanceof ProverError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const { code } = cause as Error & { code?: unknown };
  const known = typeof code === "string" && codes.includes(code);
  return new ProverError(known ? (code as ProverErrorCode) : "Internal", cause.message, { cause });
}
