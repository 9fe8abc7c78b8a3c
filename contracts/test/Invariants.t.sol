// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrainingRegistry} from "../TrainingRegistry.sol";
import {
    Attestation,
    AttestationInput,
    Claim,
    ClaimInput,
    Outcome,
    Plan,
    StartKind,
    Status,
    Verdict
} from "../interfaces/ITrainingRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @dev Does anything with the registry, and remembers the first word on everything.
contract Handler is RegistryTest {
    address[] public actors = [address(0x1001), address(0x1002), address(0x1003)];
    bytes32[] public claims;
    bytes32[] public plans;
    mapping(bytes32 claimId => Claim) public firstClaims;
    mapping(bytes32 claimId => bytes32) public bodies;
    mapping(bytes32 claimId => bool) public retractions;
    mapping(bytes32 claimId => mapping(address => Verdict)) public verdicts;
    mapping(bytes32 claimId => mapping(address => bool)) public revocations;
    mapping(bytes32 planId => bytes32) public seeds;
    mapping(address => uint256) public announced;

    constructor(TrainingRegistry subject) {
        registry = subject;
    }

    function setUp() public override {}

    function counts() external view returns (uint256, uint256) {
        return (claims.length, plans.length);
    }

    function announce(uint8 actor, uint8 plan) external {
        address who = actors[actor % 3];
        vm.prank(who);
        try registry.announce(keccak256(abi.encode("plan", plan % 8))) returns (bytes32 planId) {
            plans.push(planId);
            announced[who]++;
        } catch {}
    }

    function pass(uint16 blocks) external {
        vm.roll(block.number + 1 + (blocks % 400));
    }

    function drawSeed(uint256 plan) external {
        if (plans.length == 0) return;
        bytes32 planId = plans[plan % plans.length];
        try registry.drawSeed(planId) returns (bytes32 seed) {
            require(seeds[planId] == 0 || seeds[planId] == seed, "a seed is drawn once");
            seeds[planId] = seed;
        } catch {}
    }

    function register(uint8 actor, uint8 content, uint8 plan, uint256 parent) external {
        address who = actors[actor % 3];
        ClaimInput memory input = _input();
        input.modelCommitment = keccak256(abi.encode(content));
        if (parent % 3 == 0 && claims.length > 0) {
            input.startKind = StartKind.ParentClaim;
            input.start = claims[parent % claims.length];
        }
        if (parent % 3 == 1) input = _undisclosed();
        if (parent % 3 == 1) input.modelCommitment = keccak256(abi.encode(content));
        if (plan % 2 == 0) {
            input.planDigest = keccak256(abi.encode("plan", plan % 8));
            bytes32 seed = seeds[registry.planIdOf(who, input.planDigest)];
            if (input.startKind == StartKind.PublicSeed) input.start = registry.weightSeedOf(seed);
        }
        vm.prank(who);
        try registry.register(input, "") returns (bytes32 claimId) {
            require(firstClaims[claimId].claimant == address(0), "a claim is registered once");
            require(
                input.startKind != StartKind.UndisclosedWeights || input.planDigest == 0,
                "undisclosed weights are not planned"
            );
            if (input.planDigest != 0)
                require(seeds[registry.planIdOf(who, input.planDigest)] != 0, "no seed, no claim");
            claims.push(claimId);
            firstClaims[claimId] = registry.getClaim(claimId);
            bodies[claimId] = registry.claimBodyOf(input);
        } catch {}
    }

    function retract(uint8 actor, uint256 claim) external {
        if (claims.length == 0) return;
        bytes32 claimId = claims[claim % claims.length];
        address who = actors[actor % 3];
        vm.prank(who);
        try registry.retract(claimId, "reason") {
            require(who == firstClaims[claimId].claimant, "only the claimant retracts");
            require(!retractions[claimId], "once");
            retractions[claimId] = true;
        } catch {}
    }

    function attest(uint8 actor, uint256 claim, uint8 said, uint32 size, bool seeded) external {
        if (claims.length == 0) return;
        bytes32 claimId = claims[claim % claims.length];
        address who = actors[actor % 3];
        AttestationInput memory saying = _saying(claimId, Verdict(1 + (said % 3)));
        if (said % 2 == 0) saying.sampleSize = size % 3;
        if (said % 2 == 0) saying.sampleSeed = seeded ? keccak256("sample") : bytes32(0);
        saying.claimBody = bodies[claimId];
        vm.prank(who);
        try registry.attest(saying) {
            require(verdicts[claimId][who] == Verdict.Unknown, "a verdict is given once");
            require((saying.sampleSize == 0) == (saying.sampleSeed == 0), "size and seed");
            if (saying.verdict == Verdict.Valid) require(saying.sampleSize == 0, "of all");
            if (saying.verdict == Verdict.Sampled) require(saying.sampleSize != 0, "of a sample");
            verdicts[claimId][who] = saying.verdict;
        } catch {}
    }

    function revoke(uint8 actor, uint256 claim) external {
        if (claims.length == 0) return;
        bytes32 claimId = claims[claim % claims.length];
        address who = actors[actor % 3];
        vm.prank(who);
        try registry.revoke(claimId, "reason") {
            require(verdicts[claimId][who] != Verdict.Unknown, "only what was given");
            require(!revocations[claimId][who], "once");
            revocations[claimId][who] = true;
        } catch {}
    }
}

