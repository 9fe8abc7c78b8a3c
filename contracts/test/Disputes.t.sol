// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeBonds} from "../DisputeBonds.sol";
import {Bond, BondTerms, IDisputeBonds, Stage} from "../interfaces/IDisputeBonds.sol";
import {DisputeTest} from "./DisputeTest.sol";

/// @dev A contract that is owed money, refuses it, and calls back when it is paid.
contract Greedy {
    DisputeBonds private immutable DISPUTES;
    bool private accepting;
    uint256 public again;

    constructor(DisputeBonds disputes) {
        DISPUTES = disputes;
    }

    receive() external payable {
        require(accepting, "refused");
        try DISPUTES.withdraw(payable(this)) returns (uint256 amount) {
            again += amount;
        } catch {}
    }

    function challenge(BondTerms calldata terms) external payable {
        DISPUTES.challenge{value: msg.value}(terms, "greed");
    }

    function accept() external {
        accepting = true;
    }

    function withdraw(address payable to) external returns (uint256) {
        return DISPUTES.withdraw(to);
    }
}

contract ChallengingTest is DisputeTest {
    function test_AnyoneChallengesWithAnEqualStake() public {
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        Bond memory bond = disputes.getBond(bondId);
        require(bond.stage == Stage.Challenged && bond.challenger == CHALLENGER, "challenged");
        require(bond.resolveUntil == NOW + terms.resolveWithin, "time to answer");
        require(bond.challengedIn == BLOCK, "block");
        require(address(disputes).balance == 2 * AMOUNT, "both stakes");
    }

    function test_AChallengeIsPaidExactlyAndHasAReason(uint96 value) public {
        vm.assume(value != AMOUNT && value < 100 ether);
        BondTerms memory terms = _terms();
        _post(terms);
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.WrongValue.selector, value, AMOUNT));
        vm.prank(CHALLENGER);
        disputes.challenge{value: value}(terms, "reason");
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.DisputeReasonMissing.selector));
        vm.prank(CHALLENGER);
        disputes.challenge{value: AMOUNT}(terms, "");
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.DisputeReasonTooLong.selector, 2049, 2048)
        );
        vm.prank(CHALLENGER);
        disputes.challenge{value: AMOUNT}(terms, string(new bytes(2049)));
    }

    function test_ABondIsChallengedOnce() public {
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        _expectStage(bondId, Stage.Challenged, Stage.Posted);
        _challenge(terms);
    }

    function test_ThereIsNothingToChallengeOnOtherTerms() public {
        BondTerms memory terms = _terms();
        _post(terms);
        terms.threshold = 3;
        _expect(IDisputeBonds.UnknownBond.selector, disputes.bondIdOf(terms));
        _challenge(terms);
        _expect(IDisputeBonds.UnknownBond.selector, disputes.bondIdOf(terms));
        _vote(FIRST, terms, true);
        _expect(IDisputeBonds.UnknownBond.selector, disputes.bondIdOf(terms));
        disputes.release(terms);
    }

    function test_TheWindowsLastSecondIsInside() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        vm.warp(terms.challengeUntil + 1);
        _expect(IDisputeBonds.WindowOver.selector, bondId, terms.challengeUntil);
        _challenge(terms);
        vm.warp(terms.challengeUntil);
        _expect(IDisputeBonds.WindowOpen.selector, bondId, terms.challengeUntil);
        disputes.release(terms);
        _challenge(terms);
    }

    function test_PosterAndResolversDoNotChallenge() public {
        BondTerms memory terms = _terms();
        _post(terms);
        address[2] memory parties = [OWNER, SECOND];
        for (uint256 i = 0; i < 2; i++) {
            vm.deal(parties[i], AMOUNT);
            vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.PartyTwice.selector, parties[i]));
            vm.prank(parties[i]);
            disputes.challenge{value: AMOUNT}(terms, "reason");
        }
    }

    function test_TakingTheWordBackDoesNotEndABond() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        vm.prank(OWNER);
        registry.retract(claimId, "caught");
        _expect(IDisputeBonds.WindowOpen.selector, bondId, terms.challengeUntil);
        disputes.release(terms);
        _challenge(terms);
        _requireStage(bondId, Stage.Challenged);
    }
}

