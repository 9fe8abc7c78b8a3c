/** true where two types are the same, false otherwise; any and never are only themselves. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where its argument is true. */
export type Expect<T extends true> = T;

/** The tests' own test: what must be unequal. */
export type Unequal = [
  // @ts-expect-error they differ
  Expect<Equal<string, number>>,
  // @ts-expect-error any is not unknown
  Expect<Equal<any, unknown>>, // eslint-disable-line @typescript-eslint/no-explicit-any
  // @ts-expect-error optional is not required
  Expect<Equal<{ a?: 1 }, { a: 1 }>>,
];
