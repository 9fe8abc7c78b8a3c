import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** An answer to a GraphQL query, by what it asks for. */
export interface Answers {
  deployments: unknown;
  head: number;
  /** Rows of claims, attestations, plans and blocks; for each request. */
  rows: (table: string, variables: { where: Record<string, unknown>; limit: number }) => unknown[];
  /** Instead of all that. */
  raw?: (response: ServerResponse) => void;
}

export interface FakeIndexer {
  url: string;
  answers: Answers;
  requests: number;
  stop(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
  return text;
}

/** Answers as the indexer does, and lies as it is told to. */
export async function startFakeIndexer(answers: Answers): Promise<FakeIndexer> {
  const fake = { url: "", answers, requests: 0 };
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      fake.requests += 1;
      if (fake.answers.raw) return fake.answers.raw(response);
      const { query, variables } = JSON.parse(body) as {
        query: string;
        variables: Parameters<Answers["rows"]>[1];
      };
      const items = (table: string) => ({ items: fake.answers.rows(table, variables) });
      const table = /page: (\w+)\(/.exec(query)?.[1];
      let data: unknown = { blocks: items("blocks") };
      if (query.includes("deployments")) data = { deployments: fake.answers.deployments };
      else if (query.includes("_meta"))
        data = { _meta: { status: { chain: { block: { number: fake.answers.head } } } } };
      else if (query.includes("totalCount")) data = { plans: { totalCount: 1 } };
      else if (table) data = { page: items(table) };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  fake.url = `http://127.0.0.1:${address.port}`;
  return Object.assign(fake, {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
