import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { DataFileError } from "../../src/dataset/errors.ts";
import { RowSpool, Spool } from "../../src/dataset/spool.ts";
import { all, temporaryFolder } from "./files.ts";

describe("temporary file", () => {
  const folder = temporaryFolder();
  /** Runs code in a process whose TMPDIR is this suite's folder; its output. */
  const inFolder = (code: string, tmpdir = folder.path) => {
    const module = join(import.meta.dirname, "../../src/dataset/spool.ts");
    const script = `import fs from "node:fs"; import { Spool } from ${JSON.stringify(module)}; ${code}`;
    return execFileSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
      env: { TMPDIR: tmpdir },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  };

  it("is in TMPDIR, has no name, and its owner alone could read it", () => {
    const code = `
      const open = () => fs.readdirSync("/proc/self/fd").map((fd) => {
        try { return [fs.readlinkSync("/proc/self/fd/" + fd), fs.statSync("/proc/self/fd/" + fd).mode & 0o777]; } catch { return ["", 0]; }
      });
      const spool = new Spool("data", 100);
      spool.write(Buffer.from("secret"));
      const [file, mode] = open().find(([name]) => name.includes("spool"));
      process.stdout.write([file.startsWith(process.env.TMPDIR), file.endsWith("(deleted)"), mode.toString(8)].join());`;
    assert.equal(inFolder(code), "true,true,600");
    assert.deepEqual(fs.readdirSync(folder.path), []);
  });

  it("says what to do where TMPDIR is no folder", () => {
    const code = `try { new Spool("data", 100); } catch (error) { process.stdout.write(error.message); }`;
    const message = inFolder(code, join(folder.path, "none"));
    assert.match(message, /data: cannot be unpacked in .*none \(ENOENT\)\. Set TMPDIR/);
  });

  it("refuses what exceeds its limit or the disk, before it writes", () => {
    const spool = new Spool("data", 10);
    spool.write(new Uint8Array(10));
    assert.throws(() => spool.write(new Uint8Array(1)), /needs 11 bytes .*the limit is 10/);
    assert.equal(spool.size, 10);
    spool.close();
    const large = new Spool("data", Number.MAX_SAFE_INTEGER);
    assert.throws(
      () => large.reserve(2 ** 52),
      (e) =>
        e instanceof DataFileError &&
        /needs \d+ bytes of temporary space; .* has \d+\. Set TMPDIR/.test(e.message),
    );
    large.close();
  });

  it("gives rows back as they were pushed, beyond its buffer", () => {
    const rows = new RowSpool("data", 2 ** 30);
    const count = 3 * 100_000;
    for (let i = 0; i < count; i++) rows.push(i / 3);
    const matrix = rows.matrix(3, String);
    assert.equal(matrix.rows, count / 3);
    const got = all(matrix);
    for (let i = 0; i < count; i += 997) assert.equal(got[i], i / 3);
  });

  it("refuses a table without a row", () => {
    const rows = new RowSpool("data", 100);
    assert.throws(() => rows.matrix(3, String), /no sample/);
  });
});
