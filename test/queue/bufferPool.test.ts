import assert from "node:assert/strict";
import { BufferPool } from "../../src/queue/store/index.ts";

describe("memory that is used again", () => {
  it("is wiped when it is given back, and given out again where it is large enough", () => {
    const pool = new BufferPool();
    const first = pool.take(100);
    first.fill(7);
    pool.giveBack(new Int32Array(first.buffer, 4, 10));
    assert.ok(first.every((byte) => byte === 0));
    assert.notEqual(pool.take(101).buffer, first.buffer);
    const again = pool.take(60);
    assert.equal(again.buffer, first.buffer);
    assert.equal(again.length, 60);
    assert.notEqual(pool.take(60).buffer, first.buffer, "it is in use");
  });

  it("lets memory alone that is not its own, and what was given back already", () => {
    const pool = new BufferPool();
    const strange = Uint8Array.of(1, 2, 3);
    pool.giveBack(strange);
    assert.deepEqual([...strange], [1, 2, 3]);
    const own = pool.take(10);
    pool.giveBack(own);
    pool.giveBack(own);
    assert.notEqual(pool.take(10).buffer, pool.take(10).buffer);
  });
});
