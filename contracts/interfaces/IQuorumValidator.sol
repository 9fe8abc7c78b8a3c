// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC8004Validation} from "./IERC8004.sol";
import {ITrainingRegistry, Outcome} from "./ITrainingRegistry.sol";

/// @notice What an agent asks: what does the quorum say of this claim?
/// @param claimId The claim.
/// @param agentId The agent's id in the validation registry's identity registry.
/// @param salt Anything; another one where somebody has taken the request's hash.
struct ValidationQuestion {
    bytes32 claimId;
    uint256 agentId;
    bytes32 salt;
}

/// @title A validator for ERC-8004 that answers with what a quorum of the training registry says
/// @notice An agent that trained a model requests validation of its claim from this contract:
/// `validationRequest(this, agentId, requestURI, requestHashOf(question))`. Once the quorum has spoken, anyone
/// calls `answer(question)`. The response is 100 where the outcome is valid, and 0 otherwise; its tag is the
/// outcome: "valid", "invalid", "conflict", "retracted", or "open" where an earlier answer no longer holds.
/// Sampled verdicts decide nothing: where the quorum has verified samples only, there is no answer.
/// @dev The ERC's requestHash commits to the request's payload; here the payload is the question, so that the
/// contract can check it. It follows the draft's text that IERC8004.sol names.
///
/// Trust assumptions.
/// - The quorum is fixed when this contract is deployed. Who filters by its address trusts these verifiers,
/// in that number; another quorum is another deployment.
/// - A response is what the quorum said when `answer` was called. Verdicts can be revoked and claims retracted
/// later: call again, or ask `outcomeOf`, which is of now.
/// - The claim must be the agent's: its claimant owns the agent, or is its approved operator, when answered.
/// Otherwise an agent could show another's claim. Agents can be sold; a response does not follow.
/// - The registry of claims and its verdicts mean what ITrainingRegistry.sol says, and no more: 100 says
/// that the verifiers found the proof valid, nothing of the model's worth.
/// - The validation registry is trusted to record who asked; a false one fools only its own readers.
/// - Requests are first come, first served there: who sees a question can take its hash for another agent,
/// which gets no answer. Ask again with another salt.
interface IQuorumValidator {
    /// @notice A request was answered, or its answer changed.
    /// @param requestHash The request.
    /// @param claimId The claim that it is about.
    /// @param agentId The agent.
    /// @param outcome What the quorum says.
    /// @param response 100 or 0.
    event ValidationAnswered(
        bytes32 indexed requestHash,
        bytes32 indexed claimId,
        uint256 indexed agentId,
        Outcome outcome,
        uint8 response
    );

    /// @notice The quorum's members must ascend, without repetition.
    error QuorumNotAscending(uint256 index);

    /// @notice A threshold is from 1 to the number of members.
    error QuorumThresholdOutOfRange(uint256 threshold, uint256 members);

    /// @notice The request names another validator, or another agent.
    error NotOurRequest(bytes32 requestHash, address validator, uint256 agentId);

    /// @notice The claim's claimant neither owns the agent nor is its approved operator.
    error NotTheAgentsClaim(bytes32 claimId, uint256 agentId);

    /// @notice The quorum has not decided, and nothing was answered before.
    error NotDecided(bytes32 requestHash);

    /// @notice This is the answer that was given last.
    error NothingNew(bytes32 requestHash, Outcome outcome);

    /// @notice Answers a request, or answers again where the outcome changed. Anyone can call it.
    /// @dev Reverts with NotOurRequest, UnknownClaim (of the registry), NotTheAgentsClaim, NotDecided or
    /// NothingNew; and where the validation registry does not know the request.
    /// @return response 100 where the quorum says valid, else 0.
    function answer(ValidationQuestion calldata question) external returns (uint8 response);

    /// @notice The hash to request validation under.
    /// @dev keccak256(abi.encode(QUESTION_TYPE, block.chainid, registry, validator, claimId, agentId, salt)).
    function requestHashOf(ValidationQuestion calldata question) external view returns (bytes32);

    /// @notice What the quorum says of a claim now.
    function outcomeOf(bytes32 claimId) external view returns (Outcome);

    /// @notice Who is asked, ascending.
    function verifiers() external view returns (address[] memory);

    /// @notice How many of them must agree.
    function THRESHOLD() external view returns (uint256);

    /// @notice The registry of claims and verdicts.
    function REGISTRY() external view returns (ITrainingRegistry);

    /// @notice The registry of validation requests that is answered.
    function VALIDATIONS() external view returns (IERC8004Validation);

    /// @notice The type tag of request hashes: keccak256("trainproof/QuorumValidator/question/1").
    function QUESTION_TYPE() external view returns (bytes32);
}
