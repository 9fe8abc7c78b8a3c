import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {
  createKeyFile,
  KeyFileError,
  ObjectDamagedError,
  readKeyFile,
} from "../../src/queue/index.ts";
import { type ObjectPlace, OVERHEAD, seal, unseal } from "../../src/queue/objectCipher.ts";
import {
  pack,
  packIntegers,
  packWeights,
  unpack,
  unpackIntegers,
  unpackWeights,
} from "../../src/queue/pack.ts";
import { temporaryFolder } from "../dataset/files.ts";

const runId = `0x${"ab".repeat(32)}`;
const key = randomBytes(32);
const place: ObjectPlace = { runId, kind: "weights", segment: 3 };
const content = Buffer.from("weights that nobody else may see");

describe("the queue's encryption", () => {
  it("opens what was sealed for its place, and hides it", () => {
    for (const bytes of [content, Buffer.alloc(0), randomBytes(100_000)]) {
      const object = seal(key, place, bytes);
      assert.equal(object.length, bytes.length + OVERHEAD);
      assert.ok(bytes.length === 0 || !Buffer.from(object).includes(bytes.subarray(0, 16)));
      assert.deepEqual(Buffer.from(unseal(key, place, object)), bytes);
    }
  });

  it("opens an object nowhere else", () => {
    const object = seal(key, place, content);
    const others: ObjectPlace[] = [
      { ...place, segment: 4 },
      { ...place, kind: "commitment" },
      { ...place, runId: `0x${"ac".repeat(32)}` },
    ];
    for (const other of others)
      assert.throws(() => unseal(key, other, object.slice()), ObjectDamagedError);
    assert.throws(() => unseal(randomBytes(32), place, object.slice()), ObjectDamagedError);
    assert.deepEqual(Buffer.from(unseal(key, place, object.slice())), content);
    // It is opened in its own memory; where it is not what it should be, nothing of it is left there.
    const own = object.slice();
    assert.throws(() => unseal(key, others[0]!, own), ObjectDamagedError);
    assert.ok(own.subarray(36, -16).every((byte) => byte === 0));
  });

  it("notices every changed byte and every missing one", () => {
    const object = seal(key, place, content);
    for (let at = 0; at < object.length; at++) {
      const changed = Uint8Array.from(object);
      changed[at]! ^= 0x10;
      assert.throws(() => unseal(key, place, changed), ObjectDamagedError, `byte ${at}`);
      assert.throws(() => unseal(key, place, object.slice(0, at)), ObjectDamagedError);
    }
    const longer = Buffer.concat([object, Buffer.alloc(1)]);
    assert.throws(() => unseal(key, place, longer), ObjectDamagedError);
  });

  it("never encrypts twice in the same way", () => {
    const objects = Array.from({ length: 200 }, () => Buffer.from(seal(key, place, content)));
    assert.equal(
      new Set(objects.map((object) => object.subarray(4, 36).toString("hex"))).size,
      200,
    );
    // Same content under the same nonce and key would give the same ciphertext.
    assert.equal(new Set(objects.map((object) => object.subarray(36).toString("hex"))).size, 200);
  });

  it("shows nothing of the content in its errors", () => {
    const object = Uint8Array.from(seal(key, place, content));
    object[40]! ^= 1;
    assert.throws(
      () => unseal(key, place, object),
      (error: Error) => !/nobody/.test(error.message) && /segment 3/.test(error.message),
    );
  });
});

