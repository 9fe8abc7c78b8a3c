// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeBonds} from "../DisputeBonds.sol";
import {Bond, BondTerms, Stage} from "../interfaces/IDisputeBonds.sol";
import {TrainingRegistry} from "../TrainingRegistry.sol";
import {DisputeTest} from "./DisputeTest.sol";

/// @dev Does anything with bonds, at any time, as anyone.
contract DisputeHandler is DisputeTest {
    address[] public accounts = [OWNER, VERIFIER, CHALLENGER, OTHER, FIRST, SECOND, THIRD];
    uint256 public constant ACCOUNTS = 7;
    bytes32[] public bondIds;
    mapping(bytes32 bondId => BondTerms) private _termsOf;
    mapping(bytes32 bondId => Stage) public lastStage;
    uint256 public withdrawn;
    uint256 public staked;

    constructor(TrainingRegistry subject, DisputeBonds bonds, bytes32 claim) {
        registry = subject;
        disputes = bonds;
        claimId = claim;
        for (uint256 i = 0; i < ACCOUNTS; i++) vm.deal(accounts[i], 1e9 ether);
    }

    function setUp() public override {}

    function count() external view returns (uint256) {
        return bondIds.length;
    }

    function termsOf(bytes32 bondId) external view returns (BondTerms memory) {
        return _termsOf[bondId];
    }

    function post(uint96 amount, uint32 window, uint32 within, uint8 size, bool verdict) external {
        BondTerms memory terms = _terms();
        terms.amount = uint96(1 + (amount % 1000 ether));
        terms.challengeUntil = uint40(block.timestamp + 1 hours + (window % 30 days));
        terms.resolveWithin = uint40(1 hours + (within % 30 days));
        terms.resolvers = new address[](1 + (size % 3));
        for (uint256 i = 0; i < terms.resolvers.length; i++) terms.resolvers[i] = accounts[4 + i];
        terms.threshold = uint8(terms.resolvers.length / 2 + 1);
        if (verdict) terms.attester = VERIFIER;
        vm.prank(verdict ? VERIFIER : OWNER);
        try disputes.post{value: terms.amount}(terms) returns (bytes32 bondId) {
            bondIds.push(bondId);
            _termsOf[bondId] = terms;
            lastStage[bondId] = Stage.Posted;
            staked += terms.amount;
        } catch {}
    }

    function challenge(uint256 which, uint8 who) external {
        if (bondIds.length == 0) return;
        bytes32 bondId = bondIds[which % bondIds.length];
        BondTerms memory terms = _termsOf[bondId];
        vm.prank(accounts[who % ACCOUNTS]);
        try disputes.challenge{value: terms.amount}(terms, "reason") {
            staked += terms.amount;
        } catch {}
        _moved(bondId);
    }

    function resolve(uint256 which, uint8 who, bool upheld) external {
        if (bondIds.length == 0) return;
        bytes32 bondId = bondIds[which % bondIds.length];
        BondTerms memory terms = _termsOf[bondId];
        vm.prank(accounts[who % ACCOUNTS]);
        try disputes.resolve(terms, upheld, "reason") {} catch {}
        _moved(bondId);
    }

    function release(uint256 which) external {
        if (bondIds.length == 0) return;
        bytes32 bondId = bondIds[which % bondIds.length];
        try disputes.release(_termsOf[bondId]) {} catch {}
        _moved(bondId);
    }

    function withdraw(uint8 who, uint8 to) external {
        vm.prank(accounts[who % ACCOUNTS]);
        try disputes.withdraw(payable(accounts[to % ACCOUNTS])) returns (uint256 amount) {
            withdrawn += amount;
        } catch {}
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + (time % 20 days));
    }

    function _moved(bytes32 bondId) private {
        Stage stage = disputes.getBond(bondId).stage;
        require(uint8(stage) >= uint8(lastStage[bondId]), "a bond does not go back");
        require(
            stage == lastStage[bondId] || uint8(lastStage[bondId]) <= uint8(Stage.Challenged),
            "a settled bond stays settled"
        );
        lastStage[bondId] = stage;
    }
}

contract DisputeInvariants is DisputeTest {
    DisputeHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new DisputeHandler(registry, disputes, claimId);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_WhatIsOwedAndStakedIsWhatIsThere() public view {
        uint256 sum = _owed();
        for (uint256 i = 0; i < handler.count(); i++) {
            bytes32 bondId = handler.bondIds(i);
            Stage stage = disputes.getBond(bondId).stage;
            uint256 amount = handler.termsOf(bondId).amount;
            if (stage == Stage.Posted) sum += amount;
            if (stage == Stage.Challenged) sum += 2 * amount;
        }
        require(address(disputes).balance == sum, "owed and staked is what is there");
        require(handler.staked() == sum + handler.withdrawn(), "nothing came or went otherwise");
    }

    /// @dev From any state: let all windows pass, release, withdraw; nothing is left.
    function invariant_NoMoneyIsEverLocked() public {
        vm.warp(block.timestamp + 60 days);
        for (uint256 i = 0; i < handler.count(); i++) {
            bytes32 bondId = handler.bondIds(i);
            Stage stage = disputes.getBond(bondId).stage;
            if (stage == Stage.Posted || stage == Stage.Challenged)
                disputes.release(handler.termsOf(bondId));
        }
        for (uint256 i = 0; i < handler.ACCOUNTS(); i++) {
            address account = handler.accounts(i);
            if (disputes.owed(account) == 0) continue;
            vm.prank(account);
            disputes.withdraw(payable(account));
        }
        require(address(disputes).balance == 0, "locked");
    }

    function invariant_AThresholdIsReachedByOneSideAtMost() public view {
        for (uint256 i = 0; i < handler.count(); i++) {
            bytes32 bondId = handler.bondIds(i);
            Bond memory bond = disputes.getBond(bondId);
            uint256 threshold = handler.termsOf(bondId).threshold;
            require(bond.upheldBy & bond.refutedBy == 0, "nobody votes twice");
            require((_bits(bond.upheldBy) >= threshold) == (bond.stage == Stage.Upheld), "upheld");
            require(
                (_bits(bond.refutedBy) >= threshold) == (bond.stage == Stage.Refuted),
                "refuted"
            );
        }
    }

    function _owed() private view returns (uint256 sum) {
        for (uint256 i = 0; i < handler.ACCOUNTS(); i++) sum += disputes.owed(handler.accounts(i));
    }

    function _bits(uint16 votes) private pure returns (uint256 bits) {
        for (uint256 i = 0; i < 16; i++) bits += (votes >> i) & 1;
    }
}
