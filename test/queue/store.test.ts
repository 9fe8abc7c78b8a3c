import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {
  ObjectDamagedError,
  ObjectMissingError,
  openStore,
  removeAbandonedObjects,
  StoreUnavailableError,
  StoreUsageError,
  type ObjectStore,
} from "../../src/queue/index.ts";
import { getByContent, putByContent } from "../../src/queue/store/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { s3Keys, s3Server } from "./s3Server.ts";

describe("the queue's store", () => {
  const folder = temporaryFolder();
  let close: (() => Promise<void>) | undefined;
  let endpoint: string;
  /** Where an object lies on the disk, to damage it. */
  const kinds: Record<
    string,
    { open: () => Promise<ObjectStore>; file: (name: string) => string }
  > = {
    "in a folder": {
      open: () => {
        const root = path.join(folder.path, "store");
        fs.mkdirSync(root, { recursive: true });
        return openStore(root);
      },
      file: (name) => path.join(folder.path, "store", name),
    },
    "in a bucket": {
      open: () =>
        openStore("s3://trainproof/some/prefix", { ...s3Keys, AWS_ENDPOINT_URL: endpoint }),
      file: (name) => path.join(folder.path, "s3/trainproof/some/prefix", `${name}._S3rver_object`),
    },
  };

  before(async () => {
    const server = await s3Server(path.join(folder.path, "s3"), "trainproof");
    endpoint = server.endpoint;
    close = () => server.close();
  });
  after(() => close?.());

  for (const [kind, { open, file }] of Object.entries(kinds))
    describe(kind, () => {
      it("gives back what was put, under the SHA-256 of the bytes", async () => {
        const store = await open();
        for (const size of [1, 1000, 9_000_000]) {
          const bytes = randomBytes(size);
          const name = await putByContent(store, "run1", bytes);
          assert.equal(name, `run1/${createHash("sha256").update(bytes).digest("hex")}`);
          assert.deepEqual(Buffer.from(await getByContent(store, name)), bytes);
          assert.ok(await store.has(name));
        }
      });

      it("notices bytes that were changed on the disk", async () => {
        const store = await open();
        const name = await putByContent(store, "run2", randomBytes(100));
        const bytes = fs.readFileSync(file(name));
        bytes[50]! ^= 1;
        fs.writeFileSync(file(name), bytes);
        await assert.rejects(getByContent(store, name), ObjectDamagedError);
      });

      it("says that an object is missing, and forgets what is removed", async () => {
        const store = await open();
        const name = await putByContent(store, "run3", randomBytes(10));
        assert.deepEqual(await store.list("run3"), [name]);
        await store.remove(name);
        await store.remove(name);
        assert.equal(await store.has(name), false);
        assert.deepEqual(await store.list("run3"), []);
        await assert.rejects(getByContent(store, name), ObjectMissingError);
        await assert.rejects(store.get("run3/other"), ObjectMissingError);
      });

      it("takes no name that leads elsewhere: names come through Redis", async () => {
        const store = await open();
        for (const name of [
          "../x",
          "a/../b",
          "/etc/passwd",
          "a/b/c",
          "a",
          "a/.b",
          "a/b%2e",
          "a/",
          "",
        ]) {
          const refused = (error: unknown) => error instanceof StoreUsageError;
          const attempts = [
            async () => store.put(name, new Uint8Array(1)),
            async () => store.get(name),
            async () => store.has(name),
            async () => store.remove(name),
          ];
          for (const attempt of attempts) await assert.rejects(attempt, refused, name);
        }
      });
    });

  it("in a folder: must exist, and says when it cannot be written", async () => {
    await assert.rejects(openStore(path.join(folder.path, "none")), StoreUsageError);
    const root = path.join(folder.path, "blocked");
    fs.mkdirSync(root);
    const store = await openStore(root);
    fs.writeFileSync(path.join(root, "run"), "a file where a folder should be");
    await assert.rejects(store.put("run/x", new Uint8Array(1)), StoreUnavailableError);
  });

  it("in a folder: what a killed process left half-written is no object, and is removed", async () => {
    const root = path.join(folder.path, "left");
    fs.mkdirSync(path.join(root, "run"), { recursive: true });
    const [dead, mine] = [2 ** 22 + 1, process.pid].map((pid) =>
      path.join(root, "run", `.tmp-${pid}-0123456789ab-x`),
    );
    for (const file of [dead!, mine!]) fs.writeFileSync(file, "half");
    const store = await openStore(root);
    assert.deepEqual(await store.list("run"), []);
    removeAbandonedObjects(root, "run");
    assert.deepEqual([fs.existsSync(dead!), fs.existsSync(mine!)], [false, true]);
  });

  it("in a bucket: needs its keys, and shows none of them when they are wrong", async () => {
    await assert.rejects(openStore("s3://trainproof", {}), /AWS_ACCESS_KEY_ID/);
    await assert.rejects(openStore("s3://", s3Keys), /no s3:\/\/bucket\/prefix/);
    const env = { ...s3Keys, AWS_SECRET_ACCESS_KEY: "quite-wrong", AWS_ENDPOINT_URL: endpoint };
    const store = await openStore("s3://trainproof", env);
    await assert.rejects(store.put("run/x", new Uint8Array(9)), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailableError);
      assert.match(error.message, /403 SignatureDoesNotMatch/);
      assert.doesNotMatch(error.message, /quite-wrong|S3RVER/);
      return true;
    });
  });

  it("in a bucket: says so when the service does not answer", async () => {
    const env = { ...s3Keys, AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const store = await openStore("s3://trainproof", env);
    await assert.rejects(store.get("run/x"), StoreUnavailableError);
  });
});
