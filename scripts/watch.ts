import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import { type Address, isAddress } from "viem";
import { networks } from "../src/artifact/index.ts";
import { requireAddress, requireWallet } from "../src/registry/index.ts";
import { openDatabase, openJournal } from "../src/relayer/journal/index.ts";
import { DEFAULT_POLICY, Sender, senderContext } from "../src/relayer/sender/index.ts";
import {
  createLog,
  Health,
  RelayerMetrics,
  secretsOfKey,
  secretsOfUrls,
  startStatusServer,
} from "../src/relayer/service/index.ts";
import { verifierBuild } from "../src/relayer/index.ts";
import {
  Book,
  bookMigrations,
  checkWatchPolicy,
  DEFAULT_WATCH_POLICY as defaults,
  Watcher,
  WatchMetrics,
  type WatchPolicy,
} from "../src/relayer/watch/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { packageFile } from "./lib/package.ts";
import { main, print, verb, version, withChain } from "./lib/verb.ts";

interface Options extends ChainOptions {
  json?: boolean;
  state: string;
  reportBase?: string;
  interval: number;
  confirmations: number;
  fromBlock: number;
  workers: number;
  memory: number;
  minutes: number;
  totalMib: number;
  claimants?: Address[];
  perDay: number;
  perClaimant: number;
  tries: number;
  allow: string[];
  port: number;
  once?: boolean;
}

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,12}$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
  };
const seconds = (text: string): number => {
  const value = Number(text);
  if (value >= 0.1 && value <= 86_400) return value;
  throw new InvalidArgumentError("It is a number of seconds from 0.1 to 86400.");
};
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

export const command = withChain(
  verb(
    "watch",
    "A third party's daemon: sees new claims, verifies each from its public files, and attests the verdict; the key is TRAINPROOF_PRIVATE_KEY.",
  ),
)
  .requiredOption("--state <folder>", "what was seen, decided and sent; reports are in it, too")
  .option("--report-base <url>", "address under which others find <state>/reports")
  .option("--interval <seconds>", "between looks at the chain", seconds, 12)
  .option(
    "--confirmations <n>",
    "blocks that must hold a claim, or a verdict",
    whole(1),
    defaults.confirmations,
  )
  .option("--from-block <n>", "the first block whose claims count", whole(0), 0)
  .option("--workers <n>", "claims verified at a time, a thread each", whole(1), defaults.workers)
  .option("--memory <MiB>", "of a claim's thread", whole(16), defaults.memoryMiB)
  .option("--minutes <n>", "for a claim, fetching included", whole(1), defaults.seconds / 60)
  .option("--total-mib <n>", "of all files of a claim", whole(1), defaults.totalBytes / 2 ** 20)
  .option(
    "--claimants <addresses>",
    "verify these accounts' claims alone, between commas",
    addresses,
  )
  .option(
    "--per-day <n>",
    "verdicts within 24 hours at most: each costs gas",
    whole(1),
    defaults.perDay,
  )
  .option("--per-claimant <n>", "of them, of one claimant's claims", whole(1), defaults.perClaimant)
  .option("--tries <n>", "until a claim without verdict is left alone", whole(1), defaults.tries)
  .option(
    "--allow <network>",
    "may be asked for files, though it is not public: 10.1.0.0/16; repeatable",
    network,
    [],
  )
  .option(
    "--port <n>",
    "of /health and /metrics on 127.0.0.1; 0 takes any free one",
    whole(0),
    9465,
  )
  .option("--once", "end when no claim is left to verify and nothing on its way")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof watch --state watch --report-base https://verifier.example/reports",
  )
  .action(async (options: Options) => {
    const clients = await chainClients(options, true);
    const log = createLog({
      name: "trainproof watch",
      level: process.env["TRAINPROOF_LOG"] ?? "info",
      secrets: [
        ...secretsOfKey(process.env["TRAINPROOF_PRIVATE_KEY"]),
        ...secretsOfUrls(clients.rpcUrl),
      ],
    });
    const policy: WatchPolicy = checkWatchPolicy({
      workers: options.workers,
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
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const)
      process.once(name, () => {
        log.info({ signal: name }, "stopping");
        stop.abort(new Error("stopped"));
      });
    const reports = path.join(options.state, "reports");
    mkdirSync(reports, { recursive: true });
    const actor = requireWallet(clients).account.address;
    const owner = { chainId: clients.chainId, registry: requireAddress(clients), actor };
    const database = await openDatabase(path.join(options.state, "book.sqlite"), {
      migrations: bookMigrations,
      exclusive: true,
    });
    const book = new Book(database, owner);
    const journal = await openJournal(path.join(options.state, "journal.sqlite"));
    const counts = new RelayerMetrics();
    const health = new Health();
    const sending = { ...DEFAULT_POLICY, confirmations: options.confirmations };
    const context = senderContext({ clients, journal, policy: sending, log, metrics: counts });
    const sender = new Sender(context);
    const watcher = new Watcher(
      {
        sender: context,
        book,
        policy,
        generators: new Uint8Array(readFileSync(packageFile("data/generators.bin"))),
        reports,
        ...(options.reportBase !== undefined && { reportBase: options.reportBase }),
        verifierVersion: version,
        verifierBuild: verifierBuild(),
        metrics: new WatchMetrics(counts.registry),
        health,
        log,
      },
      sender,
      counts,
    );
    const server = await startStatusServer({
      port: options.port,
      metrics: counts.registry,
      health,
    });
    log.info({ ...owner, port: server.port, state: options.state }, "watching");
    try {
      await sender.audit(1000, stop.signal).catch((error: unknown) => {
        log.warn(
          { error: (error as Error).message },
          "what was confirmed before was not looked at",
        );
      });
      await watcher.run({
        interval: options.interval * 1000,
        fromBlock: options.fromBlock,
        signal: stop.signal,
        ...(options.once && { once: true }),
      });
    } finally {
      await server.close();
      journal.close();
      book.close();
    }
    const found = stop.signal.aborted ? "stopped" : "nothing is left to do";
    print({ json: { ended: found }, text: [found] }, options);
  });

if (import.meta.main) await main(command);
