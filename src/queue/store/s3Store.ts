import { S3mini } from "s3mini";
import { ObjectMissingError, StoreUnavailableError, StoreUsageError } from "../errors.ts";
import { checkName, type ObjectStore } from "./store.ts";

export interface S3Options {
  readonly bucket: string;
  /** Before each object's name; may be empty. */
  readonly prefix: string;
  /** Of the service, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request that takes longer is given up, milliseconds. */
const PATIENCE = 10 * 60_000;

/** What a service says where a bucket or account has no room: S3's own quota codes, and 507 Insufficient Storage. */
const isFull = ({ status, serviceCode = "" }: { status?: number; serviceCode?: string }) =>
  status === 507 || /QuotaExceeded|InsufficientCapacity|StorageFull/i.test(serviceCode);

/** A store in a bucket of any S3-compatible service, addressed by path. */
export function s3Store(options: S3Options): ObjectStore {
  const { bucket, prefix, endpoint, region, accessKeyId, secretAccessKey } = options;
  const client = new S3mini({
    endpoint: `${endpoint.replace(/\/+$/, "")}/${bucket}`,
    region,
    accessKeyId,
    secretAccessKey,
    requestAbortTimeout: PATIENCE,
  });
  const where = `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`;
  const keyOf = (name: string) => (prefix === "" ? name : `${prefix}/${name}`);
  const attempt = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      if (error instanceof ObjectMissingError) throw error;
      const facts = error as { status?: number; serviceCode?: string; code?: string };
      // A service's own message may repeat the key id: only status and code are shown.
      const code = [facts.status, facts.serviceCode ?? facts.code].filter(Boolean).join(" ");
      const full = isFull(facts);
      throw new StoreUnavailableError(
        full
          ? `the store ${where} is full (${code}); free space, or train fewer segments ahead (--ahead)`
          : `the store ${where} did not do what was asked for ${name} (${code || "no answer"})`,
        full,
        { cause: error },
      );
    }
  };
  return {
    name: where,
    put: (name, bytes) => {
      const key = keyOf(checkName(name));
      return attempt(name, async () => {
        // In parts where it is large: one request carries 5 GiB at most, and should not have to be sent again as a whole.
        await client.putAnyObject(key, bytes as Uint8Array<ArrayBuffer>);
      });
    },
    get: (name) => {
      const key = keyOf(checkName(name));
      return attempt(name, async () => {
        const found = await client.getObjectArrayBuffer(key);
        if (found !== null) return new Uint8Array(found);
        throw new ObjectMissingError(`the store ${where} has no object ${name}`);
      });
    },
    has: (name) => {
      const key = keyOf(checkName(name));
      return attempt(name, async () => (await client.objectExists(key)) === true);
    },
    remove: (name) => {
      const key = keyOf(checkName(name));
      return attempt(name, async () => {
        await client.deleteObject(key);
      });
    },
    list: (folder) => {
      checkName(`${folder}/x`);
      return attempt(folder, async () => {
        const found = (await client.listObjects("/", `${keyOf(folder)}/`)) ?? [];
        const start = prefix === "" ? 0 : prefix.length + 1;
        return found.map(({ Key }) => Key.slice(start));
      });
    },
  };
}

/**
 * Options from a URL, s3://bucket/prefix, and the environment, as other S3 tools take them.
 *
 * @throws StoreUsageError that names the variable that is missing
 */
export function s3Options(url: string, env: NodeJS.ProcessEnv): S3Options {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([0-9A-Za-z._/-]*))?$/.exec(url);
  if (!match) throw new StoreUsageError(`the store ${url} is no s3://bucket/prefix`);
  const need = (name: string): string => {
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    throw new StoreUsageError(`the store ${url} needs the environment variable ${name}`);
  };
  const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1";
  return {
    bucket: match[1]!,
    prefix: (match[2] ?? "").replace(/\/+$/, ""),
    endpoint:
      env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"] ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKeyId: need("AWS_ACCESS_KEY_ID"),
    secretAccessKey: need("AWS_SECRET_ACCESS_KEY"),
  };
}
