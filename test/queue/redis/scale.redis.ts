import assert from "node:assert/strict";
import { runVerb } from "../../e2e/verbs.ts";

interface Scale {
  overhead: number;
  inProcess: { prove: number };
  runs: {
    workers: number;
    seconds: number;
    cycle: number;
    train: number;
    prove: number;
    fetch: number;
  }[];
  compared: { workers: number; measured: number; simulated: number }[];
  simulated: { name: string; finished: number; limit: string }[];
}

describe("bench scale", () => {
  it("measures workers on a real Redis, and simulates from that", async () => {
    const { code, stdout, stderr } = await runVerb(["bench", "scale", "--small", "--json"]);
    assert.equal(code, 0, stderr);
    const { overhead, inProcess, runs, compared, simulated } = JSON.parse(stdout) as Scale;
    assert.ok(overhead > 0 && inProcess.prove > 0);
    assert.deepEqual(
      runs.map(({ workers }) => workers),
      [1, 1, 2, 4],
    );
    for (const run of runs) {
      assert.ok(run.train > 0 && run.prove > 0 && run.fetch > 0, JSON.stringify(run));
      // Medians: of a cycle and of a part of it they may be those of different segments.
      assert.ok(run.cycle > 0 && run.seconds > run.cycle, JSON.stringify(run));
    }
    for (const { measured, simulated: said } of compared) assert.ok(measured > 0 && said > 0);
    assert.equal(simulated.length, 12 + 8);
    for (const { finished, limit } of simulated) assert.ok(finished > 0 && limit !== "");
  });
});
