import { parseAbi } from "viem";

/** What is called of an ERC-8004 validation registry; the text is named in contracts/interfaces/IERC8004.sol. */
export const erc8004ValidationAbi = parseAbi([
  "function validationRequest(address validatorAddress, uint256 agentId, string requestURI, bytes32 requestHash)",
  "function getValidationStatus(bytes32 requestHash) view returns (address validatorAddress, uint256 agentId, uint8 response, bytes32 responseHash, string tag, uint256 lastUpdate)",
]);
