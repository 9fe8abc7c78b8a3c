import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { Health } from "./health.ts";

export interface StatusServer {
  port: number;
  close(): Promise<void>;
}

/** A port that cannot be listened on. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/** Names of this machine in a Host header: a page that a browser here shows may not reach the server under its own name. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Serves GET /metrics (Prometheus) and GET /health (JSON; status 200 or 503) on 127.0.0.1, unless another address to listen on is given.
 * Port 0 takes any free one.
 *
 * @throws PortError where the port cannot be had
 */
export async function startStatusServer(options: {
  port: number;
  listen?: string;
  metrics: Registry;
  health: Health;
}): Promise<StatusServer> {
  const { metrics, health, listen = "127.0.0.1" } = options;
  const local = listen === "127.0.0.1";
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const end = (status: number, type: string, body: string): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (local && !loopback.test(request.headers.host ?? ""))
      end(421, "text/plain", "not this host\n");
    else if (request.method !== "GET" && request.method !== "HEAD")
      end(405, "text/plain", "only GET\n");
    else if (pathname === "/metrics") end(200, metrics.contentType, await metrics.metrics());
    else if (pathname === "/health") {
      const report = health.report();
      end(report.ok ? 200 : 503, "application/json", JSON.stringify(report) + "\n");
    } else end(404, "text/plain", "/metrics and /health are here\n");
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, listen, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    const message = `port ${options.port} of ${listen} cannot be had (${cause.code}); name another, or 0 for any free one`;
    throw new PortError(message, { cause });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new PortError("no port was given");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
