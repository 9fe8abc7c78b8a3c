import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { packageFile } from "../../lib/package.ts";
import { redisServer } from "../../lib/redisServer.ts";
import { BenchProcessError } from "../children.ts";

/** A line of a process's log; its time in milliseconds since 1970. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly time: number;
  readonly msg: string;
};

/** A process at work, with the lines of its log. */
export class Daemon {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;
  readonly #lines: LogLine[] = [];
  #output = "";
  #stdout = "";
  #rest = "";
  #over = false;
  #changed: () => void = () => undefined;

  constructor(name: string, command: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject).once("close", (code, signal) => {
        this.#over = true;
        this.#changed();
        resolve(signal ?? code ?? "nothing");
      });
    });
    this.#ended.catch(() => undefined);
  }

  /** The log's lines with a message. */
  logged(message: string): LogLine[] {
    return this.#lines.filter(({ msg }) => msg === message);
  }

  /** Resolves once there are so many lines with a message, or the output matches; BenchProcessError where the process ends before. */
  async until(what: RegExp | string, times = 1): Promise<void> {
    const there = () =>
      typeof what === "string" ? this.logged(what).length >= times : what.test(this.#output);
    while (!there()) {
      if (this.#over) return this.#failed(await this.#ended);
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  /** Its stdout; BenchProcessError unless it ends well. */
  async end(): Promise<string> {
    const code = await this.#ended;
    if (code !== 0) this.#failed(code);
    return this.#stdout;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended.catch(() => undefined);
  }

  #failed(code: number | string): never {
    throw new BenchProcessError(`${this.#name} ended with ${code}:\n${this.#output.slice(-2000)}`);
  }

  #read(text: string): void {
    this.#output = (this.#output + text).slice(-20_000);
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines)
      if (line.startsWith('{"level"'))
        this.#lines.push(lineOf(JSON.parse(line) as Record<string, unknown>));
    this.#changed();
  }
}

const lineOf = (line: Record<string, unknown>): LogLine => ({
  ...line,
  time: Date.parse(String(line["time"])),
  msg: String(line["msg"]),
});

/** A verb of this program as a process of its own. */
export const verbDaemon = (args: readonly string[]): Daemon =>
  new Daemon(args[0]!, process.execPath, [packageFile("scripts/trainproof.mjs"), ...args]);

/** A Redis of its own, as docs/QUEUE.md wants it: with its append-only file. */
export async function startRedis(folder: string): Promise<{ daemon: Daemon; url: string }> {
  mkdirSync(folder, { recursive: true });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const daemon = new Daemon("redis-server", redisServer(), [
    ...where,
    ...["--appendonly", "yes", "--save", ""],
  ]);
  await daemon.until(/Ready to accept connections/);
  return { daemon, url: `redis://127.0.0.1:${port}` };
}
