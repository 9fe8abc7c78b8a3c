import type { z } from "zod";

/** One thing wrong with a plan. */
export interface PlanIssue {
  /** Field path, as in fixedPoint.R or widths[2]. */
  readonly field: string;
  readonly problem: string;
  readonly wayOut: string;
}

/** A plan that cannot be run: every issue found, each with field, value, limit and way out. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly file: string;
  readonly issues: readonly PlanIssue[];

  constructor(file: string, issues: readonly PlanIssue[], options?: ErrorOptions) {
    const lines = issues.map(({ field, problem, wayOut }) =>
      `${field ? `${field}: ` : ""}${problem} ${wayOut}`.trim(),
    );
    super(
      lines.length === 1 ? `${file}: ${lines[0]!}` : [`${file}:`, ...lines].join("\n  "),
      options,
    );
    this.file = file;
    this.issues = issues;
  }
}

export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key),
    "",
  );
}

/** A value as an error shows it: short, and "missing" for undefined. */
export function show(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Levenshtein distance, for short names. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length]!;
}

/** The known name nearest to an unknown one, if any is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => ({
    candidate,
    score: distance(name.toLowerCase().slice(0, 40), candidate.toLowerCase()),
  }));
  scored.sort((a, b) => a.score - b.score);
  const best = scored[0];
  return best && best.score <= 1 + Math.floor(name.length / 4) ? best.candidate : undefined;
}

/** What the walk over a zod schema needs of its definition. */
interface SchemaNode {
  readonly description?: string;
  readonly def: {
    readonly type: string;
    readonly innerType?: SchemaNode;
    readonly shape?: Readonly<Record<string, SchemaNode>>;
    readonly element?: SchemaNode;
    readonly options?: readonly SchemaNode[];
    readonly discriminator?: string;
    readonly values?: readonly unknown[];
  };
}

/** The schema of a field, through wrappers and the option of a union that the value names. */
function schemaAt(root: z.ZodType, path: readonly PropertyKey[], value: unknown) {
  let node: SchemaNode | undefined = root;
  let description = node.description;
  let at: unknown = value;
  const unwrap = () => {
    while (node) {
      description = node.description ?? description;
      const { def }: SchemaNode = node;
      if (def.innerType) node = def.innerType;
      else if (def.discriminator !== undefined && def.options) {
        const named = (at as Record<string, unknown> | undefined)?.[def.discriminator];
        const option: SchemaNode | undefined = def.options.find((candidate) =>
          candidate.def.shape?.[def.discriminator!]?.def.values?.includes(named),
        );
        if (!option) break;
        node = option;
      } else break;
    }
  };
  unwrap();
  for (const key of path) {
    node = typeof key === "number" ? node?.def.element : node?.def.shape?.[String(key)];
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
    unwrap();
  }
  return { keys: Object.keys(node?.def.shape ?? {}), description };
}

/** Zod's issues as plan issues: path, value, limit, and what the field is for. */
export function planIssues(schema: z.ZodType, value: unknown, error: z.ZodError): PlanIssue[] {
  return error.issues.flatMap((issue): PlanIssue[] => {
    const at = issue.path.reduce<unknown>(
      (outer, key) => (outer as Record<PropertyKey, unknown> | undefined)?.[key],
      value,
    );
    const { keys, description } = schemaAt(schema, issue.path, value);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const guess = nearest(key, keys);
        return {
          field: fieldPath([...issue.path, key]),
          problem: "unknown field.",
          wayOut: guess ? `Did you mean "${guess}"?` : `Known: ${keys.join(", ")}.`,
        };
      });
    const field = fieldPath(issue.path);
    const wayOut = description ?? "docs/CONFIG.md describes every field.";
    if (at === undefined && issue.path.length > 0)
      return [{ field, problem: "is missing.", wayOut }];
    return [{ field, problem: `${show(at)}: ${limitOf(issue)}.`, wayOut }];
  });
}

function limitOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `must be at most ${issue.maximum}${issue.origin === "array" ? " entries" : ""}`;
    case "too_small":
      return `must be at least ${issue.minimum}${issue.origin === "array" ? " entries" : ""}`;
    case "invalid_type":
      return `must be ${issue.expected === "int" ? "an integer" : `of type ${issue.expected}`}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => show(value)).join(" or ")}`;
    case "invalid_union": {
      const options =
        "options" in issue && Array.isArray(issue.options) ? issue.options : undefined;
      if (options) return `must be one of ${options.map(show).join(", ")}`;
      const inner = issue.errors.flat().map(limitOf);
      return inner.length > 0
        ? [...new Set(inner)].join(" or ").replaceAll(" or must be ", " or ")
        : "has no form that is known";
    }
    default:
      return issue.message;
  }
}