contract ResolvingTest is DisputeTest {
    function test_TheThresholdUpholds() public {
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        _vote(FIRST, terms, true);
        _vote(SECOND, terms, false);
        _requireStage(bondId, Stage.Challenged);
        _vote(THIRD, terms, true);
        _requireStage(bondId, Stage.Upheld);
        _requireOwed(OWNER, 1.5 ether);
        _requireOwed(FIRST, 0.25 ether);
        _requireOwed(THIRD, 0.25 ether);
        _requireOwed(SECOND, 0);
        _requireOwed(CHALLENGER, 0);
    }

    function test_TheThresholdRefutes() public {
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        _vote(THIRD, terms, false);
        _vote(SECOND, terms, false);
        _requireStage(bondId, Stage.Refuted);
        _requireOwed(CHALLENGER, 1.5 ether);
        _requireOwed(SECOND, 0.25 ether);
        _requireOwed(THIRD, 0.25 ether);
        _requireOwed(OWNER, 0);
    }

    function test_WhatDoesNotDivideIsTheWinners(uint96 amount, uint8 count, bool upheld) public {
        amount = uint96(1 + (amount % 50 ether));
        count = 1 + (count % 16);
        BondTerms memory terms = _terms();
        terms.amount = amount;
        terms.threshold = count / 2 + 1;
        terms.resolvers = new address[](count);
        for (uint256 i = 0; i < count; i++) terms.resolvers[i] = address(uint160(0x3000 + i));
        _post(terms);
        _challenge(terms);
        for (uint256 i = 0; i < terms.threshold; i++) _vote(terms.resolvers[i], terms, upheld);
        uint256 sum = disputes.owed(upheld ? OWNER : CHALLENGER);
        require(sum >= uint256(amount) + amount / 2, "the winner has at least three halves");
        for (uint256 i = 0; i < count; i++) sum += disputes.owed(terms.resolvers[i]);
        require(sum == 2 * uint256(amount), "everything is somebody's");
        require(disputes.owed(upheld ? CHALLENGER : OWNER) == 0, "the loser has nothing");
    }

    function test_OnlyResolversVoteAndOnce(address other) public {
        vm.assume(other != FIRST && other != SECOND && other != THIRD);
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.NotAResolver.selector, bondId, other));
        _vote(other, terms, true);
        _vote(FIRST, terms, true);
        for (uint256 i = 0; i < 2; i++) {
            vm.expectRevert(
                abi.encodeWithSelector(IDisputeBonds.AlreadyVoted.selector, bondId, FIRST)
            );
            _vote(FIRST, terms, i == 0);
        }
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.DisputeReasonMissing.selector));
        vm.prank(SECOND);
        disputes.resolve(terms, true, "");
    }

    function test_NobodyVotesBeforeAChallengeOrAfterTheEnd() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        _expectStage(bondId, Stage.Posted, Stage.Challenged);
        _vote(FIRST, terms, true);
        _challenge(terms);
        _vote(FIRST, terms, true);
        _vote(SECOND, terms, true);
        _expectStage(bondId, Stage.Upheld, Stage.Challenged);
        _vote(THIRD, terms, true);
        _expectStage(bondId, Stage.Upheld, Stage.Posted);
        disputes.release(terms);
        _expectStage(bondId, Stage.Upheld, Stage.Posted);
        _challenge(terms);
    }

    function test_SilenceGivesBothTheirStakesBack() public {
        (BondTerms memory terms, bytes32 bondId) = _disputed();
        uint256 until = disputes.getBond(bondId).resolveUntil;
        _vote(FIRST, terms, false);
        vm.warp(until);
        _expect(IDisputeBonds.WindowOpen.selector, bondId, until);
        disputes.release(terms);
        vm.warp(until + 1);
        _expect(IDisputeBonds.WindowOver.selector, bondId, until);
        _vote(SECOND, terms, false);
        vm.prank(OTHER);
        disputes.release(terms);
        _requireStage(bondId, Stage.Unanswered);
        _requireOwed(OWNER, AMOUNT);
        _requireOwed(CHALLENGER, AMOUNT);
        _requireOwed(FIRST, 0);
        _expectStage(bondId, Stage.Unanswered, Stage.Posted);
        disputes.release(terms);
    }

    function test_UnchallengedMoneyGoesBackOnce() public {
        BondTerms memory terms = _terms();
        bytes32 bondId = _post(terms);
        vm.warp(terms.challengeUntil + 1);
        vm.prank(OTHER);
        disputes.release(terms);
        _requireStage(bondId, Stage.Unchallenged);
        _requireOwed(OWNER, AMOUNT);
        _expectStage(bondId, Stage.Unchallenged, Stage.Posted);
        disputes.release(terms);
        _expectStage(bondId, Stage.Unchallenged, Stage.Posted);
        _challenge(terms);
    }
}

contract WithdrawingTest is DisputeTest {
    function test_WhatIsOwedIsSentOnceWhereTheAccountSays() public {
        BondTerms memory terms = _terms();
        _post(terms);
        vm.warp(terms.challengeUntil + 1);
        disputes.release(terms);
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.NothingOwed.selector, OTHER));
        vm.prank(OTHER);
        disputes.withdraw(payable(OTHER));
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.PaymentRefused.selector, address(0), AMOUNT)
        );
        vm.prank(OWNER);
        disputes.withdraw(payable(address(0)));
        vm.prank(OWNER);
        require(disputes.withdraw(payable(OTHER)) == AMOUNT, "amount");
        require(OTHER.balance == AMOUNT && address(disputes).balance == 0, "sent");
        vm.expectRevert(abi.encodeWithSelector(IDisputeBonds.NothingOwed.selector, OWNER));
        vm.prank(OWNER);
        disputes.withdraw(payable(OWNER));
    }

    function test_WhoRefusesOrCallsBackStopsNobody() public {
        BondTerms memory terms = _terms();
        _post(terms);
        Greedy greedy = new Greedy(disputes);
        vm.deal(address(this), AMOUNT);
        greedy.challenge{value: AMOUNT}(terms);
        _vote(FIRST, terms, false);
        _vote(SECOND, terms, false);
        // The others are paid, whatever the contract does.
        vm.prank(FIRST);
        disputes.withdraw(payable(FIRST));
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputeBonds.PaymentRefused.selector,
                address(greedy),
                1.5 ether
            )
        );
        greedy.withdraw(payable(address(greedy)));
        _requireOwed(address(greedy), 1.5 ether);
        greedy.accept();
        require(greedy.withdraw(payable(address(greedy))) == 1.5 ether, "paid");
        require(greedy.again() == 0 && address(greedy).balance == 1.5 ether, "and no more");
        require(address(disputes).balance == 0.25 ether, "the second resolver's");
    }
}
