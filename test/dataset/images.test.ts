import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import jpeg from "jpeg-js";
import { PNG, type PNGOptions } from "pngjs";
import {
  DataError,
  DataFileError,
  DataFormatError,
  DataMismatchError,
} from "../../src/dataset/errors.ts";
import { openImages, type ImageOptions } from "../../src/dataset/images.ts";
import { DATA_LIMITS } from "../../src/dataset/source.ts";
import { all, temporaryFolder } from "./files.ts";

/** A PNG file of pixels [r, g, b] or [r, g, b, a]. */
function png(width: number, pixels: number[][], options: PNGOptions = { colorType: 2 }): Buffer {
  const image = new PNG({ width, height: pixels.length / width });
  image.data = Buffer.from(pixels.flatMap(([r, g, b, a = 255]) => [r!, g!, b!, a]));
  return PNG.sync.write(image, options);
}

describe("image folder", () => {
  const folder = temporaryFolder();
  const images = join(folder.path, "images");
  fs.mkdirSync(join(images, "sub"), { recursive: true });
  const red = [255, 0, 0];
  const a = png(2, [red, [0, 255, 0], [0, 0, 255], [1, 2, 3]]);
  const b = png(
    2,
    [
      [9, 9, 9],
      [10, 10, 10],
      [11, 11, 11],
      [12, 12, 12],
    ],
    { colorType: 0 },
  );
  fs.writeFileSync(join(images, "a.png"), a);
  fs.writeFileSync(join(images, "sub/b.png"), b);
  const base: ImageOptions = {
    header: true,
    delimiter: ",",
    fileColumn: 0,
    labelColumns: [1],
    channels: "rgb",
    order: "hwc",
  };
  const open = async (csv: string, options: Partial<ImageOptions> = {}, limits = DATA_LIMITS) => {
    const labels = folder.write("labels.csv", csv);
    return openImages(images, labels, { ...base, ...options }, limits);
  };
  const both = "file,label\na.png,1\nsub/b.png,0\n";
  /** The values of one image file alone. */
  const values = async (name: string, bytes: Uint8Array, options: Partial<ImageOptions> = {}) => {
    fs.writeFileSync(join(images, name), bytes);
    const { features, labels } = await open(`file,label\n${name},1\n`, options);
    labels.close();
    return all(features);
  };

  it("gives rows of pixels from the top left, channels last", async () => {
    const { features, labels } = await open(both);
    assert.deepEqual([features.rows, features.columns], [2, 12]);
    assert.deepEqual(all(features), [
      ...[255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3],
      ...[9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12],
    ]);
    assert.deepEqual(all(labels), [1, 0]);
  });

  it("gives channels first on request", async () => {
    const { features } = await open(both, { order: "chw" });
    assert.deepEqual(all(features).slice(0, 12), [255, 0, 0, 1, 0, 255, 0, 2, 0, 0, 255, 3]);
  });

  it("gives Pillow's luma as grey, and grey pixels as they are", async () => {
    const { features } = await open(both, { channels: "grey" });
    // PIL.Image.convert("L") of pure red, green and blue: 76, 150, 29.
    assert.deepEqual(all(features), [76, 150, 29, 2, 9, 10, 11, 12]);
  });

  it("reads rows in any order, by names of columns, with texts as labels", async () => {
    const { features, labels } = await open("x,animal,where\n0,cat,sub/b.png\n0,dog,a.png\n", {
      fileColumn: "where",
      labelColumns: ["animal"],
      classNames: ["dog", "cat"],
      channels: "grey",
    });
    const row = new Float64Array(4);
    features.read(1, 1, row);
    assert.deepEqual([...row], [76, 150, 29, 2]);
    features.read(0, 1, row);
    assert.deepEqual([...row], [9, 10, 11, 12]);
    assert.deepEqual(all(labels), [1, 0]);
  });

  it("refuses a PNG whose checksum is another", async () => {
    const bad = Uint8Array.from(a);
    bad[bad.length - 1]! ^= 1;
    await assert.rejects(() => values("crc.png", bad), /not a readable PNG file: Crc error/);
  });

  it("reads JPEG, grey and in colour, within what its compression loses", async () => {
    const data = Buffer.from(Array.from({ length: 64 }, () => [200, 40, 90, 255]).flat());
    const bytes = jpeg.encode({ width: 8, height: 8, data }, 100).data;
    const got = await values("c.jpg", bytes);
    assert.equal(got.length, 192);
    for (const [i, value] of got.entries()) assert.ok(Math.abs(value - [200, 40, 90][i % 3]!) <= 2);
  });

  it("names an image of another size, with its row", async () => {
    fs.writeFileSync(join(images, "tall.png"), png(1, [red, red, red, red]));
    const { features } = await open("f,l\na.png,0\ntall.png,1\n");
    assert.throws(
      () => all(features),
      (e) =>
        e instanceof DataMismatchError &&
        /row 1: tall\.png has 1 × 4 pixels, the first image 2 × 2/.test(e.message),
    );
  });

  it("follows no path out of the folder", async () => {
    fs.writeFileSync(join(folder.path, "outside.png"), a);
    for (const name of [
      "../outside.png",
      "sub/../../outside.png",
      "/etc/passwd",
      "sub//b.png",
      "./a.png",
      "..",
      "a\\b.png",
      '"a\0.png"',
      '""',
    ])
      await assert.rejects(
        () => open(`f,l\n${name},0\n`),
        (e) => e instanceof DataFormatError && /no path within the image folder/.test(e.message),
        name,
      );
    fs.symlinkSync("../outside.png", join(images, "link.png"));
    fs.symlinkSync("..", join(images, "up"));
    fs.symlinkSync("sub/b.png", join(images, "inner.png"));
    for (const name of ["link.png", "up/outside.png"])
      await assert.rejects(() => open(`f,l\n${name},0\n`), /lies outside of the image folder/);
    assert.equal((await open("f,l\ninner.png,0\n")).features.rows, 1);
  });

  it("names images that are absent, folders, and folders that are absent", async () => {
    await assert.rejects(
      () => open("f,l\nnone.png,0\n"),
      (e) => e instanceof DataFileError,
    );
    await assert.rejects(() => open("f,l\nsub,0\n"), /not a regular file/);
    await assert.rejects(
      () => openImages(join(folder.path, "none"), join(folder.path, "labels.csv"), base),
      DataFileError,
    );
  });

  it("refuses transparent, interlaced, 16-bit and too large images, and says what to do", async () => {
    await assert.rejects(
      () => values("t.png", png(1, [[1, 2, 3, 128]], { colorType: 6 })),
      /transparent.*Flatten/,
    );
    const changed = (at: number, value: number) => Uint8Array.from(a).fill(value, at, at + 1);
    await assert.rejects(() => values("d.png", changed(24, 16)), /16 bits a channel/);
    await assert.rejects(() => values("i.png", changed(28, 1)), /interlaced/);
    const wide = png(
      8193,
      Array.from({ length: 8193 }, () => red),
    );
    await assert.rejects(() => values("w.png", wide), /8193 × 1 pixels.*8192.*Scale/);
    const many = png(
      4000,
      Array.from({ length: 4000 }, () => red),
    );
    await assert.rejects(() => values("m.png", many), /12000 values.*8192 values a row/);
    await assert.rejects(
      () => open(both, {}, { ...DATA_LIMITS, imageBytes: 10 }),
      /an image of \d+ bytes; the limit is 10/,
    );
  });

  it("stops a PNG that unpacks to more than its size, and one that claims more than it holds", async () => {
    const bomb = png(
      2000,
      Array.from({ length: 8000 }, () => red),
    );
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    view.setUint32(16, 2);
    view.setUint32(20, 2);
    await assert.rejects(() => values("bomb.png", bomb), DataFormatError);
    const short = Buffer.from(a);
    new DataView(short.buffer, short.byteOffset).setUint32(20, 4000);
    await assert.rejects(() => values("short.png", short), DataFormatError);
  });

  it("bounds a JPEG by its claimed size, before it is decoded", async () => {
    const data = Buffer.alloc(4 * 64, 255);
    const bytes = Buffer.from(jpeg.encode({ width: 8, height: 8, data }, 90).data);
    const frame = bytes.indexOf("ffc0", "hex");
    bytes.writeUInt16BE(65535, frame + 5);
    bytes.writeUInt16BE(65535, frame + 7);
    await assert.rejects(() => values("huge.jpg", bytes), /maxResolutionInMP|limit/);
  });

  it("ends in an error or an image for truncations and changed bytes", async () => {
    const data = Buffer.from(Array.from({ length: 64 }, (_, i) => [i, 2 * i, 3 * i, 255]).flat());
    const photo = Buffer.from(jpeg.encode({ width: 8, height: 8, data }, 80).data);
    for (const [name, good] of [
      ["x.png", a],
      ["x.jpg", photo],
    ] as const)
      for (let at = 0; at < good.length; at += 3) {
        const bad = Uint8Array.from(good);
        bad[at]! ^= 0xff;
        for (const bytes of [bad, good.subarray(0, at)])
          try {
            for (const value of await values(name, bytes)) assert.ok(value >= 0 && value <= 255);
          } catch (error) {
            assert.ok(error instanceof DataError, `${name}, byte ${at}: ${String(error)}`);
          }
      }
  });
});
