// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrainingRegistry} from "../TrainingRegistry.sol";
import {ClaimInput, ITrainingRegistry, Plan, StartKind} from "../interfaces/ITrainingRegistry.sol";
import {BlockHashes} from "../libraries/BlockHashes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @dev Stands for EIP-2935's history contract: the hash of block n is keccak256("history" ‖ n).
contract History {
    fallback() external {
        require(msg.data.length == 32, "a block number");
        bytes32 hash = keccak256(abi.encodePacked("history", abi.decode(msg.data, (uint256))));
        assembly {
            mstore(0, hash)
            return(0, 32)
        }
    }
}

contract PlansTest is RegistryTest {
    bytes32 private constant PLAN = keccak256("plan");

    function _announce(address claimant, bytes32 digest) private returns (bytes32) {
        vm.prank(claimant);
        return registry.announce(digest);
    }

    function test_APlanIsAnnouncedOnceByEachAccount() public {
        bytes32 planId = _announce(OWNER, PLAN);
        require(planId == registry.planIdOf(OWNER, PLAN), "the id is planIdOf's");
        vm.prank(OWNER);
        _expect(ITrainingRegistry.PlanAlreadyAnnounced.selector, planId);
        registry.announce(PLAN);
        require(_announce(OTHER, PLAN) != planId, "another account has another plan");
        _expect(ITrainingRegistry.ZeroDigest.selector, "planDigest");
        registry.announce(0);
    }

    function test_PlansAreNumbered() public {
        for (uint256 i = 1; i <= 3; i++) {
            bytes32 planId = _announce(OWNER, keccak256(abi.encode(i)));
            require(registry.getPlan(planId).number == i, "number");
        }
        require(registry.planCountOf(OWNER) == 3, "OWNER announced three");
        require(registry.planCountOf(OTHER) == 0, "OTHER none");
    }

    function test_ThePlanIdBindsClaimantChainContractAndDigest(
        address claimant,
        bytes32 digest
    ) public {
        vm.assume(claimant != OWNER && digest != PLAN);
        bytes32 planId = registry.planIdOf(OWNER, PLAN);
        require(registry.planIdOf(claimant, PLAN) != planId, "claimant");
        require(registry.planIdOf(OWNER, digest) != planId, "digest");
        require(new TrainingRegistry().planIdOf(OWNER, PLAN) != planId, "contract");
        vm.chainId(block.chainid + 1);
        require(registry.planIdOf(OWNER, PLAN) != planId, "chain");
    }

    function test_TheSeedIsTheSeedBlocksHashAndThePlans(address drawer) public {
        bytes32 planId = _announce(OWNER, PLAN);
        Plan memory plan = registry.getPlan(planId);
        require(plan.claimant == OWNER && plan.announcedIn == BLOCK && plan.seed == 0, "plan");
        require(plan.seedBlock == BLOCK + registry.SEED_DELAY(), "the seed block is later");
        vm.roll(plan.seedBlock + 1);
        bytes32 hash = keccak256("hash");
        vm.setBlockhash(plan.seedBlock, hash);
        vm.prank(drawer);
        bytes32 seed = registry.drawSeed(planId);
        require(seed == keccak256(abi.encode(hash, planId)), "seed");
        require(registry.getPlan(planId).seed == seed, "stored");
        require(
            registry.weightSeedOf(seed) ==
                keccak256(bytes.concat("trainproof/1/plan/weights", seed)),
            "weight seed"
        );
    }

    function test_ASeedIsDrawnOnceAndStays() public {
        (bytes32 planId, bytes32 seed) = _drawn(PLAN);
        vm.setBlockhash(registry.getPlan(planId).seedBlock, keccak256("another chain"));
        require(registry.drawSeed(planId) == seed, "a second draw gives the same");
        vm.roll(block.number + 100_000);
        require(registry.drawSeed(planId) == seed, "however late");
    }

    function test_NoSeedBeforeItsBlockIsOver(uint8 early) public {
        bytes32 planId = _announce(OWNER, PLAN);
        uint256 seedBlock = registry.getPlan(planId).seedBlock;
        vm.roll(seedBlock - (early % (registry.SEED_DELAY() + 1)));
        _expect(ITrainingRegistry.SeedNotReady.selector, planId, seedBlock);
        registry.drawSeed(planId);
    }

    function test_AMissedSeedIsGoneForGood(uint32 late) public {
        bytes32 planId = _announce(OWNER, PLAN);
        uint256 seedBlock = registry.getPlan(planId).seedBlock;
        vm.etch(BlockHashes.HISTORY, "");
        vm.roll(seedBlock + 257 + late);
        _expect(ITrainingRegistry.SeedMissed.selector, planId, seedBlock);
        registry.drawSeed(planId);
        vm.prank(OWNER);
        _expect(ITrainingRegistry.PlanAlreadyAnnounced.selector, planId);
        registry.announce(PLAN);
    }

    function test_TheHistoryContractIsAskedForOlderHashes() public {
        bytes32 planId = _announce(OWNER, PLAN);
        uint256 seedBlock = registry.getPlan(planId).seedBlock;
        vm.etch(BlockHashes.HISTORY, address(new History()).code);
        // Not for a block that is not over, whatever it answers.
        vm.roll(seedBlock);
        _expect(ITrainingRegistry.SeedNotReady.selector, planId, seedBlock);
        registry.drawSeed(planId);
        vm.roll(seedBlock + 5000);
        bytes32 hash = keccak256(abi.encodePacked("history", seedBlock));
        require(registry.drawSeed(planId) == keccak256(abi.encode(hash, planId)), "seed");
    }

    function test_AHistoryThatAnswersZeroHasNoHash() public {
        bytes32 planId = _announce(OWNER, PLAN);
        uint256 seedBlock = registry.getPlan(planId).seedBlock;
        // PUSH1 32 PUSH0 RETURN: 32 zero bytes.
        vm.etch(BlockHashes.HISTORY, hex"60205ff3");
        vm.roll(seedBlock + 300);
        _expect(ITrainingRegistry.SeedMissed.selector, planId, seedBlock);
        registry.drawSeed(planId);
    }

    function test_WhatIsNoPlanHasNoSeed(bytes32 planId) public {
        _expect(ITrainingRegistry.UnknownPlan.selector, planId);
        registry.drawSeed(planId);
        require(registry.getPlan(planId).seedBlock == 0, "all zero");
    }

    function test_AClaimThatNamesAPlanStartsFromItsSeed(bytes32 other) public {
        (bytes32 planId, bytes32 seed) = _drawn(PLAN);
        ClaimInput memory input = _input();
        input.planDigest = PLAN;
        bytes32 expected = registry.weightSeedOf(seed);
        vm.assume(other != expected);
        input.start = other;
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.StartNotDrawn.selector, other, expected)
        );
        registry.register(input, "");
        input.start = expected;
        vm.prank(OWNER);
        bytes32 claimId = registry.register(input, "");
        require(registry.getClaim(claimId).claimant == OWNER, "registered");
        // The plan is OWNER's: nobody else can name it.
        bytes32 others = registry.planIdOf(OTHER, PLAN);
        require(others != planId, "another plan");
        vm.prank(OTHER);
        _expect(ITrainingRegistry.SeedNotDrawn.selector, others);
        registry.register(input, "");
    }

    function test_APlanWithoutItsSeedCannotBeClaimed() public {
        bytes32 planId = _announce(OWNER, PLAN);
        ClaimInput memory input = _input();
        input.planDigest = PLAN;
        vm.prank(OWNER);
        _expect(ITrainingRegistry.SeedNotDrawn.selector, planId);
        registry.register(input, "");
    }

    function test_AChildMayNameAPlanAndStartsFromItsParent() public {
        bytes32 parent = _register();
        _drawn(PLAN);
        ClaimInput memory input = _input();
        input.planDigest = PLAN;
        input.startKind = StartKind.ParentClaim;
        input.start = parent;
        vm.prank(OWNER);
        bytes32 claimId = registry.register(input, "");
        require(registry.getClaim(claimId).claimant == OWNER, "registered");
    }
}
