import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import { type Address, isAddress } from "viem";
import { networks } from "../src/artifact/index.ts";
import { requireAddress, requireWallet } from "../src/registry/index.ts";
import type { Elsewhere } from "../src/relayer/watch/claimWorker.ts";
import { checkWatchPolicy, DEFAULT_WATCH_POLICY as defaults } from "../src/relayer/watch/policy.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { asUsage, daemonParts, logLevel, seconds } from "./lib/daemon.ts";
import { packageFile } from "./lib/package.ts";
import type { QueueOptions } from "./lib/queue.ts";
import { queueVerification, USUAL, withVerifyingQueue } from "./lib/verifyByQueue.ts";
import { interruptible, main, print, verb, version, wholeNumber, withChain } from "./lib/verb.ts";

interface Options extends ChainOptions, QueueOptions {
  json?: boolean;
  store?: string;
  keyFile?: string;
  state: string;
  reportBase?: string;
  interval: number;
  confirmations: number;
  fromBlock: number;
  workers: number;
  sample?: number;
  threads: number;
  memory: number;
  minutes: number;
  totalMib: number;
  claimants?: Address[];
  perDay: number;
  perClaimant: number;
  tries: number;
  allow: string[];
  port: number;
  logLevel: string;
  once?: boolean;
}

const addresses = (text: string): Address[] =>
  text.split(",").map((address) => {
    if (isAddress(address)) return address;
    throw new InvalidArgumentError(`${address} is no address: 0x and 40 hex digits.`);
  });
