/**
 * Trainproof: prove in zero knowledge how a neural network was trained, register the claim, and check such claims.
 *
 * This is the stable surface, for Node. trainproof/verifier runs in browsers, too. The modules behind both are there under their own
 * names (trainproof/registry, trainproof/artifact, …), without that promise.
 */
export * from "./api/index.ts";
