import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { program, type VerbResult } from "../../e2e/verbs.ts";

const redisServer = process.env["TRAINPROOF_REDIS_SERVER"] ?? "redis-server";

/** A process whose lines the tests wait for. */
export class Watched {
  readonly child: ChildProcess;
  readonly ended: Promise<VerbResult>;
  #output = "";
  #stdout = "";
  #over = false;
  readonly #listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], env: Record<string, string>, cwd?: string) {
    this.child = spawn(command, args, {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const read = (stdout: boolean) => (text: string) => {
      this.#output += text;
      if (stdout) this.#stdout += text;
      for (const listener of [...this.#listeners]) listener();
    };
    this.child.stdout!.setEncoding("utf8").on("data", read(true));
    this.child.stderr!.setEncoding("utf8").on("data", read(false));
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject).once("close", (code) => {
        this.#over = true;
        for (const listener of [...this.#listeners]) listener();
        resolve({ code, stdout: this.#stdout, stderr: this.#output });
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves once the output has it so many times. Rejects when the process ends, or after a minute, without. */
  saw(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern, "g");
    return new Promise((resolve, reject) => {
      const done = (error?: string) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        if (error === undefined) resolve();
        else reject(new Error(`${error} without ${pattern}:\n${this.#output.slice(-3000)}`));
      };
      const look = () => {
        if ([...this.#output.matchAll(all)].length >= times) done();
        else if (this.#over) done("the process ended");
      };
      const timer = setTimeout(() => done("a minute passed"), 60_000);
      this.#listeners.add(look);
      look();
    });
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<VerbResult> {
    this.child.kill(signal);
    return this.ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Redis of its own, which can be killed and started again with what is on its disk. */
export class RedisServer {
  readonly folder: string;
  readonly port: number;
  readonly #aof: boolean;
  #process: Watched | undefined;

  private constructor(folder: string, port: number, aof: boolean) {
    this.folder = folder;
    this.port = port;
    this.#aof = aof;
  }

  static async start(folder: string, { aof = true } = {}): Promise<RedisServer> {
    mkdirSync(folder, { recursive: true });
    const server = new RedisServer(folder, await freePort(), aof);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#process = new Watched(
      redisServer,
      [
        ...["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.folder],
        ...["--appendonly", this.#aof ? "yes" : "no", "--appendfsync", "always", "--save", ""],
      ],
      {},
    );
    await this.#process.saw(/Ready to accept connections/);
  }

  async kill(): Promise<void> {
    await this.#process?.kill("SIGKILL");
  }
}

/** Runs a script of this folder as a process of its own. */
export const script = (name: string, args: readonly string[]): Watched =>
  new Watched(process.execPath, [path.join(import.meta.dirname, name), ...args], {});

export const verb = (args: readonly string[], env: Record<string, string> = {}): Watched =>
  new Watched(process.execPath, [program, ...args], env);

/** Waits for a file, a minute at most. */
export async function appears(file: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (existsSync(file)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${file} did not appear`);
}
