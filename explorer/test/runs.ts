import assert from "node:assert/strict";
import path from "node:path";
import { forgeRun } from "../../scripts/lib/explore.ts";
import { runVerb, writeTiny } from "../../test/e2e/verbs.ts";

/** Trains and proves a tiny network with the native prover, as the verb does; `changes` to the plan. */
export async function proveTiny(
  folder: string,
  changes: Record<string, unknown> = {},
  name = "run",
): Promise<string> {
  const plan = writeTiny(folder, changes);
  const run = path.join(folder, name);
  const { code, stderr } = await runVerb(["prove", plan, "--run", run]);
  assert.equal(code, 0, stderr);
  return run;
}

/** A copy of a run in which a proof is forged; returns it. */
export function forge(run: string, copy: string): string {
  forgeRun(run, copy);
  return copy;
}
