import assert from "node:assert/strict";
import { TurnOrder } from "../../src/queue/worker/turn.ts";

const never = new AbortController().signal;
const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let is = false;
  const done = () => void (is = true);
  promise.then(done, done);
  await later();
  return is;
}

describe("the order of a worker's jobs", () => {
  it("has room for one, and for a second when the first is about to end", async () => {
    const order = new TurnOrder();
    assert.ok(await settled(order.room()));
    const first = order.take(never);
    const room = order.room();
    assert.ok(!(await settled(room)));
    first.ending();
    assert.ok(await settled(room));
    const second = order.take(never);
    second.ending();
    assert.ok(!(await settled(order.room())), "two are held");
    first.over();
    assert.ok(await settled(order.room()));
  });

  it("lets one compute at a time", async () => {
    const order = new TurnOrder();
    const first = order.take(never);
    await first.begin(first.signal);
    first.ending();
    const second = order.take(never);
    const begun = second.begin(second.signal);
    assert.ok(!(await settled(begun)));
    first.computed();
    await begun;
    // While the first one's answer is on its way the second computes, and no third is taken.
    assert.ok(!(await settled(order.room())));
  });

  it("goes on where the one before failed", async () => {
    const order = new TurnOrder();
    const first = order.take(never);
    first.ending();
    const second = order.take(never);
    first.over();
    await second.begin(second.signal);
  });

  it("ends those that do not compute yet, and lets the one that does finish", async () => {
    const order = new TurnOrder();
    const first = order.take(never);
    await first.begin(first.signal);
    first.ending();
    const second = order.take(never);
    const begun = second.begin(second.signal);
    order.end();
    await assert.rejects(begun, { name: "AbortError" });
    assert.ok(second.signal.aborted && !second.isLost && !first.signal.aborted);
    assert.ok(await settled(order.room()));
    assert.ok(order.take(never).signal.aborted, "taken too late");
  });

  it("tells a job that was lost, while it waits", async () => {
    const order = new TurnOrder();
    const first = order.take(never);
    first.ending();
    const lost = new AbortController();
    const second = order.take(lost.signal);
    const begun = second.begin(second.signal);
    lost.abort();
    await assert.rejects(begun);
    assert.ok(second.isLost);
  });
});
