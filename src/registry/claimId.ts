import { encodeAbiParameters, keccak256, toBytes, type Address, type Hex } from "viem";

/** The content of a claim (contracts/interfaces/ITrainingRegistry.sol, ClaimInput). */
export interface ClaimContent {
  modelCommitment: Hex;
  startKind: "seed" | "parent";
  /** The public seed, or the parent's claim id. */
  start: Hex;
  dataRoot: Hex;
  configDigest: Hex;
  /** SHA-256 of the run's public manifest. */
  proofDigest: Hex;
  steps: bigint;
}

export const startKinds = ["seed", "parent"] as const;

const claimType = keccak256(toBytes("trainproof/TrainingRegistry/claim/1"));

/** The claim's tuple as the contract takes it. */
export function claimInput(content: ClaimContent) {
  return { ...content, startKind: startKinds.indexOf(content.startKind) };
}

/** The id that a claim has: keccak256(abi.encode(type, chain id, registry, claimant, content)). */
export function computeClaimId(parameters: {
  chainId: number;
  registry: Address;
  claimant: Address;
  content: ClaimContent;
}): Hex {
  const { chainId, registry, claimant, content } = parameters;
  return keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        {
          type: "tuple",
          components: [
            { name: "modelCommitment", type: "bytes32" },
            { name: "startKind", type: "uint8" },
            { name: "start", type: "bytes32" },
            { name: "dataRoot", type: "bytes32" },
            { name: "configDigest", type: "bytes32" },
            { name: "proofDigest", type: "bytes32" },
            { name: "steps", type: "uint64" },
          ],
        },
      ],
      [claimType, BigInt(chainId), registry, claimant, claimInput(content)],
    ),
  );
}
