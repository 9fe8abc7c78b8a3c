import {
  createAnnouncement,
  freshDataSecrets,
  hex32,
  isAnnouncement,
  type OpenedPlan,
  openPlan,
  planDigest,
  publicConfig,
  readAnnouncement,
  requireAnnounceable,
} from "../src/artifact/index.ts";
import { SampleList } from "../src/protocol/index.ts";
import { commitSamples, NativeProver } from "../src/prover/index.ts";
import { announcePlan, countPlans, requireWallet } from "../src/registry/index.ts";
import { type ChainOptions, chainClients } from "./lib/chain.ts";
import { type DeviceOptions, loadOptions, withDevice } from "./lib/device.ts";
import { Progress } from "./lib/progress.ts";
import { interruptible, main, print, UsageError, verb, withChain } from "./lib/verb.ts";

interface AnnounceOptions extends ChainOptions, DeviceOptions {
  json?: boolean;
  out: string;
  send: boolean;
}

/** The root of a fresh commitment to the plan's data, and what opens it. */
async function commitData({ resolved, data }: OpenedPlan, options: DeviceOptions) {
  const progress = new Progress();
  const prover = await NativeProver.load(loadOptions(options, (line) => progress.line(line)));
  const secrets = freshDataSecrets();
  const commitments = await commitSamples(data, prover, secrets, {
    signal: interruptible(),
    onProgress: ({ phase, fraction }) => progress.show(phase, fraction),
  });
  progress.stop();
  const { fixedPoint, x0, y0 } = resolved.run;
  const root = new SampleList(commitments).root({
    features: data.featureCount,
    labels: data.labelCount,
    fA: fixedPoint.fA,
    sigma: fixedPoint.sigma,
    x0,
    y0,
  });
  return { dataRoot: hex32(root), data: secrets };
}

export const command = withDevice(
  withChain(
    verb(
      "announce",
      "Announce a plan before training: commits to its data, and the chain draws its seeds later; the key is TRAINPROOF_PRIVATE_KEY.",
    ),
  ),
)
  .argument("<plan>", "plan file (docs/CONFIG.md); its own seeds are not used")
  .requiredOption("--out <folder>", "folder for the announcement: new, or one to go on with")
  .option("--no-send", "write the folder alone; trainproof relay announces it, without this key")
  .addHelpText(
    "after",
    "\nExample:\n  trainproof announce plan.json --out announced\n  trainproof draw announced\n  trainproof prove plan.json --run run --announced announced",
  )
  .action(async (planFile: string, options: AnnounceOptions) => {
    const clients = options.send ? await chainClients(options, true) : undefined;
    const claimant = clients && requireWallet(clients).account.address;
    const opened = await openPlan(planFile);
    requireAnnounceable(opened, planFile);
    const config = publicConfig(opened.resolved, opened.parent?.link);
    // The folder comes first: a plan whose data key is lost could never be proven.
    const announcement = isAnnouncement(options.out)
      ? readAnnouncement(options.out)
      : createAnnouncement(options.out, { config, ...(await commitData(opened, options)) });
    if (planDigest(config, announcement.dataRoot) !== announcement.planDigest) {
      throw new UsageError(`${options.out} announces another plan; name a new folder`);
    }
    const digest = announcement.planDigest as `0x${string}`;
    if (clients === undefined || claimant === undefined) {
      const { dataRoot } = announcement;
      const text = [`written, not sent: trainproof relay announces ${options.out}`];
      return print({ json: { planDigest: digest, dataRoot, sent: false }, text }, options);
    }
    const result = await announcePlan(clients, { planDigest: digest });
    const count = await countPlans(clients, { claimant });
    print(
      {
        json: { ...result, planDigest: digest, dataRoot: announcement.dataRoot, claimant, count },
        text: [
          result.alreadyAnnounced
            ? "this account had announced this plan before"
            : `announced, ${result.gasUsed} gas`,
          `plan ${result.planId}, number ${result.number} of ${count} of ${claimant}`,
          `the hash of block ${result.seedBlock} makes its seed; draw it soon after: trainproof draw ${options.out}`,
        ],
      },
      options,
    );
  });

if (import.meta.main) await main(command);
