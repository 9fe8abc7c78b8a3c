import assert from "node:assert/strict";
import { Pace } from "../../src/queue/worker/pace.ts";

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe("a worker's pace", () => {
  it("goes by the prover's phase at a run's first segment, then by what the one before took", async () => {
    const pace = new Pace();
    let ending = 0;
    const begin = (run: string) => pace.begin(run, 0.02, () => void ending++);
    const first = begin("run");
    first.phase("train");
    first.phase("forward");
    assert.equal(ending, 0);
    first.phase("zkrelu");
    assert.equal(ending, 1);
    await pause(600);
    first.proven();
    first.end();
    const second = begin("run");
    second.phase("zkrelu");
    assert.equal(ending, 1, "its time has not come");
    // 600 ms, less twice 20 ms for fetching and a twentieth: after about 530 ms.
    await pause(50);
    assert.equal(ending, 1);
    await pause(600);
    assert.equal(ending, 2);
    second.end();
    begin("another run").phase("zkrelu");
    assert.equal(ending, 3);
  });

  it("learns nothing from a segment that failed, and says nothing once it has ended", async () => {
    const pace = new Pace();
    let ending = 0;
    const begin = () => pace.begin("run", 0, () => void ending++);
    begin().end();
    const again = begin();
    again.phase("zkrelu");
    assert.equal(ending, 1);
    await pause(20);
    again.proven();
    again.end();
    begin().end();
    await pause(60);
    assert.equal(ending, 1);
  });
});
