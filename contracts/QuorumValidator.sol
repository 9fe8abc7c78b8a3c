// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "./interfaces/IERC165.sol";
import {IERC8004Identity, IERC8004Validation} from "./interfaces/IERC8004.sol";
import {IQuorumValidator, ValidationQuestion} from "./interfaces/IQuorumValidator.sol";
import {ITrainingRegistry, Outcome} from "./interfaces/ITrainingRegistry.sol";

/// @title A validator for ERC-8004 that answers with what a quorum of the training registry says
contract QuorumValidator is IQuorumValidator, IERC165 {
    /// @inheritdoc IQuorumValidator
    bytes32 public constant QUESTION_TYPE = keccak256("trainproof/QuorumValidator/question/1");

    /// @inheritdoc IQuorumValidator
    ITrainingRegistry public immutable REGISTRY;

    /// @inheritdoc IQuorumValidator
    IERC8004Validation public immutable VALIDATIONS;

    /// @inheritdoc IQuorumValidator
    uint256 public immutable THRESHOLD;

    address[] private _verifiers;

    /// @dev What was answered last; Open where nothing was, or where an answer was withdrawn.
    mapping(bytes32 requestHash => Outcome) private _answered;

    constructor(
        ITrainingRegistry registry,
        IERC8004Validation validations,
        address[] memory members,
        uint256 threshold
    ) {
        if (threshold == 0 || threshold > members.length)
            revert QuorumThresholdOutOfRange(threshold, members.length);
        for (uint256 i = 1; i < members.length; i++)
            if (members[i] <= members[i - 1]) revert QuorumNotAscending(i);
        REGISTRY = registry;
        VALIDATIONS = validations;
        THRESHOLD = threshold;
        _verifiers = members;
    }

    /// @inheritdoc IQuorumValidator
    /// @dev What was answered is recorded before the validation registry is called: one that calls back
    /// finds nothing new.
    function answer(ValidationQuestion calldata question) external returns (uint8 response) {
        bytes32 requestHash = requestHashOf(question);
        (address validator, uint256 agentId, , , , ) = VALIDATIONS.getValidationStatus(requestHash);
        if (validator != address(this) || agentId != question.agentId)
            revert NotOurRequest(requestHash, validator, agentId);
        Outcome outcome = outcomeOf(question.claimId);
        _requireAgents(question.claimId, agentId);

        Outcome before = _answered[requestHash];
        if (outcome == before) {
            if (outcome == Outcome.Open) revert NotDecided(requestHash);
            revert NothingNew(requestHash, outcome);
        }
        _answered[requestHash] = outcome;
        response = outcome == Outcome.Valid ? 100 : 0;
        emit ValidationAnswered(requestHash, question.claimId, agentId, outcome, response);
        VALIDATIONS.validationResponse(requestHash, response, "", 0, _tagOf(outcome));
    }

    /// @inheritdoc IQuorumValidator
    function verifiers() external view returns (address[] memory) {
        return _verifiers;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IQuorumValidator).interfaceId;
    }

    /// @inheritdoc IQuorumValidator
    function requestHashOf(ValidationQuestion calldata question) public view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    QUESTION_TYPE,
                    block.chainid,
                    address(REGISTRY),
                    address(this),
                    question.claimId,
                    question.agentId,
                    question.salt
                )
            );
    }

    /// @inheritdoc IQuorumValidator
    function outcomeOf(bytes32 claimId) public view returns (Outcome) {
        return REGISTRY.status(claimId, _verifiers, THRESHOLD).outcome;
    }

    /// @dev The ERC lets an agent's owner and its operators act for it.
    function _requireAgents(bytes32 claimId, uint256 agentId) private view {
        address claimant = REGISTRY.getClaim(claimId).claimant;
        IERC8004Identity identities = IERC8004Identity(VALIDATIONS.getIdentityRegistry());
        address owner = identities.ownerOf(agentId);
        if (
            claimant != owner &&
            !identities.isApprovedForAll(owner, claimant) &&
            identities.getApproved(agentId) != claimant
        ) revert NotTheAgentsClaim(claimId, agentId);
    }

    function _tagOf(Outcome outcome) private pure returns (string memory) {
        if (outcome == Outcome.Valid) return "valid";
        if (outcome == Outcome.Invalid) return "invalid";
        if (outcome == Outcome.Conflict) return "conflict";
        if (outcome == Outcome.Retracted) return "retracted";
        return "open";
    }
}
