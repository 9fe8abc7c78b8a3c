import { type Address, encodeAbiParameters, type Hex, keccak256, toBytes, zeroHash } from "viem";
import { requireAddress, type RegistryClients } from "../clients.ts";
import { RegistryError, registryErrorFrom } from "../errors.ts";
import { validatorAbi } from "../validatorArtifact.ts";

/** What an agent asks a validator: what does its quorum say of this claim? */
export interface ValidationQuestion {
  /** contracts/QuorumValidator.sol; its ABI is validatorAbi. */
  validator: Address;
  claimId: Hex;
  /** The agent's id in ERC-8004's identity registry. */
  agentId: bigint;
  /** Another one where somebody has taken the request's hash; zero unless said. */
  salt?: Hex;
}

/** The tuple as the contract takes it. */
export const questionInput = ({ claimId, agentId, salt = zeroHash }: ValidationQuestion) => ({
  claimId,
  agentId,
  salt,
});

const questionType = keccak256(toBytes("trainproof/QuorumValidator/question/1"));

/** The hash that a question has as a request: keccak256(abi.encode(type, chain id, registry, validator, claim, agent, salt)). */
export const computeRequestHash = (
  { chainId, registry }: { chainId: number; registry: Address },
  { validator, claimId, agentId, salt = zeroHash }: ValidationQuestion,
): Hex =>
  keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        { type: "bytes32" },
        { type: "uint256" },
        { type: "bytes32" },
      ],
      [questionType, BigInt(chainId), registry, validator, claimId, agentId, salt],
    ),
  );

/** The validation registry that a validator answers. Errors: RegistryError where it is none, or another registry's. */
export async function validationsOf(
  clients: RegistryClients,
  validator: Address,
): Promise<Address> {
  const registry = requireAddress(clients);
  const at = { address: validator, abi: validatorAbi } as const;
  let about: Address;
  try {
    about = await clients.reader.readContract({ ...at, functionName: "REGISTRY" });
  } catch (cause) {
    const reason = registryErrorFrom(cause, clients.rpcUrl);
    if (reason.kind === "unreachable") throw reason;
    throw new RegistryError("usage", `there is no validator at ${validator}; check the address`, {
      cause,
    });
  }
  if (about.toLowerCase() !== registry.toLowerCase()) {
    throw new RegistryError(
      "usage",
      `the validator at ${validator} asks the registry ${about}, not ${registry}; check --registry`,
    );
  }
  return clients.reader.readContract({ ...at, functionName: "VALIDATIONS" });
}
