import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import { parseGwei } from "viem";
import { requireWallet } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { asUsage, daemonParts, logLevel, seconds } from "./lib/daemon.ts";
import { packageFile } from "./lib/package.ts";
import {
  exitCodes,
  interruptible,
  main,
  print,
  threadCount,
  UsageError,
  verb,
  version,
  wholeNumber,
  withChain,
} from "./lib/verb.ts";

interface RelayVerbOptions extends ChainOptions {
  json?: boolean;
  journal?: string;
  uri?: string;
  attest?: boolean;
  reports?: string;
  reportUri?: string;
  threads?: number;
  plan: boolean;
  draw: boolean;
  confirmations: number;
  interval: number;
  stuckBlocks: number;
  stuckSeconds: number;
  bumpPercent: number;
  maxFee?: bigint;
  port: number;
  logLevel: string;
  retryFailed?: boolean;
  once?: boolean;
}

function gwei(text: string): bigint {
  if (/^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(text) && parseGwei(text) > 0n) return parseGwei(text);
  throw new InvalidArgumentError("It is an amount in gwei, such as 30 or 0.5.");
}

export const command = withChain(
  verb(
    "relay",
    "Watch a folder and post its announcements, claims and own verdicts, each once, whatever happens in between; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .argument("<folder>", "folder of run folders and folders of trainproof announce")
  .option("--journal <file>", "what was meant and sent (default: relay.sqlite in the folder)")
  .option("--uri <template>", "where others find a run's manifest; {run} is its folder's name")
  .option("--attest", "verify the account's own claims once they are final, and attest them")
  .option("--reports <folder>", "folder for reports (default: reports beside the journal)")
  .option("--report-uri <template>", "where others find a report; {report} is its file's name")
  .option("--threads <n>", "verify so many segments at a time (default: one a core)", threadCount)
  .option("--no-plan", "do not name the announced plans that runs fulfil")
  .option("--no-draw", "do not draw the seeds of announced plans")
  .option("--confirmations <n>", "blocks that make a transaction final", wholeNumber(1, 10_000), 12)
  .option("--interval <seconds>", "time between looks at the chain and the folder", seconds, 4)
  .option("--stuck-blocks <n>", "raise fees after so many blocks", wholeNumber(1, 10_000), 10)
  .option("--stuck-seconds <s>", "or after so many seconds and a block", seconds, 180)
  .option("--bump-percent <n>", "raise both fees by so much", wholeNumber(10, 1000), 15)
  .option("--max-fee <gwei>", "never offer more for a unit of gas", gwei)
  .option("--rpc-timeout <ms>", "time for one answer of a node", wholeNumber(10, 600_000))
  .option("--port <n>", "/metrics and /health on 127.0.0.1; 0: any", wholeNumber(0, 65_535), 9464)
  .addOption(logLevel())
  .option("--retry-failed", "try what failed in earlier runs again, once, at the start")
  .option("--once", "end when nothing is left to do")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof relay runs --uri https://example.org/{run}/manifest.json --attest\n\nStops on SIGINT and SIGTERM; the journal keeps what is open. See docs/RELAY.md.",
  )
  .action(async (folder: string, options: RelayVerbOptions) => {
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new UsageError(`${folder} is no folder; name the one that holds the runs`);
    const signal = interruptible();
    const clients = await chainClients(options, true);
    requireWallet(clients);
    const { openJournal } = await import("../src/relayer/journal/index.ts");
    const { DEFAULT_POLICY } = await import("../src/relayer/sender/index.ts");
    const { startStatusServer } = await import("../src/relayer/service/index.ts");
    const { relay } = await import("../src/relayer/relay/index.ts");
    const { logLevel: level } = options;
    const { log, metrics, health } = await daemonParts("trainproof-relay", level, clients.rpcUrl);
    const file = path.resolve(options.journal ?? path.join(folder, "relay.sqlite"));
    const journal = await openJournal(file).catch(asUsage);
    try {
      const serving = { port: options.port, metrics: metrics.registry, health };
      const server = await startStatusServer(serving).catch(asUsage);
      log.info({ url: `http://127.0.0.1:${server.port}` }, "/metrics and /health are here");
      const { confirmations, stuckBlocks, stuckSeconds, bumpPercent, maxFee } = options;
      const summary = await relay({
        plan: {
          folder: path.resolve(folder),
          draw: options.draw,
          plans: options.plan,
          ...(options.uri !== undefined && { uri: options.uri }),
          ...(options.attest === true && { attest: ownVerdicts(options, file) }),
        },
        clients,
        journal,
        policy: {
          ...DEFAULT_POLICY,
          ...{ confirmations, stuckBlocks, stuckSeconds, bumpPercent },
          ...(maxFee !== undefined && { maxFeePerGas: maxFee }),
        },
        log,
        interval: 1000 * options.interval,
        once: options.once === true,
        retryFailed: options.retryFailed === true,
        ...{ metrics, health, signal },
      }).finally(() => server.close());
      const failed = summary.intents.filter(({ state }) => state === "failed").length;
      const { done, open, unusable } = summary.folders;
      const lines = summary.intents.map(({ kind, state, count }) => `  ${count} ${kind} ${state}`);
      const code = failed > 0 ? exitCodes.chain : unusable > 0 ? exitCodes.invalid : exitCodes.ok;
      print(
        {
          json: { journal: file, ...summary },
          text: [`folders: ${done} done, ${open} open, ${unusable} unusable`, ...lines],
          code: options.once === true ? code : exitCodes.ok,
        },
        options,
      );
    } finally {
      journal.close();
    }
    // A node that never answers must not hold up the end; everything is on the disk.
    setTimeout(() => process.exit(), 100).unref();
  });

function ownVerdicts(options: RelayVerbOptions, journal: string) {
  const { reports, reportUri, threads } = options;
  return {
    generators: new Uint8Array(readFileSync(packageFile("data/generators.bin"))),
    verifierVersion: version,
    reports: path.resolve(reports ?? path.join(path.dirname(journal), "reports")),
    ...(reportUri !== undefined && { uri: reportUri }),
    ...(threads !== undefined && { threads }),
  };
}

if (import.meta.main) await main(command);
