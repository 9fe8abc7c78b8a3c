import {
  announcedSchedule,
  type PublicRun,
  type PublicStatement,
  segmentCountOf,
} from "../artifact/published.ts";
import { equalBytes, fromHex } from "../protocol/index.ts";
import { type Verdict, verifyChain } from "../verifier/index.ts";
import type { VerifiedParent } from "./judgeRun.ts";
import { undisclosedStart } from "./undisclosedStart.ts";

/** What the statements of a run say together: the manifest says the same (M1), and they are a chain (C1 to C4). */
export class StatementChain {
  readonly #run: PublicRun;
  readonly #statements: Uint8Array[] = [];
  #steps = 0;

  constructor(run: PublicRun) {
    this.#run = run;
  }

  /** Takes the next statement; what the manifest says otherwise than it. */
  add({ index, statement, statementBytes }: PublicStatement): Verdict {
    this.#statements.push(statementBytes);
    this.#steps += 2 ** statement.tau;
    const { manifest, segmentCount } = this.#run;
    const other = (what: string, which: string) =>
      ({
        ok: false,
        check: "M1",
        reason: `the manifest names another ${what} than ${which}`,
      }) as const;
    if (!equalBytes(statement.dataRoot, fromHex(manifest.dataRoot)))
      return other("data root", "the statement");
    if (!equalBytes(statement.runId, fromHex(manifest.runId)))
      return other("run id", "the statement");
    const last = index === segmentCount - 1;
    if (last && !equalBytes(statement.weightsOut, fromHex(manifest.modelCommitment)))
      return other("model", "the last statement");
    return { ok: true };
  }

  /** The verdict on all statements, once they are there. */
  verdict(parent: VerifiedParent | undefined): Verdict & { segment?: number } {
    const { manifest, config, segmentCount } = this.#run;
    if (this.#steps !== manifest.steps || this.#statements.length !== segmentCountOf(config)) {
      const reason = `the statements prove ${this.#steps} steps, the manifest says otherwise`;
      return { ok: false, check: "M1", reason, segment: segmentCount - 1 };
    }
    const chain = verifyChain(this.#statements, {
      parent,
      undisclosed: undisclosedStart(config),
      schedule: announcedSchedule(config),
    });
    return chain.ok ? chain : { ok: false, check: chain.check, reason: chain.reason };
  }
}
