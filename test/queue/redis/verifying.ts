import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { createKeyFile } from "../../../src/queue/index.ts";
import { RedisServer, verb, type Watched } from "./processes.ts";

/** A store, a key and a Redis, and the processes that verify by them. */
export class VerifierSite {
  readonly folder: string;
  readonly store: string;
  readonly key: string;
  redis!: RedisServer;
  readonly #processes: Watched[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.store = path.join(folder, "store");
    this.key = path.join(folder, "verifier.key");
    mkdirSync(this.store, { recursive: true });
  }

  async begin(): Promise<this> {
    createKeyFile(this.key, `0x${"ab".repeat(32)}`);
    this.redis = await RedisServer.start(path.join(this.folder, "redis"));
    return this;
  }

  worker(name: string, { url = this.redis.url, key = this.key, lease = 1 } = {}): Watched {
    const where = ["--queue", url, "--store", this.store, "--key-file", key];
    return this.with(
      verb(["worker", "--verify", ...where, "--lease", String(lease), "--name", name]),
    );
  }

  verifier(run: string, more: readonly string[] = []): Watched {
    const where = ["--queue", this.redis.url, "--store", this.store, "--key-file", this.key];
    return this.with(verb(["verify", run, "--json", "--log-level", "info", ...where, ...more]));
  }

  with(process: Watched): Watched {
    this.#processes.push(process);
    return process;
  }

  /** Files of the store. */
  stored(): string[] {
    return readdirSync(this.store).flatMap((folder) =>
      readdirSync(path.join(this.store, folder)).map((name) => path.join(this.store, folder, name)),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill("SIGKILL")));
    await this.redis.kill();
  }
}
