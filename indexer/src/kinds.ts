import { startKind, verdict } from "ponder:schema";

/** The word for a number of an event; an unknown one stops the indexer, rather than be stored as another. */
function wordOf<T extends string>(words: readonly T[], index: number, what: string): T {
  const word = words[index];
  if (word === undefined) throw new Error(`${index} is no ${what}`);
  return word;
}

export const startKindOf = (index: number) => wordOf(startKind.enumValues, index, "kind of start");

/** The contract counts verdicts from 1; 0 is none. */
export const verdictOf = (index: number) => wordOf(verdict.enumValues, index - 1, "verdict");
