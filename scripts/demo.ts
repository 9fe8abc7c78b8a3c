import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type PublicSegment, readPublicRun } from "../src/artifact/index.ts";
import {
  decodeStatement,
  encodeStatement,
  readGenerators,
  SampleList,
} from "../src/protocol/index.ts";
import {
  createRegistryClients,
  deployRegistry,
  type LocalChain,
  startLocalChain,
} from "../src/registry/index.ts";
import { CHECKS, verify } from "../src/verifier/index.ts";
import { EXPLORED_PORT, type FileHost, forgeRun, serveFolder } from "./lib/explore.ts";
import { kib, percent, secs } from "./lib/format.ts";
import { packageFile } from "./lib/package.ts";
import { runVerb } from "./lib/runVerb.ts";
import { interruptible, main, print, UsageError, verb } from "./lib/verb.ts";

interface DemoOptions {
  json?: boolean;
  steps: number;
  keep?: boolean;
  explore?: boolean;
}

interface Rejection {
  changed: string;
  check: string;
  reason: string;
}

const segmentSteps = 64;

const stepCount = (text: string) => {
  const steps = Number(text);
  if (!Number.isInteger(steps) || steps < 1 || steps > 937 * 100) {
    throw new UsageError(`--steps ${text} is not a number of steps from 1 to 93700`);
  }
  return steps;
};

/** The proof with one byte flipped and the statement with another step size: both must be rejected. */
function tamper(segment: PublicSegment, sampleBytes: Uint8Array): Rejection[] {
  const table = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
  const generators = readGenerators(table) ?? table;
  const commitments = {
    samples: new SampleList(sampleBytes),
    weightsOut: segment.weightsOut,
    ...(segment.weightsIn && { weightsIn: segment.weightsIn }),
  };
  const proof = segment.proof.slice();
  // The last byte of the answer z_ρE.
  proof[proof.length - 1] = proof.at(-1)! ^ 1;
  const statement = decodeStatement(segment.statementBytes);
  const otherStep = encodeStatement({ ...statement, eta: statement.eta + 1n });
  const tries: [string, Uint8Array, Uint8Array][] = [
    ["one byte of the proof", segment.statementBytes, proof],
    ["the statement's step size eta", otherStep, segment.proof],
  ];
  return tries.map(([changed, statementBytes, proofBytes]) => {
    const verdict = verify(statementBytes, proofBytes, commitments, { generators });
    if (verdict.ok) throw new Error(`a proof was accepted after changing ${changed}`);
    return { changed, check: verdict.check, reason: verdict.reason };
  });
}

