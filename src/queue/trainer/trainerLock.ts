import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { TrainerLockError } from "../errors.ts";
import { KEY_PREFIX } from "../jobQueue.ts";

/** Milliseconds that a trainer may be silent until another may take its run. */
const LEASE = 60_000;

interface Holder {
  readonly host: string;
  readonly folder: string;
  readonly id: string;
}

/** Deletes or extends the key where it still has our value: one step, so that nobody else's is touched. */
const RELEASE = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;
const EXTEND = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end
  if redis.call("exists", KEYS[1]) == 0 then redis.call("set", KEYS[1], ARGV[1], "PX", ARGV[2]) return 1 end return 0`;

/**
 * Keeps a second trainer, of a copy of the run folder on another machine, from a run. The folder's own lock (docs/FILES.md) keeps out those of
 * this folder: who has that lock may take over what a killed trainer of the same folder left here.
 *
 * @param onLost - another trainer has the run by now, because this one was cut off for too long
 * @throws TrainerLockError
 */
export async function lockRun(
  redis: Redis,
  run: { readonly runId: string; readonly folder: string },
  onLost: (error: TrainerLockError) => void,
): Promise<{ release(): Promise<void> }> {
  const key = `${KEY_PREFIX}:trainer:${run.runId.slice(2)}`;
  const id = randomBytes(8).toString("hex");
  const holder: Holder = { host: hostname(), folder: run.folder, id };
  const value = JSON.stringify(holder);
  const taken = (found: string | null) => {
    const { host = "a host", folder = "a folder" } = parse(found) ?? {};
    return new TrainerLockError(
      `a trainer on ${host} has this run in ${folder}; wait for it or stop it. If it is gone, its claim ends after ${LEASE / 1000} s`,
    );
  };
  if ((await redis.set(key, value, "PX", LEASE, "NX")) === null) {
    const found = await redis.get(key);
    const other = parse(found);
    const ours = other?.host === holder.host && other.folder === holder.folder;
    if (!ours && found !== null) throw taken(found);
    await redis.set(key, value, "PX", LEASE);
  }
  const timer = setInterval(() => {
    redis
      .eval(EXTEND, 1, key, value, LEASE)
      .then(async (kept) => {
        if (kept === 1) return;
        clearInterval(timer);
        onLost(taken(await redis.get(key)));
      })
      .catch(() => undefined); // Redis does not answer: what waits for it says so
  }, LEASE / 4);
  return {
    async release() {
      clearInterval(timer);
      await redis.eval(RELEASE, 1, key, value).catch(() => undefined);
    },
  };
}

function parse(text: string | null): Partial<Holder> | undefined {
  try {
    return JSON.parse(text ?? "null") as Partial<Holder> | undefined;
  } catch {
    return undefined;
  }
}
