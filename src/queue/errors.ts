/**
 * What can go wrong between a trainer and its workers. Messages name the object, the limit and the way out, never a key, a password or
 * content.
 */
export class QueueError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A key file that is missing, unsafe or malformed. */
export class KeyFileError extends QueueError {}

/** The store cannot be used as it is named. */
export class StoreUsageError extends QueueError {}

/** The store does not answer or refuses: a retry may help. `full` tells a full disk or quota. */
export class StoreUnavailableError extends QueueError {
  readonly full: boolean;

  constructor(message: string, full: boolean, options?: ErrorOptions) {
    super(message, options);
    this.full = full;
  }
}

/** An object is not there. */
export class ObjectMissingError extends QueueError {}

/** An object is not what was put there: another digest, or not made with this run's key for this place. */
export class ObjectDamagedError extends QueueError {}

/** Another trainer has the run. */
export class TrainerLockError extends QueueError {}

/** One try to have a segment proven: who, and why it failed. */
export interface FailedTry {
  readonly worker: string;
  readonly reason: string;
}

/** A segment failed as often as allowed; what else is finished is kept. */
export class SegmentFailedError extends QueueError {
  readonly segment: number;
  readonly tries: readonly FailedTry[];

  constructor(segment: number, tries: readonly FailedTry[]) {
    const list = tries.map(({ worker, reason }) => `${worker}: ${reason}`).join("\n  ");
    super(
      `segment ${segment} failed ${tries.length} times; the rest is kept, and the run goes on when it is started again:\n  ${list}`,
    );
    this.segment = segment;
    this.tries = tries;
  }
}

/** A proof was accepted without being verified, is in the run's finished part, and does not hold. */
export class FinishedProofError extends QueueError {
  readonly segment: number;

  constructor(segment: number, worker: string, fault: string) {
    super(
      `segment ${segment} is finished with a proof by ${worker} that does not hold (${fault}): it was accepted without being verified, as --check allows. ` +
        `The weights that it started from are gone, so this run cannot be mended: prove the plan again in a new folder, with --check 1 or without ${worker}`,
    );
    this.segment = segment;
  }
}

/** A segment could not be verified as often as was tried: there is no verdict. */
export class VerificationFailedError extends QueueError {
  readonly segment: number;

  constructor(segment: number, tries: readonly FailedTry[]) {
    const list = tries.map(({ worker, reason }) => `${worker}: ${reason}`).join("\n  ");
    super(
      `no verdict: verifying segment ${segment} failed ${tries.length} times; without --queue this machine verifies it:\n  ${list}`,
    );
    this.segment = segment;
  }
}
