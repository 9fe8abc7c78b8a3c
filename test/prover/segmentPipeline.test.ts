import assert from "node:assert/strict";
import path from "node:path";
import {
  createRun,
  loadPlan,
  openPlanData,
  publicConfig,
  resolvePlan,
} from "../../src/artifact/index.ts";
import { NativeProver, ProverError, proveRun } from "../../src/prover/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { writeTiny } from "../e2e/verbs.ts";

/** The CPU's prover, which says that it has several devices and may be disturbed. */
function disturbed(
  prover: NativeProver,
  devices: string[],
  events: string[],
  fail: (proof: number) => ProverError | undefined = () => undefined,
): NativeProver {
  let [sent, trained, proofs] = [0, 0, 0];
  const chosen = [...devices];
  const stand: Partial<NativeProver> = {
    info: () => ({ ...prover.info(), backend: chosen.join(), devices: chosen }),
    schedule: (statement) => prover.schedule(statement),
    initialWeights: (statement) => prover.initialWeights(statement),
    commitSamples: (...args) => prover.commitSamples(...args),
    commitWeights: (...args) => prover.commitWeights(...args),
    readWeights: (weights) => prover.readWeights(weights),
    sendBatch: (...args) => {
      events.push(`send ${sent++}`);
      return prover.sendBatch(...args);
    },
    train: (...args) => {
      events.push(`train ${trained++}`);
      return prover.train(...args);
    },
    prove: async (input, options) => {
      const proof = proofs++;
      events.push(`prove ${proof} on ${input.device}`);
      const error = fail(proof);
      if (error?.code === "Device") chosen.splice(0, chosen.length, "cpu");
      if (error) throw error;
      const bytes = await prover.prove({ ...input, device: 0 }, options);
      events.push(`proved ${proof}`);
      return bytes;
    },
  };
  return stand as NativeProver;
}

describe("segments on several devices", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let prover: NativeProver;
  let count = 0;
  before(async () => {
    prover = await NativeProver.load({ device: "cpu" });
  });

  const newRun = async () => {
    const file = writeTiny(path.join(folder.path, `plan${count}`), { steps: 16, segmentSteps: 4 });
    const loaded = loadPlan(file);
    const data = await openPlanData(loaded, "train");
    const resolved = resolvePlan(loaded.plan, file, { samples: data.count });
    const config = publicConfig(resolved, undefined);
    return { data, run: createRun({ folder: path.join(folder.path, `run${count++}`), config }) };
  };

  it("trains the next one while proofs are made, and finishes them in order", async () => {
    const { data, run } = await newRun();
    const events: string[] = [];
    const finished: number[] = [];
    await proveRun(run, data, disturbed(prover, ["cuda:0", "cuda:1"], events), {
      onSegment: ({ segment }) => {
        finished.push(segment);
        assert.equal(run.finished, segment + 1);
      },
    });
    assert.deepEqual(finished, [0, 1, 2, 3]);
    assert.ok(events.indexOf("train 1") < events.indexOf("proved 0"), events.join());
    assert.deepEqual(
      events.filter((event) => event.startsWith("prove ")),
      ["prove 0 on 1", "prove 1 on 0", "prove 2 on 1", "prove 3 on 0"],
    );
    // Reads every statement again and checks it against the run's configuration and its neighbours' commitments.
    assert.equal(run.publish().manifest.modelCommitment.length, 66);
    assert.equal(run.resume().segment, undefined);
    run.close();
  });

  it("sends the next batch while the only device proves", async () => {
    const { data, run } = await newRun();
    const events: string[] = [];
    await proveRun(run, data, disturbed(prover, ["cuda:0"], events));
    assert.deepEqual(
      events.filter((event) => event.startsWith("send")),
      ["send 0", "send 1", "send 2", "send 3"],
    );
    for (const next of [1, 2, 3]) {
      const at = [`prove ${next - 1} on 0`, `send ${next}`, `proved ${next - 1}`, `train ${next}`];
      assert.deepEqual(
        events.filter((event) => at.includes(event)),
        at,
      );
    }
    run.close();
  });

  it("ends with the failure of a proof, not with the cancelled others; what was finished stays", async () => {
    const { data, run } = await newRun();
    const fail = (proof: number) =>
      proof === 2 ? new ProverError("Internal", "disturbed") : undefined;
    await assert.rejects(
      proveRun(run, data, disturbed(prover, ["cuda:0", "cuda:1"], [], fail)),
      (error) => error instanceof ProverError && error.message === "disturbed",
    );
    assert.ok(run.finished <= 2, String(run.finished));
    await proveRun(run, data, prover);
    assert.equal(run.finished, 4);
    run.close();
  });

  it("does a segment again on the CPU when a GPU that failed took its trace, and no other failure", async () => {
    const { data, run } = await newRun();
    const events: string[] = [];
    const fail = (proof: number) => (proof === 1 ? new ProverError("Device", "lost") : undefined);
    await proveRun(run, data, disturbed(prover, ["cuda:0"], events, fail));
    assert.equal(run.finished, 4);
    assert.equal(events.filter((event) => event.startsWith("train")).length, 5);
    run.close();

    const again = await newRun();
    const onCpu = disturbed(prover, ["cpu"], [], fail);
    await assert.rejects(proveRun(again.run, again.data, onCpu), /lost/);
    again.run.close();
  });
});
