import { Command } from "commander";
import { command as announce } from "./announce.ts";
import { command as attest } from "./attest.ts";
import { command as bench } from "./bench.ts";
import { command as completion } from "./completion.ts";
import { command as demo } from "./demo.ts";
import { command as dispute } from "./dispute.ts";
import { command as doctor } from "./doctor.ts";
import { command as draw } from "./draw.ts";
import { command as exportWeights } from "./export.ts";
import { command as init } from "./init.ts";
import { command as prove } from "./prove.ts";
import { command as query } from "./query.ts";
import { command as record } from "./record.ts";
import { command as register } from "./register.ts";
import { command as relay } from "./relay.ts";
import { command as report } from "./report.ts";
import { command as retract } from "./retract.ts";
import { command as revoke } from "./revoke.ts";
import { command as train } from "./train.ts";
import { command as validation } from "./validation.ts";
import { command as verify } from "./verify.ts";
import { command as watch } from "./watch.ts";
import { main, version } from "./lib/verb.ts";

/** The tree of verbs, from which shell completion is made, too. */
export const program = new Command("trainproof")
  .description(
    "Prove in zero knowledge how a neural network was trained; register and check such claims.",
  )
  .version(version)
  // query, dispute and record have verbs of their own, with the same options.
  .enablePositionalOptions()
  .addHelpText(
    "after",
    "\nExample:\n  trainproof verify runs/mnist\n\nExit codes: 0 ok, 1 internal, 2 usage, 3 proof invalid, 4 not found, 5 chain.",
  )
  .showHelpAfterError("(--help shows the verbs)")
  .exitOverride();
for (const command of [
  init,
  announce,
  draw,
  train,
  prove,
  exportWeights,
  report,
  verify,
  register,
  attest,
  relay,
  retract,
  revoke,
  watch,
  query,
  dispute,
  validation,
  record,
  demo,
  doctor,
  completion,
  bench,
]) {
  program.addCommand(command);
}
// Not where a test or another module imports the tree. trainproof.mjs sets argv.
if (process.argv[1] === import.meta.filename) await main(program);
