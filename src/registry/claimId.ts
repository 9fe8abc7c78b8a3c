import { encodeAbiParameters, keccak256, toBytes, type Address, type Hex, zeroHash } from "viem";
import { RegistryError } from "./errors.ts";

/** The content of a claim (contracts/interfaces/ITrainingRegistry.sol, ClaimInput). */
export interface ClaimContent {
  modelCommitment: Hex;
  /** undisclosed: the run continues from committed weights, and nobody says where they come from (PROTOCOL §19, C3). */
  startKind: "seed" | "parent" | "undisclosed";
  /** The public seed, the parent's claim id, or the digest of the commitment to the undisclosed weights. */
  start: Hex;
  dataRoot: Hex;
  configDigest: Hex;
  steps: bigint;
  /** What the claimant announced before training. */
  planDigest?: Hex;
  /** SHA-256 of the exported weights file. */
  weightsDigest?: Hex;
  /** SHA-256 of an OpenSSF model-signing manifest of the model. */
  signingDigest?: Hex;
  /** SHA-256 of the run's public manifest. */
  proofDigest: Hex;
}

/** In the order of the contract, and of the protocol's statements (PROTOCOL §5, startKind). */
export const startKinds = ["seed", "parent", "undisclosed"] as const;

/** The kind of start that a number of the contract says. Errors: RegistryError. */
function startKindOf(value: number): ClaimContent["startKind"] {
  const kind = startKinds[value];
  if (kind !== undefined) return kind;
  throw new RegistryError("other", `${value} is no kind of start: 0 seed, 1 parent, 2 undisclosed`);
}

const claimType = keccak256(toBytes("trainproof/TrainingRegistry/claim/2"));

/** The claim's tuple as the contract takes it. */
export function claimInput(content: ClaimContent) {
  const { planDigest, weightsDigest, signingDigest } = content;
  return {
    modelCommitment: content.modelCommitment,
    startKind: startKinds.indexOf(content.startKind),
    start: content.start,
    dataRoot: content.dataRoot,
    configDigest: content.configDigest,
    steps: content.steps,
    planDigest: planDigest ?? zeroHash,
    weightsDigest: weightsDigest ?? zeroHash,
    signingDigest: signingDigest ?? zeroHash,
    proofDigest: content.proofDigest,
  };
}

/** The content that a tuple of the contract says. */
export function claimContentOf(input: ReturnType<typeof claimInput>): ClaimContent {
  const { planDigest, weightsDigest, signingDigest, ...rest } = input;
  return {
    modelCommitment: rest.modelCommitment,
    startKind: startKindOf(rest.startKind),
    start: rest.start,
    dataRoot: rest.dataRoot,
    configDigest: rest.configDigest,
    steps: rest.steps,
    ...(planDigest !== zeroHash && { planDigest }),
    ...(weightsDigest !== zeroHash && { weightsDigest }),
    ...(signingDigest !== zeroHash && { signingDigest }),
    proofDigest: rest.proofDigest,
  };
}

const bytes32 = { type: "bytes32" } as const;

/** claimBodyOf: keccak256(abi.encode(all fields but the proof digest)). */
export function computeClaimBody(content: ClaimContent): Hex {
  const input = claimInput(content);
  return keccak256(
    encodeAbiParameters(
      [
        bytes32,
        { type: "uint8" },
        bytes32,
        bytes32,
        bytes32,
        { type: "uint64" },
        bytes32,
        bytes32,
        bytes32,
      ],
      [
        input.modelCommitment,
        input.startKind,
        input.start,
        input.dataRoot,
        input.configDigest,
        input.steps,
        input.planDigest,
        input.weightsDigest,
        input.signingDigest,
      ],
    ),
  );
}

/** The id that a claim has: keccak256(abi.encode(type, chain id, registry, claimant, body, proof digest)). */
export function computeClaimId(parameters: {
  chainId: number;
  registry: Address;
  claimant: Address;
  content: ClaimContent;
}): Hex {
  const { chainId, registry, claimant, content } = parameters;
  return keccak256(
    encodeAbiParameters(
      [bytes32, { type: "uint256" }, { type: "address" }, { type: "address" }, bytes32, bytes32],
      [
        claimType,
        BigInt(chainId),
        registry,
        claimant,
        computeClaimBody(content),
        content.proofDigest,
      ],
    ),
  );
}
