import { encodeAbiParameters, keccak256, toBytes, type Address, type Hex } from "viem";

const planType = keccak256(toBytes("trainproof/TrainingRegistry/plan/1"));

/** The id that a plan has: keccak256(abi.encode(type, chain id, registry, claimant, plan digest)). */
export function computePlanId(parameters: {
  chainId: number;
  registry: Address;
  claimant: Address;
  planDigest: Hex;
}): Hex {
  const { chainId, registry, claimant, planDigest } = parameters;
  return keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        { type: "bytes32" },
      ],
      [planType, BigInt(chainId), registry, claimant, planDigest],
    ),
  );
}
