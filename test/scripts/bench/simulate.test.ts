import assert from "node:assert/strict";
import { EventLoop } from "../../../scripts/bench/scale/eventLoop.ts";
import { longer, remedies, scenario } from "../../../scripts/bench/scale/scenarios.ts";
import { type SegmentCosts, simulate, type Site } from "../../../scripts/bench/scale/simulate.ts";
import { Host, Station } from "../../../scripts/bench/scale/stations.ts";

const costs: SegmentCosts = {
  ...{ train: 1, commit: 0, seal: 0, look: 0, assemble: 0, verify: 0 },
  ...{ open: 0, retrain: 1, prove: 9, close: 0, first: 0, turn: 0, redis: 0 },
  ...{ inputBytes: 0, proofBytes: 0 },
};
const site: Site = {
  ...{ trainers: 1, workers: 1, segments: 20, ahead: 1000, check: 1, verifyThreads: 1 },
  ...{ storeBytesPerSecond: 1e9, stores: 1 },
};
const near = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) < 1e-6 * Math.max(1, wanted), `${found}, not ${wanted}`);

describe("the simulation of many workers", () => {
  it("has events in the order of their time, and of their making within one moment", () => {
    const loop = new EventLoop();
    const seen: string[] = [];
    for (const [time, name] of [
      [3, "d"],
      [1, "a"],
      [2, "c"],
      [1, "b"],
    ] as const)
      loop.after(time, () => {
        seen.push(`${name}${loop.now}`);
        if (name === "a") loop.after(0, () => seen.push(`again${loop.now}`));
      });
    loop.run();
    assert.deepEqual(seen, ["a1", "b1", "again1", "c2", "d3"]);
    assert.throws(() => loop.after(-1, () => undefined), RangeError);
    assert.throws(() => loop.after(NaN, () => undefined), RangeError);
  });

  it("a station works on as many tasks as it has servers, in their order", () => {
    const loop = new EventLoop();
    const station = new Station(loop, 2);
    const ends: [number, number][] = [];
    for (let task = 0; task < 5000; task++) station.serve(2, () => ends.push([task, loop.now]));
    loop.run();
    assert.deepEqual(
      ends,
      Array.from({ length: 5000 }, (_, task) => [task, 2 * (1 + Math.floor(task / 2))]),
    );
    near(station.busy, 10_000);
    near(station.use(5000), 1);
  });

  it("tasks share a machine's cores evenly, and none is faster than alone", () => {
    const loop = new EventLoop();
    const host = new Host(loop, 2);
    const ends: Record<string, number> = {};
    const run = (name: string, seconds: number, threads: number) =>
      host.run(seconds, threads, () => (ends[name] = loop.now));
    run("a", 10, 1); // alone until 4: two cores, three threads from then until "b" ends
    loop.after(4, () => run("b", 4, 2));
    loop.run();
    near(ends["b"]!, 4 + 4 * 1.5);
    near(ends["a"]!, 4 + 6 + 2);
  });

  it("trains, proves and finishes every segment once, whatever the site", () => {
    for (const workers of [1, 3, 50])
      for (const trainers of [1, 4])
        for (const ahead of [1, 2, 100])
          for (const check of [0, 0.3, 1]) {
            const found = simulate(
              { ...costs, verify: 3, redis: 0.01, inputBytes: 1e8 },
              { ...site, workers, trainers, ahead, check },
            );
            const all = 20 * trainers;
            assert.deepEqual([found.trained, found.proven, found.finished], [all, all, all]);
            assert.ok(found.storedBytes <= 1e8 * ahead * trainers, "more ahead than allowed");
            for (const [part, use] of Object.entries(found.use))
              assert.ok(use >= 0 && use <= 1 + 1e-9, `${part}: ${use}`);
          }
  });

  it("one worker takes the serial time, after the first segment's training", () => {
    const found = simulate(costs, site);
    near(found.seconds, 1 + 20 * 10);
    assert.equal(found.limit, "workers");
    const parts = { ...costs, open: 0.5, close: 0.25, turn: 0.125, redis: 0.125 };
    // The first input is waited for, and the last proof's way back: all others are on their way while it computes.
    near(simulate(parts, site).seconds, 1 + 0.75 + 20 * 10 + 0.25);
    // An input that takes longer than there is time for is waited for in part.
    const slow = { ...costs, open: 40 };
    near(simulate(slow, site).seconds, 1 + 40 + 20 * 10 + 19 * 30);
  });

  it("each worker's first segment takes longer by what its memory's first touch does", () => {
    const cold = { ...costs, first: 6 };
    near(simulate(cold, site).seconds, 1 + 6 + 20 * 10);
    const trained = { ...site, segments: 8, trainFirst: true };
    near(simulate(cold, { ...trained, workers: 4 }).seconds, 6 + 2 * 10);
  });

  it("workers without end take the time of training, and the last segment's proof", () => {
    const found = simulate(costs, { ...site, workers: 1e6 });
    near(found.seconds, 20 * 1 + 10);
    assert.equal(found.limit, "training");
    near(simulate({ ...costs, commit: 2 }, { ...site, workers: 1e6 }).seconds, 20 * 3 + 10);
  });

  it("ten workers are all that this trainer can feed: the eleventh changes nothing", () => {
    const long = { ...site, segments: 1000 };
    const [ten, eleven] = [10, 11].map((workers) => simulate(costs, { ...long, workers }).seconds);
    near(ten!, eleven!);
    assert.ok(simulate(costs, { ...long, workers: 5 }).seconds > 1.9 * ten!);
  });

  it("a trainer that may not train ahead waits for each proof", () => {
    near(simulate(costs, { ...site, workers: 100, ahead: 1 }).seconds, 20 * (1 + 10));
  });

  it("a store, a verifier, the main thread and Redis are the limit where they are slow; more of them help", () => {
    const many = { ...site, workers: 1000, trainers: 10 };
    const bytes = { ...costs, inputBytes: 1e9 };
    const slow = simulate(bytes, many);
    assert.equal(slow.limit, "store");
    assert.ok(slow.seconds >= 200 * 2, "each input goes in and out at a second each");
    assert.ok(simulate(bytes, { ...many, stores: 10 }).seconds < slow.seconds / 4);
    const verify = { ...costs, verify: 5 };
    assert.equal(simulate(verify, many).limit, "verifying");
    assert.ok(simulate(verify, many).seconds >= 20 * 5);
    assert.ok(simulate(verify, { ...many, check: 0.1 }).seconds < 50);
    assert.ok(simulate(verify, { ...many, verifyThreads: 5 }).seconds < 50);
    assert.equal(simulate({ ...costs, assemble: 4 }, many).limit, "assembly");
    const redis = simulate({ ...costs, redis: 2 }, many);
    assert.equal(redis.limit, "Redis");
    assert.ok(redis.seconds >= 200 * 2);
  });

  it("looking at all that is offered costs more, the more there is", () => {
    const look = { ...costs, look: 0.01, train: 0.001 };
    const [few, many] = [10, 500].map((ahead) =>
      simulate(look, { ...site, segments: 500, workers: 500, ahead }),
    );
    assert.ok(many!.use.assembly > few!.use.assembly);
  });

  it("a machine shared by all is no faster with more workers than cores", () => {
    const trained = { ...site, segments: 8, trainFirst: true };
    const at = (workers: number) =>
      simulate(costs, { ...trained, workers, shared: { cores: 2, threads: 1 } }).seconds;
    near(at(1), 80);
    near(at(2), 40);
    near(at(4), 40);
  });

  it("longer segments have the work of as many steps, and fewer bytes a step", () => {
    const given = {
      ...{ steps: 16, storeBytesPerSecond: 1e9, verifyThreads: 2 },
      segment: { ...costs, commit: 2, verify: 1, inputBytes: 1000 },
    };
    const { steps, segment } = longer(given, 4, { sampleBytes: 10 });
    assert.equal(steps, 64);
    const { train, commit, retrain, prove, verify, inputBytes } = segment;
    assert.deepEqual(
      [train, commit, retrain, prove, verify, inputBytes],
      [4, 2, 4, 36, 1, 1000 + 10 * 48],
    );
    for (const one of remedies(given, { sampleBytes: 10 })) {
      const total = one.site.segments * one.site.trainers * one.costs.steps;
      assert.ok(Math.abs(total / one.steps - 1) < 0.1, `${one.title}: ${total} steps`);
    }
    assert.equal(scenario("", 10, 1000, given).site.segments, 63);
  });
});
