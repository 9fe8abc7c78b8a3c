import assert from "node:assert/strict";
import { weightBound } from "../../src/protocol/check.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { type Verdict, verifyChain, verifyRun } from "../../src/verifier/index.ts";
import { GENERATORS, toy } from "../model/toy.ts";

const options = { widths: [2, 2, 1], tau: 1, beta: 0 };
const first = toy({ ...options, seed: "chain" });
const second = toy({ after: first, seed: "chain, second" });
const third = toy({ after: second, seed: "chain, third" });
const segments = [first, second, third];
const bytes = segments.map((one) => one.bytes);
const parent = {
  modelCommitment: first.statement.weightsOut,
  weightBound: weightBound(first.statement),
  weights: first.weightsOut,
};
/** A run that continues the first segment as its parent claim. */
const child = { ...second.statement, firstStep: 0n };

const is = (verdict: Verdict, check: string, reason: RegExp): void => {
  assert.equal(verdict.ok, false);
  assert.equal(verdict.check, check, verdict.reason);
  assert.match(verdict.reason, reason);
};
const accepted = { ok: true };

describe("verifyChain", () => {
  it("accepts a run, and each of its beginnings", () => {
    for (let n = 1; n <= 3; n++) assert.deepEqual(verifyChain(bytes.slice(0, n)), accepted);
  });

  it("accepts a run that continues its parent", () => {
    assert.deepEqual(verifyChain([encodeStatement(child)], { parent }), accepted);
  });

  const flip = (value: Uint8Array): Uint8Array => value.with(0, value[0]! ^ 1);
  const changes: Record<string, (s: Statement) => Partial<Statement>> = {
    runId: (s) => ({ runId: flip(s.runId) }),
    scheduleSeed: (s) => ({ scheduleSeed: flip(s.scheduleSeed) }),
    beta: (s) => ({ beta: s.beta + 1 }),
    kappa: (s) => ({ kappa: s.kappa + 1 }),
    b: () => ({ b: 16, dg: 2 }),
    R: (s) => ({ R: s.R + 8 }),
    dv: (s) => ({ dv: s.dv - 1 }),
    dg: (s) => ({ dg: s.dg - 1 }),
    fA: (s) => ({ fA: s.fA - 1 }),
    fG: (s) => ({ fG: s.fG + 1 }),
    sigma: (s) => ({ sigma: s.sigma - 1 }),
    eta: (s) => ({ eta: s.eta - 1n }),
    x0: (s) => ({ x0: s.x0 + 1 }),
    y0: (s) => ({ y0: s.y0 + 1 }),
    samples: (s) => ({ samples: s.samples + 1n }),
    dataRoot: (s) => ({ dataRoot: flip(s.dataRoot) }),
    widths: () => ({ widths: [2, 3, 1] }),
    firstStep: (s) => ({ firstStep: s.firstStep + 1n }),
    start: (s) => ({ start: flip(s.start) }),
    W0: (s) => ({ W0: s.W0 - 1n }),
  };
  for (const [field, change] of Object.entries(changes))
    it(`C1: another ${field} than the segment before asks for`, () => {
      const other = encodeStatement({ ...second.statement, ...change(second.statement) });
      is(verifyChain([bytes[0]!, other]), "C1", new RegExp(`segment 1: ${field}`));
    });

  it("fields that may differ from segment to segment may", () => {
    const longer = encodeStatement({ ...second.statement, tau: 0, W0: second.statement.W0 * 2n });
    assert.deepEqual(verifyChain([bytes[0]!, longer]), accepted);
  });

  it("C1: a missing, repeated or exchanged segment", () => {
    is(verifyChain([bytes[0]!, bytes[2]!]), "C1", /segment 1: firstStep/);
    is(verifyChain([bytes[0]!, bytes[0]!]), "C1", /segment 1/);
    is(verifyChain([bytes[0]!, bytes[2]!, bytes[1]!]), "C1", /segment 1/);
  });

  it("C2: no segment, or a first one that does not start at step 0", () => {
    is(verifyChain([]), "C2", /needs a segment/);
    is(verifyChain(bytes.slice(1), { parent }), "C2", /firstStep is 2/);
  });

  it("C3: committed weights that are not the parent's", () => {
    const one = [encodeStatement(child)];
    is(verifyChain(one), "C3", /startKind is 1, .* starts from a public seed/);
    is(
      verifyChain(one, { parent: { ...parent, modelCommitment: child.weightsOut } }),
      "C3",
      /model commitment/,
    );
    is(
      verifyChain(one, { parent: { ...parent, weightBound: child.W0 + 1n } }),
      "C3",
      /weight bound/,
    );
    is(verifyChain(bytes, { parent }), "C3", /startKind is 0, a public seed, .* a parent claim/);
  });

  describe("a run from undisclosed weights", () => {
    const one = toy({ ...options, undisclosed: {}, seed: "chain, undisclosed" });
    const next = toy({ after: one, seed: "chain, after undisclosed" });
    const { start: modelCommitment, W0: weightBound } = one.statement;
    const undisclosed = { modelCommitment, weightBound, weights: one.weightsIn! };
    const list = [one.bytes, next.bytes];
    const parentOf = { modelCommitment, weightBound, weights: undisclosed.weights };

    it("is accepted where it says so, and its proofs with their weights", () => {
      assert.deepEqual(verifyChain(list, { undisclosed }), accepted);
      const segments = [one, next].map(({ bytes: statement, proof, weightsOut }) => ({
        statement,
        proof,
        weightsOut,
      }));
      const options = { generators: GENERATORS, undisclosed };
      assert.deepEqual(verifyRun(segments, one.samples, options), accepted);
      const weights = one.weightsOut;
      const wrong = { ...options, undisclosed: { ...undisclosed, weights } };
      is(verifyRun(segments, one.samples, wrong), "V2.5", /./);
    });

    it("C3: where the run says that it starts from a seed or continues another", () => {
      is(verifyChain(list), "C3", /startKind is 2, undisclosed weights, .* a public seed/);
      is(verifyChain(list, { parent: parentOf }), "C3", /startKind is 2, .* a parent claim/);
      is(verifyChain(list, { parent: parentOf, undisclosed }), "C3", /one of them/);
    });

    it("C3: other weights, or another bound, than those that the run says", () => {
      const others = { ...undisclosed, modelCommitment: one.statement.weightsOut };
      is(verifyChain(list, { undisclosed: others }), "C3", /commitment to the undisclosed/);
      for (const bound of [weightBound - 1n, weightBound + 1n, 2n * weightBound])
        is(
          verifyChain(list, { undisclosed: { ...undisclosed, weightBound: bound } }),
          "C3",
          /W0 = 32768 is not/,
        );
    });

    it("C3: a run from a seed or a parent that is said to start from undisclosed weights", () => {
      is(verifyChain(bytes, { undisclosed }), "C3", /startKind is 0/);
      const { start, W0 } = child;
      const said = { modelCommitment: start, weightBound: W0 };
      is(verifyChain([encodeStatement(child)], { undisclosed: said }), "C3", /startKind is 1/);
    });

    it("V1.26: a later segment that would start so", () => {
      const again = encodeStatement({ ...next.statement, startKind: 2, W0: 2n ** 47n });
      is(verifyChain([one.bytes, again], { undisclosed }), "V1.26", /segment 1/);
    });
  });

  describe("a schedule of step sizes", () => {
    const { eta } = first.statement;
    const schedule = [
      { fromStep: 0, eta },
      { fromStep: 4, eta: eta - 1n },
    ];
    const slower = encodeStatement({ ...third.statement, eta: eta - 1n });
    const scheduled = [bytes[0]!, bytes[1]!, slower];

    it("accepts segments with their own step sizes, and a run that ends before the change", () => {
      assert.deepEqual(verifyChain(scheduled, { schedule }), accepted);
      assert.deepEqual(verifyChain(scheduled.slice(0, 2), { schedule }), accepted);
    });

    it("C1: without the schedule the same segments are no run", () => {
      is(verifyChain(scheduled), "C1", /segment 2: eta differs/);
    });

    it("C4: a segment that keeps the former step size", () => {
      is(verifyChain(bytes, { schedule }), "C4", /segment 2: eta is 3, the schedule says 2/);
    });

    it("C4: a segment that changes too early, or a first one with another step size", () => {
      const early = encodeStatement({ ...second.statement, eta: eta - 1n });
      is(verifyChain([bytes[0]!, early, slower], { schedule }), "C4", /segment 1/);
      const other = [{ fromStep: 0, eta: eta + 1n }, schedule[1]!];
      is(verifyChain(scheduled, { schedule: other }), "C4", /segment 0: eta is 3/);
    });

    it("C4: a change that would come within a segment", () => {
      const within = [schedule[0]!, { fromStep: 3, eta }, schedule[1]!];
      is(verifyChain(scheduled, { schedule: within }), "C4", /segment 1: .*at step 3, within/);
    });

    it("C1: a schedule excuses no other difference", () => {
      const other = encodeStatement({ ...second.statement, eta, fA: second.statement.fA - 1 });
      is(verifyChain([bytes[0]!, other], { schedule }), "C1", /segment 1: fA/);
    });

    it("C1: the bound on the weights follows each segment's own step size", () => {
      const fast = { ...second.statement, eta: eta + 1n };
      const bound = weightBound(fast);
      assert.ok(bound > weightBound(second.statement));
      const steps = [
        { fromStep: 0, eta },
        { fromStep: 2, eta: eta + 1n },
        { fromStep: 4, eta },
      ];
      const chain = (W0: bigint) => [
        bytes[0]!,
        encodeStatement(fast),
        encodeStatement({ ...third.statement, W0 }),
      ];
      assert.deepEqual(verifyChain(chain(bound), { schedule: steps }), accepted);
      is(verifyChain(chain(bound - 1n), { schedule: steps }), "C1", /segment 2: W0/);
    });
  });

  it("V1: a statement that is none", () => {
    is(verifyChain([bytes[0]!, bytes[1]!.slice(1)]), "V1.1", /segment 1/);
  });
});

