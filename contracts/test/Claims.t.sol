// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrainingRegistry} from "../TrainingRegistry.sol";
import {IERC165} from "../interfaces/IERC165.sol";
import {IERC5267} from "../interfaces/IERC5267.sol";
import {
    Claim,
    ClaimInput,
    ITrainingRegistry,
    Lineage,
    StartKind,
    Verdict
} from "../interfaces/ITrainingRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract ClaimsTest is RegistryTest {
    function _expectZero(ClaimInput memory input, bytes32 field) private {
        _expect(ITrainingRegistry.ZeroDigest.selector, field);
        registry.register(input, "");
    }

    function test_ZeroDigestsAreRefusedByName() public {
        ClaimInput memory input = _input();
        input.modelCommitment = 0;
        _expectZero(input, "modelCommitment");
        input = _input();
        input.dataRoot = 0;
        _expectZero(input, "dataRoot");
        input = _input();
        input.configDigest = 0;
        _expectZero(input, "configDigest");
        input = _input();
        input.proofDigest = 0;
        _expectZero(input, "proofDigest");
    }

    function test_StepsOutOfRangeAreRefused() public {
        uint64 maximum = registry.MAX_STEPS();
        ClaimInput memory input = _input();
        for (uint256 i = 0; i < 2; i++) {
            input.steps = i == 0 ? 0 : maximum + 1;
            vm.expectRevert(
                abi.encodeWithSelector(
                    ITrainingRegistry.StepsOutOfRange.selector,
                    input.steps,
                    maximum
                )
            );
            registry.register(input, "");
        }
    }

    function test_ALongUriIsRefused() public {
        string memory uri = _tooLong();
        _expectTooLong();
        registry.register(_input(), uri);
    }

    function test_AParentMustBeAClaim(bytes32 parent) public {
        ClaimInput memory input = _input();
        input.startKind = StartKind.ParentClaim;
        input.start = parent;
        _expect(ITrainingRegistry.UnknownClaim.selector, parent);
        registry.register(input, "");
    }

    function test_AStartFromUndisclosedWeightsIsADigestAndNoPlans(bytes32 plan) public {
        vm.assume(plan != 0);
        ClaimInput memory input = _undisclosed();
        input.start = 0;
        _expectZero(input, "start");
        // A plan cannot say it beforehand, whether its seed was drawn or not.
        input = _undisclosed();
        input.planDigest = plan;
        _expect(ITrainingRegistry.UndisclosedStartPlanned.selector, plan);
        registry.register(input, "");
        _drawn(plan);
        vm.prank(OWNER);
        _expect(ITrainingRegistry.UndisclosedStartPlanned.selector, plan);
        registry.register(input, "");
        input.planDigest = 0;
        vm.prank(OWNER);
        bytes32 claimId = registry.register(input, "");
        require(registry.getClaim(claimId).claimant == OWNER, "no parent is needed");
    }

    function test_AStartKindThatIsNoneIsRefused(uint8 kind) public {
        vm.assume(kind > uint8(type(StartKind).max));
        ClaimInput memory input = _undisclosed();
        bytes memory call = abi.encodeCall(registry.register, (input, ""));
        // The last byte of the content's second word, after the selector.
        call[4 + 0x3f] = bytes1(kind);
        (bool success, ) = address(registry).call(call);
        require(!success, "refused");
        call[4 + 0x3f] = bytes1(uint8(input.startKind));
        (success, ) = address(registry).call(call);
        require(success, "the byte is the kind's");
    }

    function test_TheEventSaysAllOfAClaim(bytes32 word, uint64 steps, uint8 length) public {
        ClaimInput memory input = _input();
        input.steps = 1 + (steps % registry.MAX_STEPS());
        (input.weightsDigest, input.signingDigest) = (word, keccak256(abi.encode(word)));
        if (length % 3 == 0) {
            input.startKind = StartKind.ParentClaim;
            input.start = _register();
        } else if (length % 3 == 1) {
            input.startKind = StartKind.UndisclosedWeights;
            input.start = keccak256(abi.encode(word, "start"));
        } else {
            input.start = word;
        }
        bytes memory uri = new bytes(length);
        for (uint256 i = 0; i < length; i++) uri[i] = bytes1(uint8(1 + (i % 255)));
        vm.expectEmit();
        emit ITrainingRegistry.ClaimRegistered(
            registry.claimIdOf(OWNER, input),
            OWNER,
            input.modelCommitment,
            input.startKind,
            input.start,
            input.dataRoot,
            input.configDigest,
            input.steps,
            input.planDigest,
            input.weightsDigest,
            input.signingDigest,
            input.proofDigest,
            string(uri)
        );
        vm.prank(OWNER);
        registry.register(input, string(uri));
    }

    function test_AClaimIsRegisteredOnce() public {
        bytes32 claimId = _register();
        vm.prank(OWNER);
        _expect(ITrainingRegistry.ClaimAlreadyRegistered.selector, claimId);
        registry.register(_input(), "https://elsewhere.example.org");
    }

    function test_ARetractedClaimCannotBeRegisteredAgain() public {
        bytes32 claimId = _register();
        vm.prank(OWNER);
        registry.retract(claimId, "wrong data");
        vm.prank(OWNER);
        _expect(ITrainingRegistry.ClaimAlreadyRegistered.selector, claimId);
        registry.register(_input(), "");
    }

    function test_AClaimReadsBack(uint64 steps) public {
        vm.assume(steps > 0 && steps <= registry.MAX_STEPS());
        ClaimInput memory input = _input();
        input.steps = steps;
        vm.prank(OWNER);
        bytes32 claimId = registry.register(input, "");
        require(claimId == registry.claimIdOf(OWNER, input), "the id is claimIdOf's");
        Claim memory claim = registry.getClaim(claimId);
        require(claim.claimant == OWNER, "claimant");
        require(claim.registeredAt == NOW, "time");
        require(claim.registeredIn == BLOCK, "block");
        require(!claim.retracted, "not retracted");
    }

    function test_TheIdBindsClaimantChainContractAndEveryField(
        uint8 field,
        bytes32 value,
        address claimant
    ) public {
        ClaimInput memory input = _input();
        bytes32 id = registry.claimIdOf(OWNER, input);
        vm.assume(claimant != OWNER);
        require(registry.claimIdOf(claimant, input) != id, "claimant");
        require(new TrainingRegistry().claimIdOf(OWNER, input) != id, "contract");

        bytes32 before = keccak256(abi.encode(input));
        field = field % 11;
        if (field == 0) input.modelCommitment = value;
        if (field == 1) input.startKind = StartKind.ParentClaim;
        if (field == 2) input.start = value;
        if (field == 3) input.dataRoot = value;
        if (field == 4) input.configDigest = value;
        if (field == 5) input.proofDigest = value;
        if (field == 6) input.steps = uint64(uint256(value));
        if (field == 7) input.planDigest = value;
        if (field == 8) input.weightsDigest = value;
        if (field == 9) input.signingDigest = value;
        if (field == 10) input.startKind = StartKind.UndisclosedWeights;
        vm.assume(keccak256(abi.encode(input)) != before);
        require(registry.claimIdOf(OWNER, input) != id, "field");

        vm.chainId(block.chainid + 1);
        require(registry.claimIdOf(OWNER, _input()) != id, "chain");
    }

    function test_OnlyTheClaimantRetractsOnceAndSaysWhy(address other) public {
        vm.assume(other != OWNER);
        bytes32 claimId = _register();
        vm.prank(other);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.NotClaimant.selector, claimId, OWNER)
        );
        registry.retract(claimId, "not mine");
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.ReasonMissing.selector));
        registry.retract(claimId, "");
        string memory long = _tooLong();
        _expectTooLong();
        vm.prank(OWNER);
        registry.retract(claimId, long);
        require(!registry.getClaim(claimId).retracted, "nothing was retracted");

        vm.prank(OWNER);
        registry.retract(claimId, "wrong data");
        require(registry.getClaim(claimId).retracted, "retracted");
        require(registry.getClaim(claimId).claimant == OWNER, "and still there");
        vm.prank(OWNER);
        _expect(ITrainingRegistry.ClaimAlreadyRetracted.selector, claimId);
        registry.retract(claimId, "again");
    }

    function test_WhatIsNoClaimCannotBeRetracted(bytes32 claimId) public {
        _expect(ITrainingRegistry.UnknownClaim.selector, claimId);
        registry.retract(claimId, "nothing");
    }

    /// @dev A grandchild with its parent and its root, the newest first.
    function _line()
        private
        returns (address[] memory claimants, ClaimInput[] memory inputs, bytes32[] memory ids)
    {
        claimants = new address[](3);
        inputs = new ClaimInput[](3);
        ids = new bytes32[](3);
        (claimants[0], claimants[1], claimants[2]) = (OTHER, OWNER, OWNER);
        inputs[2] = _input();
        ids[2] = _register();
        for (uint256 i = 2; i > 0; i--) {
            inputs[i - 1] = _input();
            inputs[i - 1].startKind = StartKind.ParentClaim;
            inputs[i - 1].start = ids[i];
            vm.prank(claimants[i - 1]);
            ids[i - 1] = registry.register(inputs[i - 1], "");
        }
    }

    function test_ALineageIsWalkedToItsRoot() public {
        (address[] memory claimants, ClaimInput[] memory inputs, bytes32[] memory ids) = _line();
        Lineage memory line = registry.lineage(ids[0], claimants, inputs);
        require(line.rooted && !line.undisclosed && !line.retracted, "rooted");
        for (uint256 i = 0; i < 3; i++) require(line.claimIds[i] == ids[i], "ids");
        vm.prank(OWNER);
        registry.retract(ids[1], "wrong data");
        require(registry.lineage(ids[0], claimants, inputs).retracted, "an ancestor counts");
        require(!registry.lineage(ids[2], _tail(claimants, 2), _tail(inputs, 2)).retracted, "root");
    }

    function test_ALineageThatStopsEarlyIsNotRooted() public {
        (address[] memory claimants, ClaimInput[] memory inputs, bytes32[] memory ids) = _line();
        ClaimInput[] memory two = new ClaimInput[](2);
        (two[0], two[1]) = (inputs[0], inputs[1]);
        Lineage memory line = registry.lineage(ids[0], claimants, two);
        require(!line.rooted && !line.undisclosed, "what the line ends in is missing");
    }

    function test_ALineageThatEndsInUndisclosedWeightsSaysSoAndNothingFollows() public {
        bytes32 former = _register();
        ClaimInput[] memory inputs = new ClaimInput[](2);
        address[] memory claimants = new address[](3);
        (claimants[0], claimants[1], claimants[2]) = (OWNER, OWNER, OWNER);
        inputs[1] = _undisclosed();
        // The digest happens to be a claim's id; that claim is no parent.
        inputs[1].start = former;
        vm.prank(OWNER);
        bytes32 root = registry.register(inputs[1], "");
        inputs[0] = _input();
        (inputs[0].startKind, inputs[0].start) = (StartKind.ParentClaim, root);
        vm.prank(OWNER);
        bytes32 child = registry.register(inputs[0], "");

        Lineage memory line = registry.lineage(child, claimants, inputs);
        require(line.undisclosed && !line.rooted, "undisclosed, and not rooted");
        require(line.claimIds[0] == child && line.claimIds[1] == root, "ids");
        line = registry.lineage(root, claimants, _tail(inputs, 1));
        require(line.undisclosed && !line.rooted, "the claim itself");
        // Nobody passes it off as a seed, nor as another claim's child.
        for (uint256 i = 0; i < 2; i++) {
            inputs[1].startKind = i == 0 ? StartKind.PublicSeed : StartKind.ParentClaim;
            _expectBroken(1, root);
            registry.lineage(child, claimants, inputs);
        }
        ClaimInput[] memory more = new ClaimInput[](2);
        (more[0], more[1]) = (_undisclosed(), _input());
        more[0].start = former;
        _expectBroken(1, former);
        registry.lineage(root, claimants, more);
    }

    function test_ALineageOfOtherContentIsBroken(uint8 index, bool claimant) public {
        (address[] memory claimants, ClaimInput[] memory inputs, bytes32[] memory ids) = _line();
        index = index % 3;
        if (claimant) claimants[index] = VERIFIER;
        else inputs[index].dataRoot = keccak256("other data");
        _expectBroken(index, ids[index]);
        registry.lineage(ids[0], claimants, inputs);
    }

    function test_NothingFollowsARootAndEachContentHasAClaimant() public {
        (address[] memory claimants, ClaimInput[] memory inputs, bytes32[] memory ids) = _line();
        // A public seed may happen to be a claim's id; that claim is no parent.
        ClaimInput[] memory more = new ClaimInput[](2);
        (more[0], more[1]) = (_input(), inputs[2]);
        more[0].start = ids[2];
        vm.prank(OWNER);
        bytes32 seeded = registry.register(more[0], "");
        _expectBroken(1, ids[2]);
        registry.lineage(seeded, _tail(claimants, 1), more);
        _expectBroken(0, ids[0]);
        registry.lineage(ids[0], new address[](0), inputs);
    }

    function test_ALineageBeginsWithAClaim(bytes32 claimId) public {
        _expect(ITrainingRegistry.UnknownClaim.selector, claimId);
        registry.lineage(claimId, new address[](0), new ClaimInput[](0));
    }

    function test_InterfaceIds() public view {
        require(registry.supportsInterface(0x01ffc9a7), "ERC-165");
        require(registry.supportsInterface(type(IERC5267).interfaceId), "ERC-5267");
        require(registry.supportsInterface(type(ITrainingRegistry).interfaceId), "the registry's");
        require(!registry.supportsInterface(0xffffffff), "ERC-165 excludes this one");
    }

    function _expectBroken(uint256 index, bytes32 expected) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.LineageBroken.selector, index, expected)
        );
    }

    function _tail(address[] memory all, uint256 from) private pure returns (address[] memory) {
        address[] memory rest = new address[](all.length - from);
        for (uint256 i = from; i < all.length; i++) rest[i - from] = all[i];
        return rest;
    }

    function _tail(
        ClaimInput[] memory all,
        uint256 from
    ) private pure returns (ClaimInput[] memory) {
        ClaimInput[] memory rest = new ClaimInput[](all.length - from);
        for (uint256 i = from; i < all.length; i++) rest[i - from] = all[i];
        return rest;
    }
}
