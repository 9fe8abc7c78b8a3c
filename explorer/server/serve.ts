import { createServer } from "node:http";
import path from "node:path";
import sirv from "sirv";
import { headersFor } from "./policy.ts";

/** Where `npm run build:explorer` leaves the site. */
export const siteFolder = path.resolve(import.meta.dirname, "../../build/explorer");

/** What the site is told by its host; config.json, where it is served otherwise. */
export interface SiteConfig {
  rpcUrl: string;
  registry: string;
  /** The contract of disputes about it, if there is one. */
  disputes?: string;
}

export interface SiteServer {
  url: string;
  stop(): Promise<void>;
}

/** Serves the built site with its policy. Errors: Node's, a port in use for one. */
export async function serveSite(
  config: SiteConfig,
  { host = "127.0.0.1", port = 0 }: { host?: string; port?: number } = {},
): Promise<SiteServer> {
  const files = sirv(siteFolder, {
    setHeaders: (response, pathname) => {
      for (const [name, value] of Object.entries(headersFor(pathname)))
        response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => {
    if (request.url === "/config.json") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(config));
      return;
    }
    files(request, response, () => {
      response.statusCode = 404;
      response.end("not found\n");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://${host}:${address.port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
