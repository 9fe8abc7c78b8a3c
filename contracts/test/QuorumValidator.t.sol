// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "../interfaces/IERC165.sol";
import {IQuorumValidator, ValidationQuestion} from "../interfaces/IQuorumValidator.sol";
import {ITrainingRegistry, Outcome, Verdict} from "../interfaces/ITrainingRegistry.sol";
import {QuorumValidator} from "../QuorumValidator.sol";
import {AgentsMock, ValidationsMock} from "./ERC8004Mock.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract QuorumValidatorTest is RegistryTest {
    uint256 private constant AGENT = 22;
    address private constant FIRST = address(0x1001);
    address private constant SECOND = address(0x1002);
    address private constant THIRD = address(0x1003);

    AgentsMock private agents;
    ValidationsMock private validations;
    QuorumValidator private validator;
    ValidationQuestion private question;
    bytes32 private claimId;

    function setUp() public override {
        super.setUp();
        agents = new AgentsMock();
        validations = new ValidationsMock(agents);
        validator = new QuorumValidator(registry, validations, _members(), 2);
        agents.mint(OWNER, AGENT);
        claimId = _register();
        question = ValidationQuestion(claimId, AGENT, 0);
    }

    function _members() private pure returns (address[] memory members) {
        members = new address[](3);
        (members[0], members[1], members[2]) = (FIRST, SECOND, THIRD);
    }

    function _request() private returns (bytes32 requestHash) {
        requestHash = validator.requestHashOf(question);
        vm.prank(OWNER);
        validations.validationRequest(
            address(validator),
            question.agentId,
            "https://example.org/question.json",
            requestHash
        );
    }

    function _requireStatus(bytes32 requestHash, uint8 expected, string memory word) private view {
        (, uint256 agentId, uint8 response, , string memory tag, ) = validations
            .getValidationStatus(requestHash);
        require(agentId == AGENT && response == expected, "response");
        require(keccak256(bytes(tag)) == keccak256(bytes(word)), tag);
    }

    function test_AQuorumThatSaysValidIsAHundred(address anyone) public {
        bytes32 requestHash = _request();
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Valid);
        vm.prank(anyone);
        require(validator.answer(question) == 100, "response");
        _requireStatus(requestHash, 100, "valid");
    }

    function test_AQuorumThatSaysInvalidIsZero() public {
        bytes32 requestHash = _request();
        _attest(FIRST, claimId, Verdict.Invalid);
        _attest(THIRD, claimId, Verdict.Invalid);
        require(validator.answer(question) == 0, "response");
        _requireStatus(requestHash, 0, "invalid");
    }

    function test_NothingIsAnsweredBeforeTheQuorumDecides() public {
        bytes32 requestHash = _request();
        _expect(IQuorumValidator.NotDecided.selector, requestHash);
        validator.answer(question);
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(OTHER, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Invalid);
        _expect(IQuorumValidator.NotDecided.selector, requestHash);
        validator.answer(question);
        require(validations.responses() == 0, "silence");
    }

    function test_SamplesAreNoAnswer() public {
        bytes32 requestHash = _request();
        _attest(FIRST, claimId, Verdict.Sampled);
        _attest(SECOND, claimId, Verdict.Sampled);
        _attest(THIRD, claimId, Verdict.Valid);
        _expect(IQuorumValidator.NotDecided.selector, requestHash);
        validator.answer(question);
        require(validator.outcomeOf(claimId) == Outcome.Open, "open");
        require(validations.responses() == 0, "silence");
    }

    function test_AnAnswerIsGivenOnceAndAgainWhereItChanged() public {
        bytes32 requestHash = _request();
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Valid);
        validator.answer(question);
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumValidator.NothingNew.selector, requestHash, Outcome.Valid)
        );
        validator.answer(question);
        _revoke(FIRST, claimId);
        require(validator.answer(question) == 0, "no quorum any more");
        _requireStatus(requestHash, 0, "open");
        _attest(THIRD, claimId, Verdict.Valid);
        require(validator.answer(question) == 100, "a quorum again");
        vm.prank(OWNER);
        registry.retract(claimId, "the data had duplicates");
        require(validator.answer(question) == 0, "retracted");
        _requireStatus(requestHash, 0, "retracted");
        require(validations.responses() == 4, "each change once");
    }

    function test_AConflictIsNoPass() public {
        validator = new QuorumValidator(registry, validations, _members(), 1);
        bytes32 requestHash = _request();
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Invalid);
        require(validator.answer(question) == 0, "response");
        _requireStatus(requestHash, 0, "conflict");
    }

    function test_AnotherAgentsClaimIsNotAnswered(address stranger) public {
        vm.assume(stranger != OWNER && stranger != address(0));
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Valid);
        agents.mint(stranger, 23);
        question.agentId = 23;
        bytes32 requestHash = validator.requestHashOf(question);
        vm.prank(stranger);
        validations.validationRequest(address(validator), 23, "", requestHash);
        vm.expectRevert(
            abi.encodeWithSelector(
                IQuorumValidator.NotTheAgentsClaim.selector,
                claimId,
                uint256(23)
            )
        );
        validator.answer(question);
        vm.prank(stranger);
        agents.approve(OWNER, 23);
        require(validator.answer(question) == 100, "the claimant acts for the agent");
    }

    function test_AnOperatorsClaimIsTheAgents() public {
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Valid);
        _request();
        agents.mint(OTHER, AGENT); // sold
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumValidator.NotTheAgentsClaim.selector, claimId, AGENT)
        );
        validator.answer(question);
        vm.prank(OTHER);
        agents.setApprovalForAll(OWNER, true);
        require(validator.answer(question) == 100, "its operator's claim");
    }

    function test_OnlyRequestsToThisValidatorAreAnswered() public {
        bytes32 requestHash = validator.requestHashOf(question);
        vm.prank(OWNER);
        validations.validationRequest(OTHER, AGENT, "", requestHash);
        vm.expectRevert(
            abi.encodeWithSelector(
                IQuorumValidator.NotOurRequest.selector,
                requestHash,
                OTHER,
                AGENT
            )
        );
        validator.answer(question);
    }

    function test_WhoTakesAHashForAnotherAgentGetsNoAnswer() public {
        bytes32 requestHash = validator.requestHashOf(question);
        agents.mint(OTHER, 23);
        vm.prank(OTHER);
        validations.validationRequest(address(validator), 23, "", requestHash);
        vm.expectRevert(
            abi.encodeWithSelector(
                IQuorumValidator.NotOurRequest.selector,
                requestHash,
                address(validator),
                uint256(23)
            )
        );
        validator.answer(question);
        question.salt = keccak256("another salt");
        _request();
        _attest(FIRST, claimId, Verdict.Valid);
        _attest(SECOND, claimId, Verdict.Valid);
        require(validator.answer(question) == 100, "the salt is the way out");
    }

    function test_WhatWasNotRequestedIsNotAnswered() public {
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "unknown request"));
        validator.answer(question);
    }

    function test_WhatIsNoClaimIsNotAnswered() public {
        question.claimId = keccak256("no claim");
        _request();
        _expect(ITrainingRegistry.UnknownClaim.selector, question.claimId);
        validator.answer(question);
    }

    function test_ARequestHashCoversTheQuestionChainAndContracts(uint8 field) public {
        bytes32 requestHash = validator.requestHashOf(question);
        QuorumValidator asked = validator;
        ValidationQuestion memory other = question;
        field = field % 5;
        if (field == 0) other.claimId = keccak256("other");
        if (field == 1) other.agentId++;
        if (field == 2) other.salt = keccak256("other");
        if (field == 3) vm.chainId(block.chainid + 1);
        if (field == 4) asked = new QuorumValidator(registry, validations, _members(), 2);
        require(asked.requestHashOf(other) != requestHash, "a hash covers everything");
    }

    function test_AQuorumIsSortedAndHasAThreshold(uint8 threshold) public {
        address[] memory members = _members();
        if (threshold == 0 || threshold > 3) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IQuorumValidator.QuorumThresholdOutOfRange.selector,
                    threshold,
                    uint256(3)
                )
            );
        }
        new QuorumValidator(registry, validations, members, threshold);
        members[2] = SECOND;
        vm.expectRevert(
            abi.encodeWithSelector(IQuorumValidator.QuorumNotAscending.selector, uint256(2))
        );
        new QuorumValidator(registry, validations, members, 2);
    }

    function test_ItSaysWhatItIs() public view {
        require(validator.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        require(validator.supportsInterface(type(IQuorumValidator).interfaceId), "validator");
        require(!validator.supportsInterface(0xffffffff), "ERC-165 says so");
        require(validator.verifiers().length == 3 && validator.THRESHOLD() == 2, "quorum");
    }
}
