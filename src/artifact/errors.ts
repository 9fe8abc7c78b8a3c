/**
 * What can be wrong with a run folder or a published run, one class per kind, so that a verb can choose its
 * exit code: not found 4; digest, format, mismatch and size 3; unreachable 4; locked, folder, plan 2; write 1.
 */
export interface ArtifactFacts {
  /** File, folder or URL, as the user knows it. */
  readonly file: string;
  readonly problem: string;
  readonly wayOut: string;
  readonly expected?: string;
  readonly actual?: string;
}

export class ArtifactError extends Error {
  readonly facts: ArtifactFacts;

  constructor(facts: ArtifactFacts, options?: ErrorOptions) {
    const { file, problem, wayOut, expected, actual } = facts;
    const compared =
      expected === undefined && actual === undefined
        ? ""
        : ` (expected ${expected ?? "nothing"}, found ${actual ?? "nothing"})`;
    super(`${file}: ${problem}${compared}. ${wayOut}`, options);
    this.name = new.target.name;
    this.facts = facts;
  }
}

/** A file or URL that should be there is not. */
export class ArtifactNotFoundError extends ArtifactError {}

/** The network or the disk did not answer: a retry may help. */
export class ArtifactUnreachableError extends ArtifactError {}

/** More bytes than the limit, or than the manifest says. */
export class ArtifactTooLargeError extends ArtifactError {}

/** Bytes that do not have the SHA-256 (or size) that they were announced with. */
export class ArtifactDigestError extends ArtifactError {}

/** Bytes with the right digest that are not what the format says, unsafe paths included. */
export class ArtifactFormatError extends ArtifactError {}

/** Parts of a published run that contradict each other: statement, configuration, manifest. */
export class ArtifactMismatchError extends ArtifactError {}

/** A run folder that is not in the state that an action needs, or is damaged. */
export class RunFolderError extends ArtifactError {}

/** Another process is writing to the run folder. */
export class RunLockedError extends ArtifactError {}

/** A write failed (disk full, permissions). What was finished is still there. */
export class ArtifactWriteError extends ArtifactError {}
