/** What a data error says: the thing, the limit and the way out. */
export interface DataErrorFacts {
  /** The file as the caller named it. */
  readonly file: string;
  readonly problem: string;
  readonly wayOut: string;
  /** Sample index, from 0. */
  readonly row?: number;
  /** Column index from 0, or its name. */
  readonly column?: number | string;
}

/** A data set that cannot be used; the subclasses say in which way. */
export class DataError extends Error {
  readonly facts: DataErrorFacts;

  constructor(facts: DataErrorFacts, options?: ErrorOptions) {
    const place = [
      facts.row === undefined ? [] : [`row ${facts.row}`],
      facts.column === undefined
        ? []
        : [`column ${typeof facts.column === "string" ? `"${facts.column}"` : facts.column}`],
    ].flat();
    const where = place.length > 0 ? `, ${place.join(", ")}` : "";
    super(`${facts.file}${where}: ${facts.problem} ${facts.wayOut}`, options);
    this.name = new.target.name;
    this.facts = facts;
  }
}

/** The file is absent or cannot be read. */
export class DataFileError extends DataError {}

/** The bytes are not a file of the format that was named, or exceed a size limit. */
export class DataFormatError extends DataError {}

/** Files or settings that do not fit each other: counts, widths, columns. */
export class DataMismatchError extends DataError {}

/** A value that the fixed-point digits cannot hold (PROTOCOL §4: 0 ≤ x + x_0 < 2^b). */
export class DataRangeError extends DataError {}
