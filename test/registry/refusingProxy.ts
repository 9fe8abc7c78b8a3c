import http from "node:http";

/** What a public node refuses. */
export interface Refusals {
  /** Most blocks of an eth_getLogs. */
  blocks: bigint;
  /** Answers with HTTP 429 to so many of the next requests for logs. */
  busy?: number;
}

interface Request {
  id: number;
  method: string;
  params: { fromBlock: string; toBlock: string }[];
}

export interface RefusingProxy {
  rpcUrl: string;
  refusals: Refusals;
  /** Block ranges of the requests for logs that were answered, and of those that were refused. */
  answered: [bigint, bigint][];
  refused: [bigint, bigint][];
  stop(): Promise<void>;
}

/** Passes everything on to a node, but refuses logs of more blocks than it likes, as public nodes do. */
export async function startRefusingProxy(node: string, refusals: Refusals): Promise<RefusingProxy> {
  const answered: [bigint, bigint][] = [];
  const refused: [bigint, bigint][] = [];
  const server = http.createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString("utf8");
      const { id, method, params } = JSON.parse(body) as Request;
      response.setHeader("content-type", "application/json");
      if (method === "eth_getLogs") {
        const [from, to] = [BigInt(params[0]!.fromBlock), BigInt(params[0]!.toBlock)];
        if (refusals.busy !== undefined && refusals.busy > 0) {
          refusals.busy--;
          response.writeHead(429).end("too many requests");
          return;
        }
        if (to - from + 1n > refusals.blocks) {
          refused.push([from, to]);
          const error = { code: -32000, message: `block range exceeds ${refusals.blocks}` };
          response.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
          return;
        }
        answered.push([from, to]);
      }
      const answer = await fetch(node, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    rpcUrl: `http://127.0.0.1:${address.port}`,
    refusals,
    answered,
    refused,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
