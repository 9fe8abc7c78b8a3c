/**
 * The package's stable surface: prove, verify, register, attest, query. docs/LIBRARY.md is its guide, examples/embed a program that
 * uses it.
 *
 *     const { publicFolder } = await prove("plan.json", { run: "runs/first" });
 *     const verdict = await verify(publicFolder);
 *     const registry = await connect({ rpcUrl, registry: address, privateKey });
 *     const { claimId } = await register(registry, { run: "runs/first", uri });
 *     await attest(registry, { claimId, report: "report.json" });
 *     const { outcome } = await query.status(registry, { claimId, verifiers, threshold: 1 });
 */
export { attest, type Attesting, type AttestOptions } from "./attest.ts";
export { connect, type ConnectOptions, type Registry } from "./connect.ts";
export { ERROR_CODES, type ErrorCode, errorCodeOf, TrainproofError } from "./errors.ts";
export { prove, type ProveOptions, type ProvenRun, type ProveStart } from "./prove.ts";
export { type ClaimsFilter, query } from "./query.ts";
export { register, type RegisterOptions, type Registration } from "./register.ts";
export { verify, type Verification, type VerifyOptions } from "./verify.ts";
