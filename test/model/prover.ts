/**
 * A prover straight from docs/PROTOCOL.md, in dense tables of field elements: a model for tests at
 * toy sizes, without any speed and without secrecy. The coefficients of the final linear form come from
 * the verifier's relations, run over the finished transcript; every value comes from the trace.
 */
import { ascii } from "../../src/protocol/bytes.ts";
import { GENERATOR_DIGEST, type Generators } from "../../src/protocol/generators.ts";
import { encodeProof } from "../../src/protocol/proof.ts";
import { ScalarList } from "../../src/protocol/scalarList.ts";
import { shapeOf } from "../../src/protocol/shape.ts";
import { encodeStatement, type Statement } from "../../src/protocol/statement.ts";
import { Transcript } from "../../src/protocol/transcript.ts";
import { Ledger } from "../../src/verifier/ledger.ts";
import { backward } from "../../src/verifier/relations/backward.ts";
import { forward } from "../../src/verifier/relations/forward.ts";
import { lookup } from "../../src/verifier/relations/lookup.ts";
import { opening } from "../../src/verifier/relations/opening.ts";
import { update } from "../../src/verifier/relations/update.ts";
import { zkrelu } from "../../src/verifier/relations/zkrelu.ts";
import { commit, commitRows, type Rows } from "./commit.ts";
import type { Model } from "./context.ts";
import { DenseProver, eqTable, type Tamper } from "./dense.ts";
import { proveLookup } from "./lookup.ts";
import { proveOpening } from "./opening.ts";
import { proveBackward, proveForward, proveUpdate } from "./products.ts";
import type { Random } from "./random.ts";
import { type Cheat, proveSigma } from "./sigma.ts";
import type { Committed, Trace } from "./training.ts";
import { proveZkRelu } from "./zkrelu.ts";

export interface Proving {
  readonly statement: Statement;
  readonly trace: Trace;
  readonly committed: Committed;
  /** The commitments that outlive the proof, with their blindings. */
  readonly rows: { readonly X: Rows; readonly WIn: Rows; readonly WOut: Rows };
  readonly generators: Generators;
  readonly random: Random;
  readonly tamper?: Tamper | undefined;
  readonly cheat?: Cheat | undefined;
}

/** Proves a trace, be it right or wrong. Gives the proof, and χ(y) of its opening. */
export function prove(input: Proving): { proof: Uint8Array; columns: readonly bigint[] } {
  const { statement: s, trace, committed, generators, random, cheat = {} } = input;
  const shape = shapeOf(s);
  const columns = 2 ** s.kappa;
  const commitOwn = (values: bigint[]): Rows => commitRows(values, columns, generators, random);
  const [D, M, mu] = [commitOwn(committed.D), commitOwn(committed.M), commitOwn(committed.mu)];
  const rows = { D, M, mu, ...input.rows };
  const pads = Array.from({ length: shape.hiddenValues }, () => random.scalar());
  const padBlinding = random.scalar();
  const committedPads = [...pads];
  cheat.committedPads?.(committedPads);
  const K = commit(committedPads, padBlinding, generators.P, generators.H);

  const begin = (): Transcript => {
    const transcript = new Transcript();
    transcript.absorbBytes("version", ascii("trainproof/1"));
    transcript.absorbBytes("statement", encodeStatement(s));
    transcript.absorbBytes("generators", GENERATOR_DIGEST);
    transcript.absorbPoints("samples", rows.X.points);
    if (s.startKind !== 0) transcript.absorbPoints("weights.in", rows.WIn.points);
    transcript.absorbPoints("weights.out", rows.WOut.points);
    transcript.absorbPoints("D", D.points);
    transcript.absorbPoints("M", M.points);
    transcript.absorbPoints("mu", mu.points);
    transcript.absorbPoints("K", [K]);
    return transcript;
  };
  const prover = new DenseProver(begin(), pads, input.tamper);
  const own = { ...shape, ...cheat.shape };
  const model: Model = { s, shape: own, trace, committed, prover, columns };
  const lkp = proveLookup(model, cheat.leaves);
  const fwd = proveForward(model);
  const bwd = proveBackward(model);
  const upd = proveUpdate(model, fwd, bwd);
  const zkr = proveZkRelu(model, fwd, bwd, upd);
  const claims = { lookup: lkp, forward: fwd, update: upd, zkrelu: zkr };
  const opened = proveOpening(model, rows, claims, cheat.claims);

  const replay = begin();
  const ctx = {
    statement: s,
    shape,
    transcript: replay,
    ledger: new Ledger(ScalarList.of(prover.padded), replay),
  };
  const open = verifierOpening(ctx);
  const secrets = { ...opened, pads, padBlinding };
  const sigma = proveSigma(ctx, open, prover, secrets, generators, random, cheat);
  const said = { D: D.points, M: M.points, mu: mu.points, K: [K], hidden: prover.padded };
  return { proof: encodeProof({ ...said, ...sigma }), columns: eqTable(open.y) };
}

/** Runs the verifier's relations, which leave all constraints in the ledger. */
function verifierOpening(ctx: Parameters<typeof lookup>[0]): ReturnType<typeof opening> {
  const lkp = lookup(ctx);
  const fwd = forward(ctx);
  const bwd = backward(ctx);
  const upd = update(ctx, fwd, bwd);
  const zkr = zkrelu(ctx, fwd, bwd, upd);
  return opening(ctx, { lookup: lkp, forward: fwd, update: upd, zkrelu: zkr });
}
