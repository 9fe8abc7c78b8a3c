import assert from "node:assert/strict";
import { Pace } from "../../src/queue/worker/pace.ts";

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe("a worker's pace", () => {
  it("goes by the prover's phase at a run's first segment, then by what was left of the one before", async () => {
    const pace = new Pace();
    let ending = 0;
    const begin = (run: string) => pace.begin(run, 0.02, () => void ending++);
    const first = begin("run");
    first.phase("train");
    first.phase("train");
    first.phase("forward");
    assert.equal(ending, 0);
    first.phase("zkrelu");
    assert.equal(ending, 1);
    await pause(600);
    first.proven();
    first.end();
    ending = 0;

    const second = begin("run");
    second.phase("train");
    second.phase("zkrelu");
    assert.equal(ending, 0, "its time has not come");
    // 600 ms, less a tenth and twice 20 ms for fetching: after about 500 ms.
    await pause(50);
    assert.equal(ending, 0);
    await pause(600);
    assert.equal(ending, 1);
    second.end();
    const other = begin("another run");
    other.phase("zkrelu");
    assert.equal(ending, 2);
  });

  it("is corrected by each phase", async () => {
    const pace = new Pace();
    let ending = 0;
    const begin = () => pace.begin("run", 0.001, () => void ending++);
    const first = begin();
    first.phase("train");
    await pause(2000);
    first.phase("opening");
    first.proven();
    first.end();
    ending = 0;
    // This one is quicker: it is at its last phase at once, of which nothing was left.
    const second = begin();
    second.phase("train");
    second.phase("opening");
    await pause(100);
    assert.equal(ending, 1);
    second.end();
  });

  it("learns nothing from a segment that failed, and says nothing once it has ended", async () => {
    const pace = new Pace();
    let ending = 0;
    const begin = () => pace.begin("run", 0, () => void ending++);
    const failed = begin();
    failed.phase("zkrelu");
    failed.end();
    assert.equal(ending, 1);
    const again = begin();
    again.phase("zkrelu");
    assert.equal(ending, 2, "still by the phase");
    await pause(20);
    again.proven();
    again.end();
    assert.equal(ending, 3);
    const cut = begin();
    cut.phase("zkrelu");
    cut.end();
    await pause(60);
    assert.equal(ending, 3);
  });
});
