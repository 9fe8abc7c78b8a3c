/**
 * From a plan to a verdict that a reader's quorum accepts: `node src/wholePath.ts <plan> <folder>`. Proving needs the native prover,
 * which npm builds where a C++ compiler and CMake are; TRAINPROOF_ADDON names one that is built elsewhere.
 *
 * From the environment: RPC_URL, REGISTRY, OWNER_KEY (registers) and VERIFIER_KEY (attests).
 */
import path from "node:path";
import { attest, connect, prove, query, register, type Registry, verify } from "trainproof";

const [plan = "", folder = ""] = process.argv.slice(2);
const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const as = (key: string): Promise<Registry> =>
  connect({ rpcUrl: env("RPC_URL"), registry: env("REGISTRY"), privateKey: env(key) });

const run = path.join(folder, "run");
const proven = await prove(plan, { run, device: "cpu" });
const verdict = await verify(proven.publicFolder);
if (!verdict.ok) throw new Error(`our own proof does not verify: ${verdict.reason}`);

const owner = await as("OWNER_KEY");
const { claimId } = await register(owner, { run });

// Somebody else: knows the claim id, and nothing of what is secret.
const verifier = await as("VERIFIER_KEY");
const attested = await attest(verifier, { claimId, report: path.join(folder, "report.json") });

// A reader, who has chosen whom to trust.
const trusted = verifier.wallet?.account.address;
if (trusted === undefined) throw new Error("the verifier has no account");
const status = await query.status(owner, { claimId, verifiers: [trusted], threshold: 1 });
const claim = await query.claim(owner, { claimId });
console.log(
  JSON.stringify({
    claimId,
    steps: Number(claim.steps),
    verdict: attested.verdict,
    outcome: status.outcome,
  }),
);
