import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createRun, openRun, RunLockedError } from "../../src/artifact/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { config } from "./runs.ts";

describe("run lock", () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "run");
  const lock = join(path, "lock.json");
  before(() => createRun({ folder: path, config }).close());
  afterEach(() => fs.rmSync(lock, { force: true }));

  it("keeps a second writer out and lets it in after close", () => {
    const run = openRun(path);
    assert.throws(
      () => openRun(path),
      (e) => e instanceof RunLockedError && e.message.includes(`process ${process.pid}`),
    );
    run.close();
    openRun(path).close();
    assert.equal(fs.existsSync(lock), false);
  });

  it("keeps another living process out, and takes over once it is killed", async () => {
    const script = `import { openRun } from ${JSON.stringify(import.meta.resolve("../../src/artifact/index.ts"))};
      openRun(${JSON.stringify(path)}); process.stdout.write("locked"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    assert.throws(
      () => openRun(path),
      (e) => e instanceof RunLockedError && e.message.includes(`process ${child.pid}`),
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    openRun(path).close();
  });

  it("takes over a lock whose process id now belongs to another process", () => {
    fs.writeFileSync(
      lock,
      JSON.stringify({ pid: process.pid, host: hostname(), started: "1", id: "0" }),
    );
    openRun(path).close();
  });

  it("leaves locks of other machines and unreadable ones alone", () => {
    for (const text of [
      JSON.stringify({ pid: 2 ** 30, host: "elsewhere", started: null, id: "0" }),
      "",
      "{",
      '{"pid":-1}',
    ]) {
      fs.writeFileSync(lock, text);
      assert.throws(
        () => openRun(path),
        (e) => e instanceof RunLockedError && /delete lock\.json/.test(e.message),
      );
      assert.equal(fs.readFileSync(lock, "utf8"), text);
    }
  });

  it("closing does not remove a lock that another process holds by now", () => {
    const run = openRun(path);
    fs.writeFileSync(lock, "other");
    run.close();
    assert.equal(fs.readFileSync(lock, "utf8"), "other");
  });

  it("removes the lock candidates of killed processes, not of living ones", () => {
    const dead = join(path, `.lock-${2 ** 22 + 1}-00`);
    const alive = join(path, `.lock-${process.ppid}-00`);
    fs.writeFileSync(dead, "");
    fs.writeFileSync(alive, "");
    openRun(path).close();
    assert.deepEqual([fs.existsSync(dead), fs.existsSync(alive)], [false, true]);
    fs.rmSync(alive);
  });
});
