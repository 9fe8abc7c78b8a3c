import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";

const program = path.resolve(import.meta.dirname, "../start.ts");

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

export interface IndexerProcess {
  url: string;
  output(): string;
  /** Asks it to end and waits; the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts the indexer as its users do; nothing of this process's environment gets through but PATH and HOME. */
export function spawnIndexer(
  env: Record<string, string>,
  args: string[] = [],
): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", (code) => {
      process.off("exit", kill);
      resolve(code);
    });
  });
  return { child, output: () => text, ended };
}

/** Starts the indexer and waits until it has indexed what there is. */
export async function startIndexer(env: Record<string, string>): Promise<IndexerProcess> {
  const port = await freePort();
  const { child, output, ended } = spawnIndexer(env, ["--port", String(port)]);
  const url = `http://127.0.0.1:${port}`;
  let gone = false;
  void ended.then(() => (gone = true));
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (gone || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`the indexer did not get ready:\n${output()}`);
    }
    const ready = await fetch(`${url}/ready`).catch(() => undefined);
    if (ready?.status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    output,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}
