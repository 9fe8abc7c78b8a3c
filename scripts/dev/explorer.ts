/** `npm run explorer`: builds the explorer and serves it on this machine (docs/EXPLORER.md). */
import { InvalidArgumentError, Option } from "commander";
import { isAddress } from "viem";
import { build } from "vite";
import path from "node:path";
import { serveSite } from "../../explorer/server/serve.ts";
import { interruptible, main, UsageError, verb } from "../lib/verb.ts";

interface ExplorerOptions {
  rpc: string;
  registry: string;
  disputes?: string;
  port: number;
  host: string;
}

const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new InvalidArgumentError("It is a number from 0 to 65535.");
};

export const command = verb("explorer", "Build the explorer and serve it on this machine.")
  .addOption(
    new Option(
      "--rpc <url>",
      "JSON-RPC endpoint that the pages ask, unless their reader sets another",
    )
      .env("TRAINPROOF_RPC_URL")
      .default("http://127.0.0.1:8545", "the chain of trainproof demo --explore"),
  )
  .addOption(
    new Option("--registry <address>", "address of the registry")
      .env("TRAINPROOF_REGISTRY")
      .default("0x5FbDB2315678afecb367f032d93F642f64180aa3", "the demo's"),
  )
  .addOption(
    new Option("--disputes <address>", "address of the dispute contract, to show bonds").env(
      "TRAINPROOF_DISPUTES",
    ),
  )
  .option("--port <n>", "port to serve on; 0: any", port, 4180)
  .option("--host <address>", "address to serve on", "127.0.0.1")
  .action(async ({ rpc, registry, disputes, ...place }: ExplorerOptions) => {
    if (!/^https?:\/\/./.test(rpc)) throw new UsageError("--rpc is not an http(s) URL");
    if (!isAddress(registry, { strict: false }))
      throw new UsageError("--registry is not 0x and 40 hex digits");
    if (disputes !== undefined && !isAddress(disputes, { strict: false }))
      throw new UsageError("--disputes is not 0x and 40 hex digits");
    const configFile = path.resolve(import.meta.dirname, "../../explorer/vite.config.ts");
    await build({ configFile, logLevel: "warn" });
    const signal = interruptible();
    const site = await serveSite(
      { rpcUrl: rpc, registry, ...(disputes !== undefined && { disputes }) },
      place,
    ).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
      throw new UsageError(`port ${place.port} is in use; name another with --port`, { cause });
    });
    console.log(`The explorer is at ${site.url} (Ctrl-C ends it).`);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await site.stop();
  });

await main(command);
