/** No plan could be proposed: the message says what was tried, and the way out. */
export class ProposalError extends Error {
  override readonly name = "ProposalError";
}