describe("verifyRun", () => {
  const run = (list: typeof segments): Verdict & { segment?: number } =>
    verifyRun(
      list.map(({ bytes: statement, proof, weightsOut }) => ({ statement, proof, weightsOut })),
      first.samples,
      { generators: GENERATORS },
    );

  it("accepts three segments and reports where it is", () => {
    const seen = new Set<number>();
    const verdict = verifyRun(
      segments.map(({ bytes: statement, proof, weightsOut }) => ({ statement, proof, weightsOut })),
      first.samples,
      { generators: GENERATORS, onProgress: (segment) => seen.add(segment) },
    );
    assert.deepEqual(verdict, accepted);
    assert.deepEqual([...seen], [0, 1, 2]);
  });

  it("names the segment whose proof is wrong", () => {
    const proof = third.proof.with(-1, third.proof.at(-1)! ^ 1);
    const verdict = run([first, second, { ...third, proof }]);
    is(verdict, "V5", /./);
    assert.equal(verdict.segment, 2);
  });

  it("checks the chain before any proof", () => {
    is(run([first, third]), "C1", /segment 1/);
  });

  it("a run from a parent needs the parent's weights", () => {
    // A statement with firstStep 0 is another statement: the proof cannot be reused, but V2 passes.
    const segment = {
      statement: encodeStatement(child),
      proof: second.proof,
      weightsOut: second.weightsOut,
    };
    const verdict = verifyRun([segment], first.samples, { generators: GENERATORS, parent });
    is(verdict, "V4", /./);
    const wrong = { ...parent, weights: second.weightsOut };
    is(verifyRun([segment], first.samples, { generators: GENERATORS, parent: wrong }), "V2.5", /./);
  });
});