describe("a run's key file", () => {
  const folder = temporaryFolder();
  const fileOf = (name: string) => path.join(folder.path, name);

  it("is made for its owner alone, is never replaced, and is read again", () => {
    const file = fileOf("new/run.key");
    const made = createKeyFile(file, runId);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    assert.equal(made.key.length, 32);
    assert.deepEqual(readKeyFile(file), made);
    assert.throws(() => createKeyFile(file, runId), KeyFileError);
    assert.deepEqual(readKeyFile(file), made);
    assert.notDeepEqual(createKeyFile(fileOf("other.key"), runId).key, made.key);
  });

  it("is refused where others can read it or its group can change it", () => {
    const file = fileOf("open.key");
    createKeyFile(file, runId);
    for (const mode of [0o604, 0o602, 0o620, 0o644, 0o666, 0o601]) {
      fs.chmodSync(file, mode);
      assert.throws(() => readKeyFile(file), /chmod 600/, mode.toString(8));
    }
    // As Kubernetes mounts a secret for a user that is not root.
    fs.chmodSync(file, 0o440);
    assert.equal(readKeyFile(file).runId, runId);
  });

  it("is refused where it is none, without a word of what is in it", () => {
    const good = { format: "trainproof-queue-key/1", runId, key: "5e".repeat(32) };
    const cases = [
      "",
      "5e5e5e",
      JSON.stringify({ ...good, key: "5e".repeat(31) }),
      JSON.stringify({ ...good, more: 1 }),
      JSON.stringify({ ...good, format: "trainproof-queue-key/2" }),
      JSON.stringify({ ...good, runId: "0x12" }),
      " ".repeat(5000),
    ];
    for (const [index, text] of cases.entries()) {
      const file = folder.write(`bad${index}.key`, text);
      fs.chmodSync(file, 0o600);
      assert.throws(
        () => readKeyFile(file),
        (error: Error) => error instanceof KeyFileError && !error.message.includes("5e5e"),
      );
    }
    assert.throws(() => readKeyFile(fileOf("none.key")), /ENOENT/);
  });
});

describe("an object's parts", () => {
  it("come back as they went in", () => {
    const parts = [new Uint8Array(0), Uint8Array.of(1, 2, 3), randomBytes(1000)];
    assert.deepEqual(
      unpack(pack(parts), 3).map((part) => Buffer.from(part)),
      parts.map((part) => Buffer.from(part)),
    );
    for (const values of [[], [0, -32768, 32767], [32768], [-32769, 5], [2 ** 31 - 1, -(2 ** 31)]])
      assert.deepEqual(
        unpackIntegers(packIntegers(Int32Array.from(values))),
        Int32Array.from(values),
      );
  });

  it("have weights in four bytes each exactly where all fit", () => {
    const [most, least] = [2n ** 31n - 1n, -(2n ** 31n)];
    const through = (weights: BigInt64Array) =>
      unpackWeights(unseal(key, place, seal(key, place, packWeights(weights))));
    for (const values of [
      [],
      [0n, -1n, most, least],
      Array.from({ length: 70_000 }, (_, i) => BigInt(i - 35_000)),
    ])
      assert.deepEqual(through(BigInt64Array.from(values)), Int32Array.from(values, Number));
    for (const wide of [most + 1n, least - 1n, 2n ** 32n, 2n ** 63n - 1n, -(2n ** 63n)])
      for (const values of [[wide], [5n, wide], [wide, 5n]]) {
        const weights = BigInt64Array.from(values);
        assert.deepEqual(through(weights), weights);
      }
    const narrow = Int32Array.of(1, -2);
    assert.deepEqual(
      unpackWeights(unseal(key, place, seal(key, place, packWeights(narrow)))),
      narrow,
    );
  });

  it("are refused where their number or lengths do not fit", () => {
    const bytes = pack([Uint8Array.of(1, 2), Uint8Array.of(3)]);
    assert.throws(() => unpack(bytes, 1), ObjectDamagedError);
    assert.throws(() => unpack(bytes, 3), ObjectDamagedError);
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => unpack(bytes.subarray(0, length), 2), ObjectDamagedError);
    assert.throws(() => unpack(Buffer.concat([bytes, Buffer.alloc(1)]), 2), ObjectDamagedError);
    const huge = Uint8Array.from(bytes);
    huge.fill(255, 4, 12);
    assert.throws(() => unpack(huge, 2), ObjectDamagedError);
    for (const odd of [[], [3, 1, 2], [2, 1], [4, 1, 2, 3]])
      assert.throws(() => unpackIntegers(Uint8Array.from(odd)), ObjectDamagedError);
    for (const odd of [
      [],
      [4, 0, 0],
      [4, 0, 0, 0, 1],
      [8, 0, 0, 0, 1, 2, 3, 4],
      [2, 0, 0, 0, 1, 1],
    ])
      assert.throws(() => unpackWeights(Uint8Array.from(odd)), ObjectDamagedError);
  });
});
