import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { openImages } from "../../src/dataset/images.ts";
import { openNpy } from "../../src/dataset/npy.ts";
import { openNpz } from "../../src/dataset/npz.ts";
import { openParquet } from "../../src/dataset/parquet.ts";
import { openSafetensors } from "../../src/dataset/safetensors.ts";
import { all, temporaryFolder } from "./files.ts";

/** fixtures/make.py wrote these files with NumPy, pyarrow, Pillow and safetensors. */
describe("files of other tools", () => {
  const fixtures = join(import.meta.dirname, "fixtures");
  const fixture = (name: string) => join(fixtures, name);

  it("reads what pyarrow writes: dictionaries, three encodings, both page versions, nullable columns", async () => {
    for (const name of ["snappy", "zstd-v2", "split"]) {
      const { features, labels } = await openParquet(fixture(`${name}.parquet`), {
        labelColumns: ["kind"],
        classNames: ["cat", "dog", "emu"],
      });
      const index = Array.from({ length: 300 }, (_, i) => i);
      const rows = index.map((i) => [i % 7, (i - 150) / 8, (i - 150) / 8, i % 7, i % 7]);
      assert.deepEqual(all(features), rows.flat(), name);
      assert.deepEqual(
        all(labels),
        index.map((i) => i % 3),
        name,
      );
    }
  });

  it("reads what NumPy and safetensors write", async () => {
    const x = Array.from({ length: 24 }, (_, i) => (i - 12) / 4);
    for (const name of ["stored.npz", "deflated.npz"]) {
      assert.deepEqual(all(await openNpz(fixture(name), "x")), x, name);
      assert.deepEqual(all(await openNpz(fixture(name), "y")), [0, 1, 2, 3], name);
    }
    assert.deepEqual(all(await openNpy(fixture("half.npy"))), x);
    assert.deepEqual(all(openSafetensors(fixture("data.safetensors"), "x")), x);
    assert.deepEqual(all(openSafetensors(fixture("data.safetensors"), "y")), [0, 1, 2, 3]);
  });

  const folder = temporaryFolder();
  const image = async (name: string, channels: "grey" | "rgb") => {
    const labels = folder.write("labels.csv", `file,label\n${name},0\n`);
    const { features } = await openImages(fixtures, labels, {
      header: true,
      delimiter: ",",
      fileColumn: "file",
      labelColumns: ["label"],
      order: "hwc",
      channels,
    });
    return all(features);
  };

  it("reads Pillow's PNG files to the value: colour, palette, grey, one bit", async () => {
    const rgb = Array.from({ length: 24 }, (_, i) => 10 * i);
    assert.deepEqual(await image("rgb.png", "rgb"), rgb);
    assert.deepEqual(await image("palette.png", "rgb"), rgb);
    const luma = all(await openNpy(fixture("luma.npy")));
    assert.deepEqual(await image("rgb.png", "grey"), luma);
    assert.deepEqual(await image("grey.png", "grey"), luma);
    assert.deepEqual(await image("bit.png", "grey"), [0, 255, 0, 255, 0, 255, 0, 255]);
  });

  it("reads Pillow's JPEG files to within three units of what Pillow reads, ten where chroma is subsampled", async () => {
    for (const [name, most] of Object.entries({
      baseline: 3,
      progressive: 3,
      grey: 3,
      subsampled: 10,
    })) {
      const got = await image(`${name}.jpg`, name === "grey" ? "grey" : "rgb");
      const expected = all(
        await openNpy(fixture(name === "grey" ? "grey-jpg.npy" : `${name}.npy`)),
      );
      assert.equal(got.length, expected.length);
      const worst = Math.max(...got.map((value, i) => Math.abs(value - expected[i]!)));
      assert.ok(worst <= most, `${name}: ${worst}`);
    }
  });

  it("keeps the files small", () => {
    for (const name of fs.readdirSync(fixtures))
      assert.ok(fs.statSync(fixture(name)).size < 16_384, name);
  });
});