async function demo(options: DemoOptions, folder: string, opened: Opened): Promise<void> {
  const say = (text: string) => console.error(text);
  const owner = path.join(folder, "owner");
  const thirdParty = path.join(folder, "third-party");
  for (const home of [owner, thirdParty]) mkdirSync(home);

  say("\n1. A local chain starts, with a new registry.");
  const chain = await startLocalChain(options.explore === true ? { port: EXPLORED_PORT } : {});
  opened.push(chain);
  const [deployer, ownerAccount, ...others] = chain.accounts;
  const verifiers = others.slice(0, 2);
  if (!deployer || !ownerAccount || verifiers.length < 2) throw new Error("no accounts");
  const { address } = await deployRegistry(
    await createRegistryClients({ rpcUrl: chain.rpcUrl, privateKey: deployer.privateKey }),
  );
  const env = { TRAINPROOF_RPC_URL: chain.rpcUrl, TRAINPROOF_REGISTRY: address };
  const ownerEnv = { ...env, TRAINPROOF_PRIVATE_KEY: ownerAccount.privateKey };
  say(`   Registry ${address} on chain ${chain.chainId}.`);

  say(`\n2. The model owner, ${ownerAccount.address}, announces what will be trained.`);
  const plan = JSON.parse(readFileSync(packageFile("examples/mnist.json"), "utf8")) as Record<
    string,
    unknown
  >;
  delete plan["$schema"]; // a path beside the example
  const planFile = path.join(owner, "plan.json");
  writeFileSync(planFile, JSON.stringify({ ...plan, steps: options.steps, segmentSteps }));
  const announced = await runVerb({
    args: ["announce", planFile, "--out", "announced"],
    cwd: owner,
    env: ownerEnv,
  });
  say(
    `   Architecture, step size, data commitment, ${options.steps} steps: their digest is on chain.`,
  );
  await chain.mine(5); // on a public chain, others' blocks
  const drawn = await runVerb({ args: ["draw", "announced"], cwd: owner, env: ownerEnv });
  say(
    `   Block ${String(announced["seedBlock"])}'s hash, which nobody knew then, makes the seed: ${String(drawn["seed"])}.`,
  );

  say(
    `\n3. The owner trains 784-128-10 on MNIST, ${options.steps} steps of 64 images, and proves it.`,
  );
  say(
    "   Proven in zero knowledge: exact SGD from the drawn seed, on committed images, in the drawn order.",
  );
  const proving = performance.now();
  const proved = await runVerb({
    args: ["prove", planFile, "--run", "run", "--announced", "announced"],
    cwd: owner,
  });
  const proveWall = (performance.now() - proving) / 1000;
  const { accuracy } = proved["test"] as { accuracy: number };
  const reports = proved["segments"] as { proveSeconds: number; proofBytes: number }[];
  const proveSeconds = reports.reduce((sum, report) => sum + report.proveSeconds, 0);
  const proofBytes = reports.reduce((sum, report) => sum + report.proofBytes, 0);
  say(
    `   Test accuracy ${percent(accuracy)}. Proofs: ${secs(proveSeconds)}, ${secs(proveSeconds / options.steps)} a step, ${kib(proofBytes)}.`,
  );
  say("   The owner registers the claim: digests of model, data, configuration, plan and proofs.");
  const host = options.explore === true ? await serveFolder(owner) : undefined;
  if (host) opened.push(host);
  const uri = (run: string) => (host ? ["--uri", `${host.url}${run}/public/manifest.json`] : []);
  const registered = await runVerb({
    args: ["register", "run", ...uri("run")],
    cwd: owner,
    env: ownerEnv,
  });
  const claimId = String(registered["claimId"]);
  say(`   Claim ${claimId}, ${String(registered["gasUsed"])} gas.`);

  say("\n4. Two others verify with the public files and the chain alone, and attest.");
  for (const [check, says] of Object.entries(CHECKS)) say(`   ${check}  ${says}`);
  let verifySeconds = 0;
  for (const verifier of verifiers) {
    const attested = await runVerb({
      args: ["attest", claimId, "--report", `${verifier.address}.json`],
      cwd: thirdParty,
      env: { ...env, TRAINPROOF_PRIVATE_KEY: verifier.privateKey },
    });
    verifySeconds = Number(attested["seconds"]);
    say(
      `   ${verifier.address}: ${String(attested["verdict"]).toUpperCase()} in ${secs(verifySeconds)}, ${String(attested["gasUsed"])} gas.`,
    );
  }

  say("\n5. A reader asks the registry, trusting these two if both agree.");
  const trusted = verifiers.map((verifier) => verifier.address).join();
  const status = await runVerb({
    args: ["query", "status", claimId, "--verifiers", trusted, "--threshold", "2"],
    cwd: thirdParty,
    env,
  });
  const verdict = String(status["outcome"]);
  const answer = await runVerb({ args: ["query", claimId], cwd: thirdParty, env });
  const { number, announcedByClaimant } = answer["plan"] as Record<string, number>;
  say(
    `   ${verdict}: ${String(status["valid"])} valid, ${String(status["invalid"])} invalid. Plan ${number} of ${announcedByClaimant} that the owner announced.`,
  );

  say("\n6. A forger changes what was proven.");
  const publicRun = await readPublicRun(path.join(owner, "run"));
  const rejections = tamper(await publicRun.readSegment(0), publicRun.samples);
  for (const { changed, check, reason } of rejections) {
    say(`   ${changed}: rejected by ${check}, ${reason}`);
  }
  if (host) {
    forgeRun(path.join(owner, "run"), path.join(owner, "forged"));
    const forged = await runVerb({
      args: ["register", "forged", ...uri("forged")],
      cwd: owner,
      env: ownerEnv,
    });
    say(`   It is registered as a claim all the same: ${String(forged["claimId"])}.`);
  }
  say("");

  print(
    {
      json: {
        accuracy,
        steps: options.steps,
        proveSeconds,
        proveWallSeconds: proveWall,
        verifySeconds,
        proofBytes,
        verdict,
        rejections,
        claimId,
      },
      text: [
        `accuracy ${percent(accuracy)}, ${options.steps} steps, proved in ${secs(proveSeconds)}, verified in ${secs(verifySeconds)}, ${kib(proofBytes)}`,
        `the registry says: claim ${claimId} is ${verdict}`,
        ...(options.keep ? [`files: ${folder}`] : []),
      ],
    },
    options,
  );
  if (host) {
    say(
      `\nThe chain runs on, with registry ${address}; npm run explorer shows it. Ctrl-C ends both.`,
    );
    const signal = interruptible();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
}

/** What is closed at the end, whatever happens. */
type Opened = Pick<LocalChain | FileHost, "stop">[];

export const command = verb(
  "demo",
  "The whole path on this machine: announce, draw the seed, train on MNIST, prove, register on a local chain, two verifiers, quorum, forge.",
)
  .option("--steps <n>", "training steps", stepCount, 384)
  .option("--keep", "keep the folders of owner and third party")
  .option(
    "--explore",
    "leave the chain and the files for npm run explorer, with a forged claim, until Ctrl-C",
  )
  .addHelpText("after", "\nExamples:\n  trainproof demo\n  trainproof demo --steps 64 --explore")
  .action(async (options: DemoOptions) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-demo-"));
    const opened: Opened = [];
    try {
      await demo(options, folder, opened);
    } finally {
      for (const one of opened) await one.stop();
      if (options.keep !== true) rmSync(folder, { recursive: true, force: true });
    }
  });

if (import.meta.main) await main(command);
