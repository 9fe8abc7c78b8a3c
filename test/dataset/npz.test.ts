import assert from "node:assert/strict";
import { type Zippable, zipSync } from "fflate";
import { DataError, DataFormatError, DataMismatchError } from "../../src/dataset/errors.ts";
import { openNpz } from "../../src/dataset/npz.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { all, npyBytes, temporaryFolder } from "./files.ts";

describe(".npz reader", () => {
  const folder = temporaryFolder();
  const x = npyBytes("|u1", [2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6));
  const y = npyBytes("<i8", [2], Buffer.from("07000000000000000800000000000000", "hex"));
  const zip = (level: 0 | 6, files: Zippable = { "x.npy": x, "y.npy": y }) =>
    zipSync(files, { level });
  const open = async (bytes: Uint8Array, name = "x", limits = DATA_LIMITS) =>
    all(await openNpz(folder.write("a.npz", bytes), name, limits));

  it("reads arrays by name, stored and deflated", async () => {
    for (const level of [0, 6] as const) {
      assert.deepEqual(await open(zip(level)), [1, 2, 3, 4, 5, 6]);
      assert.deepEqual(await open(zip(level), "y"), [7, 8]);
    }
  });

  it("lists the arrays where the named one is absent, or there twice", async () => {
    await assert.rejects(
      () => open(zip(0), "z"),
      (e) =>
        e instanceof DataMismatchError && /no array "z"\. The archive has: x, y/.test(e.message),
    );
    await assert.rejects(() => open(zip(0, { "x.npy": x, x })), /2 arrays "x"/);
  });

  it("refuses every truncation", async () => {
    for (const level of [0, 6] as const) {
      const good = zip(level);
      for (let length = 0; length < good.length; length++)
        await assert.rejects(() => open(good.subarray(0, length)), DataFormatError, `${length}`);
    }
  });

  it("never reads other values from an archive with one byte changed within the deflated array", async () => {
    const good = zip(6);
    const start = Buffer.from(good).indexOf("x.npy") + 5;
    for (let at = start; at < start + 60; at++) {
      const bad = Uint8Array.from(good);
      bad[at]! ^= 0x55;
      await assert.rejects(() => open(bad), DataError, `byte ${at}`);
    }
  });

  it("refuses an array that unpacks to more than its header promises, without unpacking it", async () => {
    const bomb = Buffer.concat([x, new Uint8Array(1 << 24)]);
    await assert.rejects(
      () => open(zip(6, { "x.npy": bomb })),
      /more than the \d+ bytes that its header promises/,
    );
  });

  it("refuses an array beyond the limit of temporary space", async () => {
    const large = npyBytes("|u1", [1 << 12, 1 << 10], new Uint8Array(1 << 22));
    await assert.rejects(
      () => open(zip(6, { "x.npy": large }), "x", { ...DATA_LIMITS, unpackedBytes: 1 << 20 }),
      /temporary space; the limit is 1048576/,
    );
  });

  it("refuses encrypted members, other methods, and members that are no .npy", async () => {
    const good = zip(6);
    const central = Buffer.from(good).indexOf("504b0102", "hex");
    const changed = (offset: number, value: number) => {
      const bad = Uint8Array.from(good);
      bad[central + offset] = value;
      return bad;
    };
    await assert.rejects(() => open(changed(8, 1)), /encrypted, or packed with another method/);
    await assert.rejects(() => open(changed(10, 12)), /encrypted, or packed with another method/);
    await assert.rejects(
      () => open(zip(6, { "x.npy": new Uint8Array(20) })),
      /array "x": not a \.npy file/,
    );
  });

  it("refuses what is no archive", async () => {
    await assert.rejects(() => open(x), /not a readable \.npz archive.*numpy\.savez/);
  });
});
