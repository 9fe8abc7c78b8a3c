import { z } from "zod";
import { RegistryError, withoutCredentials } from "../registry/index.ts";

/** How long and how much an indexer may answer. */
export const ANSWER_LIMITS = { bytes: 16 << 20, timeoutMs: 30_000 };

const name = (url: URL) => withoutCredentials(url.href);

/** An answer that no honest indexer gives, or that the chain contradicts. */
export const wrongAnswer = (url: URL, problem: string, options?: ErrorOptions) =>
  new RegistryError(
    "indexer",
    `the indexer at ${name(url)} ${problem}; use another indexer, or the node alone`,
    options,
  );

async function readBody(url: URL, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > ANSWER_LIMITS.bytes) {
      throw wrongAnswer(url, `answered with more than ${ANSWER_LIMITS.bytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function request(url: URL, init: RequestInit): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_LIMITS.timeoutMs);
  let body: string;
  let status: number;
  try {
    const response = await fetch(url, { ...init, redirect: "error", signal });
    status = response.status;
    body = await readBody(url, response);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw new RegistryError(
      "unreachable",
      signal.aborted
        ? `the indexer at ${name(url)} did not answer within ${ANSWER_LIMITS.timeoutMs / 1000} s`
        : `no indexer answers at ${name(url)}; check --indexer or TRAINPROOF_INDEXER`,
      { cause },
    );
  }
  if (status !== 200) throw wrongAnswer(url, `answered with HTTP status ${status}`);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw wrongAnswer(url, "did not answer with JSON", { cause });
  }
}

function checked<T extends z.ZodType>(url: URL, schema: T, value: unknown): z.output<T> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw wrongAnswer(url, `answered what it should not: ${issue?.path.join(".")} ${issue?.message}`);
}

const ErrorsSchema = z.object({
  errors: z.array(z.object({ message: z.string().max(2000) })).min(1),
});

/** Asks a GraphQL query; `base` is the indexer's URL. */
export async function ask<T extends z.ZodType>(
  base: URL,
  schema: T,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<z.output<T>> {
  const answer = await request(new URL("graphql", base), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const failed = ErrorsSchema.safeParse(answer);
  if (failed.success) throw wrongAnswer(base, `refused: ${failed.data.errors[0]?.message}`);
  return checked(base, schema, checked(base, z.object({ data: z.unknown() }), answer).data);
}

/** Asks for a resource. */
export const get = async <T extends z.ZodType>(
  base: URL,
  schema: T,
  path: string,
): Promise<z.output<T>> => checked(base, schema, await request(new URL(path, base), {}));
