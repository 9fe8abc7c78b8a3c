import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import {
  ArtifactDigestError,
  ArtifactError,
  ArtifactNotFoundError,
  ArtifactTooLargeError,
  ArtifactUnreachableError,
  createRun,
  isPublicAddress,
  readPublicRun,
  type ReadPublicRunOptions,
  segmentSizes,
} from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { config, finish } from "./runs.ts";

describe("published run over http", () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "run");
  let proofDigest = "";
  const servers: Server[] = [];
  before(() => {
    const run = createRun({ folder: path, config });
    ({ proofDigest } = finish(run));
    run.close();
  });
  after(() => {
    for (const server of servers) server.close();
    for (const server of servers) server.closeAllConnections();
  });

  const files: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url!, "http://x");
    const file = join(path, "public", pathname.replace(/^\/base/, ""));
    if (!fs.existsSync(file)) response.writeHead(404).end();
    else response.end(fs.readFileSync(file));
  };
  const serve = async (listener: RequestListener, host = "127.0.0.1"): Promise<string> => {
    const server = createServer(listener).listen(0, host);
    servers.push(server);
    await once(server, "listening");
    return `http://${host}:${(server.address() as AddressInfo).port}`;
  };
  const readAll = async (source: string, options: ReadPublicRunOptions = {}) => {
    const run = await readPublicRun(source, options);
    let segments = 0;
    for await (const segment of run.segments()) segments += segment.proof.length > 0 ? 1 : 0;
    return { run, segments };
  };

  it("reads the run, files relative to the manifest's address", async () => {
    const seen: string[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.url!);
      files(request, response);
    });
    const { run, segments } = await readAll(`${origin}/base/manifest.json?token=abc`, {
      expected: { proofDigest },
    });
    assert.equal(segments, 2);
    assert.equal(run.source, `${origin}/base/manifest.json`); // the query may be a secret
    assert.ok(seen.includes("/base/segments/000001/proof.bin"));
    assert.equal(seen.filter((url) => url.includes("token")).length, 1);
  });

  it("follows a few redirects", async () => {
    const target = await serve(files);
    const origin = await serve((request, response) => {
      response.writeHead(302, { location: `${target}${request.url!}` }).end();
    });
    assert.equal((await readAll(`${origin}/manifest.json`)).segments, 2);
  });

  const failing = (
    name: string,
    listener: RequestListener,
    kind: new (...args: never[]) => Error,
    pattern: RegExp,
    options: ReadPublicRunOptions = {},
  ) =>
    it(`says so when ${name}`, async () => {
      const origin = await serve(listener);
      await assert.rejects(readAll(`${origin}/manifest.json`, options), (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, pattern);
        return true;
      });
    });
  const answer =
    (status: number, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end();

  failing("there is no such file", answer(404), ArtifactNotFoundError, /HTTP status 404/);
  failing("the file is gone", answer(410), ArtifactNotFoundError, /410/);
  failing("the server is broken", answer(500), ArtifactUnreachableError, /HTTP status 500/);
  failing("access is denied", answer(403), ArtifactUnreachableError, /HTTP status 403/);
  failing(
    "redirects never end",
    (request, response) => response.writeHead(302, { location: request.url! }).end(),
    ArtifactUnreachableError,
    /more than 3 redirects/,
  );
  failing(
    "a redirect leads to a file",
    answer(302, { location: "file:///etc/passwd" }),
    ArtifactUnreachableError,
    /not http\(s\)/,
  );
  failing("a redirect leads nowhere", answer(302), ArtifactUnreachableError, /not http\(s\)/);
  failing(
    "the connection breaks",
    (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    },
    ArtifactUnreachableError,
    /the request failed/,
  );
  failing(
    "the manifest never ends",
    (_, response) => {
      const block = Buffer.alloc(1 << 16, 0x20);
      const more = () =>
        void (response.destroyed || response.write(block, () => setImmediate(more)));
      more();
    },
    ArtifactTooLargeError,
    /more than the 200000 bytes/,
    { limits: { manifestBytes: 200_000 } },
  );
  failing(
    "no answer comes",
    () => undefined,
    ArtifactUnreachableError,
    /no complete answer within 200 ms/,
    { limits: { timeoutMs: 200 } },
  );
  failing(
    "an answer trickles",
    (_, response) => {
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    },
    ArtifactUnreachableError,
    /no complete answer within 200 ms/,
    { limits: { timeoutMs: 200 } },
  );
  failing(
    "a proof has another content",
    (request, response) => {
      if (request.url!.endsWith("000001/proof.bin")) response.end(Buffer.alloc(500));
      else files(request, response);
    },
    ArtifactDigestError,
    /000001\/proof\.bin: the file has not the SHA-256/,
  );
  const longest = segmentSizes(config)(0)["proof.bin"];
  failing(
    "a proof is longer than the configuration implies",
    (request, response) => {
      if (request.url!.endsWith("proof.bin")) response.end(Buffer.alloc(longest + 1));
      else files(request, response);
    },
    ArtifactTooLargeError,
    new RegExp(`proof\\.bin: more than the ${longest} bytes`),
  );
  failing(
    "a proof is shorter",
    (request, response) => {
      if (request.url!.endsWith("proof.bin")) response.end(Buffer.alloc(499));
      else files(request, response);
    },
    ArtifactDigestError,
    /000000\/proof\.bin: the file has not the SHA-256/,
  );

  describe("at an address that a stranger wrote", () => {
    const limits = { allows: isPublicAddress };
    const refused = async (source: string, options: ReadPublicRunOptions, pattern: RegExp) => {
      await assert.rejects(readAll(source, options), (error) => {
        assert.ok(error instanceof ArtifactError, String(error));
        assert.match(error.message, pattern);
        return true;
      });
    };

    it("asks no private host, however it is written", async () => {
      let asked = 0;
      const port = new URL(await serve((_, response) => (asked++, response.end()))).port;
      const hosts = [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
      ];
      for (const host of hosts)
        await refused(`http://${host}:${port}/manifest.json`, { limits }, /which may not be asked/);
      assert.equal(asked, 0);
      await refused("https://169.254.169.254/manifest.json", { limits }, /169\.254\.169\.254/);
    });

    it("follows no redirect to one", async () => {
      let asked = 0;
      const target = await serve((_, response) => (asked++, response.end()));
      const here = "127.0.0.2";
      const origin = await serve(answer(302, { location: `${target}/manifest.json` }), here);
      const allows = (address: string) => address === here;
      await refused(
        `${origin}/manifest.json`,
        { limits: { allows } },
        /127\.0\.0\.1, which may not/,
      );
      assert.equal(asked, 0);
    });

    it("reads where it may", async () => {
      const origin = await serve(files);
      const named = origin.replace("127.0.0.1", "localhost");
      const allows = (address: string) => address === "127.0.0.1" || address === "::1";
      assert.equal((await readAll(`${origin}/manifest.json`, { limits: { allows } })).segments, 2);
      assert.equal((await readAll(`${named}/manifest.json`, { limits: { allows } })).segments, 2);
    });

    it("reads no folder of this machine", async () => {
      const url = pathToFileURL(join(path, "public", "manifest.json")).href;
      for (const source of [
        path,
        join(path, "public", "manifest.json"),
        url,
        "ftp://x/manifest.json",
        "",
      ])
        await refused(source, { limits }, /not an http: or https: address/);
    });
  });

  failing(
    "an answer is compressed",
    (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(Buffer.alloc(1 << 20)));
    },
    ArtifactUnreachableError,
    /content encoding gzip/,
  );

  it("says so when nobody listens", async () => {
    const origin = await serve(files);
    const server = servers.pop()!;
    server.close();
    await once(server, "close");
    await assert.rejects(
      readPublicRun(`${origin}/manifest.json`),
      (e) => e instanceof ArtifactUnreachableError && /ECONNREFUSED/.test(e.message),
    );
  });

  it("stops when aborted in the middle", async () => {
    const origin = await serve(() => undefined);
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(
      readPublicRun(`${origin}/manifest.json`, { signal: controller.signal }),
      reason,
    );
  });
});
