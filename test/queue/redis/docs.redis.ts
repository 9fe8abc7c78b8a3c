import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import { indentedOf } from "../../docs/commands.ts";
import { program, runVerb, writeTiny } from "../../e2e/verbs.ts";
import { Watched } from "./processes.ts";
import { sites } from "./site.ts";

describe("docs/QUEUE.md", () => {
  const site = sites();

  it("its first commands prove a run: a trainer, and a worker that has the trainer's key file", async () => {
    const s = await site.make();
    const folder = path.join(s.folder, "reader");
    const plan = writeTiny(path.join(folder, "examples"));
    renameSync(plan, path.join(folder, "examples/mnist.json"));
    const [first = "", trainer = "", worker = "", ...more] = indentedOf("docs/QUEUE.md")
      .split("\n")
      .filter((line) => line !== "");
    assert.match(first, /^export TRAINPROOF_QUEUE=\S+ TRAINPROOF_STORE=\S+$/);
    assert.deepEqual(more, []);
    const start = (line: string) => {
      assert.match(line, /^npx trainproof /);
      const env = {
        TRAINPROOF_QUEUE: s.redis.url,
        TRAINPROOF_STORE: s.store,
        NODE: process.execPath,
        PROGRAM: program,
      };
      const script = line.replace("npx trainproof", 'exec "$NODE" "$PROGRAM"');
      return s.with(new Watched("bash", ["-c", script], env, folder));
    };
    const trains = start(trainer);
    while (!existsSync(path.join(folder, "mnist.key")))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const works = start(worker);
    const { code, stderr } = await trains.ended;
    assert.equal(code, 0, stderr);
    assert.equal((await works.kill("SIGTERM")).code, 0);
    const verified = await runVerb(["verify", path.join(folder, "runs/mnist")]);
    assert.match(verified.stdout, /^VALID: 12 steps in 2 segments/m);
  });
});