const network = (text: string, former: string[]): string[] => {
  try {
    networks([text]);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return [...former, text];
};

/** What a claim's thread needs to have its segments verified by the workers of a queue. */
async function byQueue(options: Options): Promise<Elsewhere> {
  const { segmentVerifierModule: module } = await import("../src/queue/index.ts");
  const where = await queueVerification({ ...options, ...USUAL });
  const store = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  return { module, options: where, env: Object.fromEntries(store) as Record<string, string> };
}

export const command = withVerifyingQueue(
  withChain(
    verb(
      "watch",
      "A third party's daemon: sees new claims, verifies each from its public files, and attests the verdict; the key is TRAINPROOF_PRIVATE_KEY.",
    ),
  ),
)
  .requiredOption("--state <folder>", "what was seen, decided and sent; reports are in it, too")
  .option("--report-base <url>", "address under which others find <state>/reports")
  .option("--interval <seconds>", "between looks at the chain", seconds, 12)
  .option(
    "--confirmations <n>",
    "blocks that must hold a claim, or a verdict",
    wholeNumber(1),
    defaults.confirmations,
  )
  .option("--from-block <n>", "the first block whose claims count", wholeNumber(0), 0)
  .option(
    "--workers <n>",
    "claims verified at a time, a thread each",
    wholeNumber(1),
    defaults.workers,
  )
  .option(
    "--threads <n>",
    "segments of a claim verified at a time, a thread each",
    wholeNumber(1, 1024),
    defaults.threads,
  )
  .option(
    "--sample <k>",
    "verify k segments of a claim alone, drawn by the chain: the verdict is sampled, not valid",
    wholeNumber(1, 1_000_000),
  )
  .option("--memory <MiB>", "of a thread", wholeNumber(16), defaults.memoryMiB)
  .option("--minutes <n>", "for a claim, fetching included", wholeNumber(1), defaults.seconds / 60)
  .option(
    "--total-mib <n>",
    "of all files of a claim",
    wholeNumber(1),
    defaults.totalBytes / 2 ** 20,
  )
  .option(
    "--claimants <addresses>",
    "verify these accounts' claims alone, between commas",
    addresses,
  )
  .option(
    "--per-day <n>",
    "verdicts within 24 hours at most: each costs gas",
    wholeNumber(1),
    defaults.perDay,
  )
  .option(
    "--per-claimant <n>",
    "of them, of one claimant's claims",
    wholeNumber(1),
    defaults.perClaimant,
  )
  .option(
    "--tries <n>",
    "until a claim without verdict is left alone",
    wholeNumber(1),
    defaults.tries,
  )
  .option(
    "--allow <network>",
    "may be asked for files, though it is not public: 10.1.0.0/16; repeatable",
    network,
    [],
  )
  .option(
    "--port <n>",
    "of /health and /metrics on 127.0.0.1; 0 takes any free one",
    wholeNumber(0, 65_535),
    9465,
  )
  .addOption(logLevel())
  .option("--once", "end when no claim is left to verify and nothing on its way")
  .addHelpText(
    "after",
    "\nExamples:\n  trainproof watch --state watch --report-base https://verifier.example/reports\n  trainproof watch --state watch --queue redis://127.0.0.1 --store /mnt/shared --key-file verifier.key\n\nWith --queue the segments are verified by `trainproof worker --verify` processes (docs/QUEUE.md).",
  )
  .action(async (options: Options) => {
    const clients = await chainClients(options, true);
    const actor = requireWallet(clients).account.address;
    const policy = checkWatchPolicy({
      workers: options.workers,
      ...(options.sample !== undefined && { sample: options.sample }),
      threads: options.threads,
      memoryMiB: options.memory,
      seconds: options.minutes * 60,
      totalBytes: options.totalMib * 2 ** 20,
      fileBytes: options.totalMib * 2 ** 20,
      ...(options.claimants && { claimants: options.claimants }),
      perDay: options.perDay,
      perClaimant: options.perClaimant,
      allowedNetworks: options.allow,
      tries: options.tries,
      confirmations: options.confirmations,
    });
    const signal = interruptible();
    const { openDatabase, openJournal } = await import("../src/relayer/journal/index.ts");
    const { DEFAULT_POLICY, Sender, senderContext } =
      await import("../src/relayer/sender/index.ts");
    const { startStatusServer } = await import("../src/relayer/service/index.ts");
    const { Book, bookMigrations, Watcher, WatchMetrics } =
      await import("../src/relayer/watch/index.ts");
    const { verifierBuild } = await import("../src/relayer/index.ts");
    const { logLevel: level } = options;
    const { log, metrics, health } = await daemonParts("trainproof-watch", level, clients.rpcUrl);
    signal.addEventListener("abort", () => log.info("stopping"), { once: true });
    const queued = options.keyFile !== undefined || command.getOptionValueSource("queue") === "cli";
    const elsewhere = queued ? await byQueue(options) : undefined;
    const owner = { chainId: clients.chainId, registry: requireAddress(clients), actor };
    const reports = path.join(options.state, "reports");
    mkdirSync(reports, { recursive: true });
    const file = path.join(options.state, "book.sqlite");
    const database = await openDatabase(file, {
      migrations: bookMigrations,
      exclusive: true,
    }).catch(asUsage);
    try {
      const book = new Book(database, owner);
      const journal = await openJournal(path.join(options.state, "journal.sqlite"));
      try {
        const sending = { ...DEFAULT_POLICY, confirmations: options.confirmations };
        const context = senderContext({ clients, journal, policy: sending, log, metrics });
        const sender = new Sender(context);
        const watcher = new Watcher(
          {
            sender: context,
            book,
            policy,
            generators: new Uint8Array(readFileSync(packageFile("data/generators.bin"))),
            ...(elsewhere && { elsewhere }),
            reports,
            ...(options.reportBase !== undefined && { reportBase: options.reportBase }),
            verifierVersion: version,
            verifierBuild: verifierBuild(),
            metrics: new WatchMetrics(metrics.registry),
            health,
            log,
          },
          sender,
          metrics,
        );
        const serving = { port: options.port, metrics: metrics.registry, health };
        const server = await startStatusServer(serving);
        log.info({ ...owner, port: server.port, state: options.state }, "watching");
        try {
          await sender.audit(undefined, signal).catch((error: unknown) => {
            const facts = { error: error instanceof Error ? error.message : String(error) };
            log.warn(facts, "what was confirmed before was not looked at");
          });
          await watcher.run({
            interval: options.interval * 1000,
            fromBlock: options.fromBlock,
            signal,
            ...(options.once && { once: true }),
          });
        } finally {
          await server.close();
        }
      } finally {
        journal.close();
      }
    } catch (error) {
      asUsage(error);
    } finally {
      database.close();
    }
    const found = signal.aborted ? "stopped" : "nothing is left to do";
    print({ json: { ended: found }, text: [found] }, options);
  });

if (import.meta.main) await main(command);