contract RegistryInvariants is RegistryTest {
    Handler private handler;

    function setUp() public override {
        super.setUp();
        handler = new Handler(registry);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_WhatWasRecordedStays() public view {
        (uint256 claims, ) = handler.counts();
        for (uint256 i = 0; i < claims; i++) {
            bytes32 claimId = handler.claims(i);
            Claim memory current = registry.getClaim(claimId);
            (address claimant, uint40 time, uint40 number, ) = handler.firstClaims(claimId);
            require(
                current.claimant == claimant &&
                    current.registeredAt == time &&
                    current.registeredIn == number,
                "a claim changed"
            );
            require(current.retracted == handler.retractions(claimId), "a retraction changed");
            for (uint256 j = 0; j < 3; j++) {
                address who = handler.actors(j);
                Attestation memory given = registry.getAttestation(claimId, who);
                require(given.verdict == handler.verdicts(claimId, who), "a verdict changed");
                require(given.revoked == handler.revocations(claimId, who), "revocation");
            }
        }
    }

    function invariant_AStatusIsTheSumOfItsVerdicts() public view {
        (uint256 claims, ) = handler.counts();
        address[] memory verifiers = new address[](3);
        for (uint256 j = 0; j < 3; j++) verifiers[j] = handler.actors(j);
        for (uint256 i = 0; i < claims; i++) {
            bytes32 claimId = handler.claims(i);
            uint256[4] memory sums;
            for (uint256 j = 0; j < 3; j++) {
                Verdict verdict = handler.verdicts(claimId, verifiers[j]);
                if (verdict == Verdict.Unknown) continue;
                if (handler.revocations(claimId, verifiers[j])) sums[0]++;
                else sums[uint8(verdict)]++;
            }
            Status memory status = registry.status(claimId, verifiers, 2);
            require(
                status.revoked == sums[0] && status.invalid == sums[1] && status.valid == sums[2],
                "the counts"
            );
            require(status.sampled == sums[3], "samples");
            if (status.outcome == Outcome.Valid) require(sums[2] >= 2, "by valid verdicts alone");
        }
    }

    function invariant_PlansAreCountedAndSeedsStay() public view {
        (, uint256 plans) = handler.counts();
        for (uint256 i = 0; i < plans; i++) {
            bytes32 planId = handler.plans(i);
            Plan memory plan = registry.getPlan(planId);
            require(plan.seed == handler.seeds(planId), "a seed changed");
            require(plan.number >= 1 && plan.number <= handler.announced(plan.claimant), "number");
        }
        for (uint256 j = 0; j < 3; j++) {
            address who = handler.actors(j);
            require(registry.planCountOf(who) == handler.announced(who), "count");
        }
    }
}
