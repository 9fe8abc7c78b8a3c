import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";

/** s3rver's own account. */
export const s3Keys = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };

interface Server {
  middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
interface Context {
  req: IncomingMessage;
  status: number;
  type: string;
  body: string;
}

/** An S3-compatible server with one bucket. s3rver leaves signatures of version 4 unchecked: that is done here. */
export async function s3Server(
  directory: string,
  bucket: string,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const S3rver = createRequire(import.meta.url)("s3rver") as new (options: object) => Server;
  const server = new S3rver({
    directory,
    address: "127.0.0.1",
    port: 0,
    silent: true,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  server.middleware.unshift(async (context, next) => {
    if (isSigned(context.req)) return next();
    context.status = 403;
    context.type = "application/xml";
    context.body =
      '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>';
  });
  const { port } = await server.run();
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const hmac = (key: string | Buffer, text: string) =>
  createHmac("sha256", key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** AWS Signature Version 4 as its documentation says: canonical request, string to sign, key derived from the secret. */
function isSigned({ method, url, headers }: IncomingMessage): boolean {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    );
  if (!match || match[1] !== s3Keys.AWS_ACCESS_KEY_ID) return false;
  const [scope, signed, signature] = [match[2]!, match[3]!, match[4]!];
  const { pathname, searchParams } = new URL(url!, "http://localhost");
  const query = [...searchParams].map(([key, value]) => `${encode(key)}=${encode(value)}`).sort();
  const listed = signed.split(";");
  if (!["host", "x-amz-date", "x-amz-content-sha256"].every((name) => listed.includes(name)))
    return false;
  const canonical = [
    method,
    pathname,
    query.join("&"),
    ...listed.map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    signed,
    headers["x-amz-content-sha256"],
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>(
      (secret, part) => hmac(secret, part),
      `AWS4${s3Keys.AWS_SECRET_ACCESS_KEY}`,
    );
  return hmac(key, text).toString("hex") === signature;
}
