/** A weights file that cannot be used: what is wrong with which file, and the way out. */
export class ModelFileError extends Error {
  override readonly name = "ModelFileError";
  readonly file: string;
  readonly problem: string;
  readonly wayOut: string;

  constructor(file: string, problem: string, wayOut: string, options?: ErrorOptions) {
    super(`${file}: ${problem} ${wayOut}`, options);
    this.file = file;
    this.problem = problem;
    this.wayOut = wayOut;
  }
}
