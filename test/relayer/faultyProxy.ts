import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  id: number;
  method: string;
  params: unknown[];
}

/**
 * What the proxy does with a call. forward; fail: an HTTP 503; hang: no answer, nor does the node see it; swallow: the node gets it, its answer is lost;
 * mute: the node gets it, no answer ever comes; error, result: an answer of its own.
 */
export type Fault =
  | "forward"
  | "fail"
  | "hang"
  | "swallow"
  | "mute"
  | { error: { code: number; message: string } }
  | { result: unknown };

export interface FaultyProxy {
  url: string;
  /** Decides for each call; "forward" at the start. */
  decide: (call: RpcCall) => Fault | Promise<Fault>;
  /** Calls that reached the node, by method. */
  forwarded: Map<string, number>;
  close(): Promise<void>;
}

/** Stands between a relayer and a real node, and has faults that a test chooses. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const forwarded = new Map<string, number>();
  const open = new Set<ServerResponse>();
  const handle = async (body: string, response: ServerResponse): Promise<void> => {
    const call = JSON.parse(body) as RpcCall;
    const fault = await proxy.decide(call);
    if (fault === "hang") return;
    if (fault === "fail") return void response.writeHead(503).end("no");
    if (typeof fault === "object") {
      const answer = { jsonrpc: "2.0", id: call.id, ...fault };
      return void response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(answer));
    }
    forwarded.set(call.method, (forwarded.get(call.method) ?? 0) + 1);
    const headers = { "content-type": "application/json" };
    const answer = await (await fetch(target, { method: "POST", headers, body })).text();
    if (fault === "mute") return;
    if (fault === "swallow") return void response.destroy();
    response.writeHead(200, headers).end(answer);
  };
  const server = createServer((request, response) => {
    open.add(response);
    response.on("close", () => open.delete(response));
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => void handle(body, response).catch(() => response.destroy()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: () => "forward",
    forwarded,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return proxy;
}
