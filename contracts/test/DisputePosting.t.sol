// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeBonds} from "../DisputeBonds.sol";
import {Bond, BondTerms, IDisputeBonds, Stage} from "../interfaces/IDisputeBonds.sol";
import {IERC165} from "../interfaces/IERC165.sol";
import {ITrainingRegistry, Outcome, Status, Verdict} from "../interfaces/ITrainingRegistry.sol";
import {DisputeTest} from "./DisputeTest.sol";

contract PostingTest is DisputeTest {
    function test_AClaimantBondsAClaim() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        require(bondId == disputes.bondIdOf(terms), "id");
        Bond memory bond = disputes.getBond(bondId);
        require(bond.poster == OWNER && bond.stage == Stage.Posted, "bond");
        require(bond.postedIn == BLOCK && bond.challenger == address(0), "bond");
        require(address(disputes).balance == AMOUNT, "money");
    }

    function test_AnAttesterBondsAVerdict() public {
        BondTerms memory terms = _terms();
        terms.attester = VERIFIER;
        vm.prank(VERIFIER);
        bytes32 bondId = disputes.post{value: AMOUNT}(terms);
        require(disputes.getBond(bondId).poster == VERIFIER, "poster");
    }

    function test_ASampledVerdictCanBeBondedAndStaysOneOfASample(bool upheld) public {
        _attest(OTHER, claimId, Verdict.Sampled);
        vm.deal(OTHER, AMOUNT);
        BondTerms memory terms = _terms();
        terms.attester = OTHER;
        vm.prank(OTHER);
        bytes32 bondId = disputes.post{value: AMOUNT}(terms);
        _challenge(terms);
        _vote(FIRST, terms, upheld);
        _vote(SECOND, terms, upheld);
        _requireStage(bondId, upheld ? Stage.Upheld : Stage.Refuted);
        // A dispute neither makes it valid nor takes it back.
        address[] memory verifiers = new address[](1);
        verifiers[0] = OTHER;
        Status memory status = registry.status(claimId, verifiers, 1);
        require(status.outcome == Outcome.Open && status.sampled == 1, "no proof of the whole");
        require(status.valid == 0 && status.revoked == 0, "counts");
    }

    function test_NobodyBondsAnothersWord(address other) public {
        vm.assume(other != OWNER && other != VERIFIER);
        vm.deal(other, AMOUNT);
        BondTerms memory terms = _terms();
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.NotTheAuthor.selector, claimId, OWNER)
        );
        vm.prank(other);
        disputes.post{value: AMOUNT}(terms);
        terms.attester = VERIFIER;
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.NotTheAuthor.selector, claimId, VERIFIER)
        );
        vm.prank(other);
        disputes.post{value: AMOUNT}(terms);
    }

    function test_WhatDoesNotStandCannotBeBonded() public {
        BondTerms memory terms = _terms();
        terms.attester = OTHER;
        _refuse(terms, IDisputeBonds.NothingToBond.selector, claimId, OTHER);
        terms = _terms();
        terms.claimId = keccak256("no claim");
        _refuse(terms, IDisputeBonds.NothingToBond.selector, terms.claimId, address(0));
        terms = _terms();
        terms.attester = VERIFIER;
        _revoke(VERIFIER, claimId);
        _refuse(terms, IDisputeBonds.NothingToBond.selector, claimId, VERIFIER);
        vm.prank(OWNER);
        registry.retract(claimId, "wrong");
        _refuse(_terms(), IDisputeBonds.NothingToBond.selector, claimId, address(0));
    }

    function test_ABondIsPaidExactly(uint96 value) public {
        vm.assume(value != AMOUNT && value < 100 ether);
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.WrongValue.selector, value, AMOUNT));
        vm.prank(OWNER);
        disputes.post{value: value}(_terms());
        BondTerms memory terms = _terms();
        terms.amount = 0;
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.WrongValue.selector, 0, 0));
        _post(terms);
    }

    function test_WindowsAreFromAnHourToAYear(uint40 until, uint40 within) public {
        uint256 earliest = NOW + 1 hours;
        uint256 latest = NOW + 365 days;
        BondTerms memory terms = _terms();
        terms.challengeUntil = until;
        if (until < earliest || until > latest) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDisputeBonds.ChallengeWindowOutOfRange.selector,
                    until,
                    earliest,
                    latest
                )
            );
        }
        _post(terms);
        terms = _terms();
        terms.resolveWithin = within;
        if (within < 1 hours || within > 365 days) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDisputeBonds.ResolveWindowOutOfRange.selector,
                    within,
                    1 hours,
                    365 days
                )
            );
        }
        _post(terms);
    }

    function test_TheEdgesOfTheWindowsAreInside() public {
        uint40[2] memory edges = [uint40(1 hours), uint40(365 days)];
        for (uint256 i = 0; i < 2; i++) {
            BondTerms memory terms = _terms();
            terms.challengeUntil = uint40(NOW) + edges[i];
            terms.resolveWithin = edges[i];
            _requireStage(_post(terms), Stage.Posted);
            terms.challengeUntil = uint40(NOW) + (i == 0 ? edges[0] - 1 : edges[1] + 1);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDisputeBonds.ChallengeWindowOutOfRange.selector,
                    terms.challengeUntil,
                    NOW + 1 hours,
                    NOW + 365 days
                )
            );
            _post(terms);
        }
    }

    function test_AThresholdIsAMajorityOfTheResolvers(uint8 count, uint8 threshold) public {
        count = count % 20;
        BondTerms memory terms = _terms();
        terms.threshold = threshold;
        terms.resolvers = new address[](count);
        for (uint256 i = 0; i < count; i++) terms.resolvers[i] = address(uint160(0x3000 + i));
        if (count == 0 || count > 16) {
            vm.expectRevert(
                abi.encodeWithSelector(IDisputeBonds.ResolversOutOfRange.selector, count, 16)
            );
        } else if (threshold > count || uint256(threshold) * 2 <= count) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDisputeBonds.ThresholdNotAMajority.selector,
                    threshold,
                    count
                )
            );
        }
        _post(terms);
    }

    function test_ResolversAreDistinctAndNotTheParties() public {
        BondTerms memory terms = _terms();
        terms.resolvers[1] = FIRST;
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.ResolversNotAscending.selector, uint256(1))
        );
        _post(terms);
        terms = _terms();
        terms.resolvers[2] = OWNER;
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.PartyTwice.selector, OWNER));
        _post(terms);
    }

    function test_TheSameBondIsPostedOnce() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        _expect(IDisputeBonds.BondAlreadyPosted.selector, bondId);
        _post(terms);
        vm.warp(terms.challengeUntil + 1);
        disputes.release(terms);
        vm.warp(NOW);
        _expect(IDisputeBonds.BondAlreadyPosted.selector, bondId);
        _post(terms);
        terms.challengeUntil++;
        require(_post(terms) != bondId, "another bond");
    }

    function test_AnIdCoversEveryTermChainAndContract(uint8 field) public {
        BondTerms memory terms = _terms();
        bytes32 bondId = disputes.bondIdOf(terms);
        DisputeBonds asked = disputes;
        field = field % 10;
        if (field == 0) terms.claimId = keccak256("other");
        if (field == 1) terms.attester = VERIFIER;
        if (field == 2) terms.amount++;
        if (field == 3) terms.challengeUntil++;
        if (field == 4) terms.resolveWithin++;
        if (field == 5) terms.threshold = 3;
        if (field == 6) terms.resolvers[2] = address(0x2004);
        if (field == 7) terms.resolvers = new address[](2);
        if (field == 8) vm.chainId(block.chainid + 1);
        if (field == 9) asked = new DisputeBonds(registry);
        require(asked.bondIdOf(terms) != bondId, "an id covers everything");
    }

    function test_OnlyARegistryHasDisputes() public {
        ITrainingRegistry nobody = ITrainingRegistry(address(0x1234));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.NotARegistry.selector, address(nobody))
        );
        new DisputeBonds(nobody);
        ITrainingRegistry wrong = ITrainingRegistry(address(disputes));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.NotARegistry.selector, address(wrong))
        );
        new DisputeBonds(wrong);
    }

    function test_ItSaysWhatItIs() public view {
        require(disputes.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        require(disputes.supportsInterface(type(IDisputeBonds).interfaceId), "disputes");
        require(!disputes.supportsInterface(0xffffffff), "ERC-165 says so");
        require(address(disputes.REGISTRY()) == address(registry), "registry");
    }

    function test_MoneyComesOnlyWithABond() public {
        vm.deal(OTHER, 1 ether);
        vm.prank(OTHER);
        (bool success, ) = address(disputes).call{value: 1 ether}("");
        require(!success, "no terms, no money");
    }

    function _refuse(BondTerms memory terms, bytes4 selector, bytes32 claim, address who) private {
        vm.expectRevert(abi.encodeWithSelector(selector, claim, who));
        _post(terms);
    }
}
