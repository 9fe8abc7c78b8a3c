/** A redis-server for what needs one of its own: the queue's tests, and its benchmark. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** TRAINPROOF_REDIS_SERVER names another than that of the PATH. */
export const redisServer = (): string => process.env["TRAINPROOF_REDIS_SERVER"] ?? "redis-server";

export const NO_REDIS =
  "redis-server is missing (Debian: apt-get install redis-server; or TRAINPROOF_REDIS_SERVER)";

const answers = (): boolean =>
  spawnSync(redisServer(), ["--version"], { stdio: "ignore" }).status === 0;

/** Whether there is one, installed from Debian's package where this is a Debian and we may; its service is not started. */
export function haveRedis(say: (line: string) => void): boolean {
  if (answers()) return true;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  say("installing redis-server with apt-get");
  const apt = (...args: string[]): boolean =>
    spawnSync("apt-get", args, {
      stdio: ["ignore", 2, 2],
      timeout: 14 * 60_000,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    }).status === 0;
  const install = () => apt("install", "-y", "-qq", "--no-install-recommends", "redis-server");
  return (install() || (apt("update", "-qq") && install())) && answers();
}
