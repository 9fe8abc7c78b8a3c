// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DisputeBonds} from "../DisputeBonds.sol";
import {Bond, BondTerms, IDisputeBonds, Stage} from "../interfaces/IDisputeBonds.sol";
import {Verdict} from "../interfaces/ITrainingRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @dev What the suites on disputes share: a claim, a verdict on it, three resolvers, terms.
abstract contract DisputeTest is RegistryTest {
    address internal constant CHALLENGER = address(0xC0FFEE);
    address internal constant FIRST = address(0x2001);
    address internal constant SECOND = address(0x2002);
    address internal constant THIRD = address(0x2003);
    uint96 internal constant AMOUNT = 1 ether;

    DisputeBonds internal disputes;
    bytes32 internal claimId;

    function setUp() public virtual override {
        super.setUp();
        disputes = new DisputeBonds(registry);
        claimId = _register();
        _attest(VERIFIER, claimId, Verdict.Valid);
        vm.deal(OWNER, 100 ether);
        vm.deal(VERIFIER, 100 ether);
        vm.deal(CHALLENGER, 100 ether);
    }

    function _terms() internal view returns (BondTerms memory terms) {
        terms.claimId = claimId;
        terms.amount = AMOUNT;
        terms.challengeUntil = uint40(NOW + 7 days);
        terms.resolveWithin = 3 days;
        terms.threshold = 2;
        terms.resolvers = new address[](3);
        terms.resolvers[0] = FIRST;
        terms.resolvers[1] = SECOND;
        terms.resolvers[2] = THIRD;
    }

    function _post(BondTerms memory terms) internal returns (bytes32) {
        vm.prank(OWNER);
        return disputes.post{value: terms.amount}(terms);
    }

    function _challenge(BondTerms memory terms) internal {
        vm.prank(CHALLENGER);
        disputes.challenge{value: terms.amount}(terms, "the final weights do not open");
    }

    function _vote(address resolver, BondTerms memory terms, bool upheld) internal {
        vm.prank(resolver);
        disputes.resolve(terms, upheld, "verified with build 0x...");
    }

    /// @dev A bond that was posted and challenged.
    function _disputed() internal returns (BondTerms memory terms, bytes32 bondId) {
        terms = _terms();
        bondId = _post(terms);
        _challenge(terms);
    }

    function _requireStage(bytes32 bondId, Stage stage) internal view {
        require(disputes.getBond(bondId).stage == stage, "stage");
    }

    function _requireOwed(address account, uint256 amount) internal view {
        require(disputes.owed(account) == amount, "owed");
    }

    function _expectStage(bytes32 bondId, Stage stage, Stage needed) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IDisputeBonds.WrongStage.selector, bondId, stage, needed)
        );
    }
}
