// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "./interfaces/IERC165.sol";
import {Bond, BondTerms, IDisputeBonds, Stage} from "./interfaces/IDisputeBonds.sol";
import {Attestation, Claim, ITrainingRegistry, Verdict} from "./interfaces/ITrainingRegistry.sol";

/// @title Bonds behind claims and verdicts, and disputes about them
contract DisputeBonds is IDisputeBonds, IERC165 {
    /// @inheritdoc IDisputeBonds
    bytes32 public constant BOND_TYPE = keccak256("trainproof/DisputeBonds/bond/1");

    /// @inheritdoc IDisputeBonds
    uint256 public constant MIN_WINDOW = 1 hours;

    /// @inheritdoc IDisputeBonds
    uint256 public constant MAX_WINDOW = 365 days;

    /// @inheritdoc IDisputeBonds
    /// @dev A vote is a bit of a uint16, and the deciding vote pays each who voted so.
    uint256 public constant MAX_RESOLVERS = 16;

    /// @inheritdoc IDisputeBonds
    uint256 public constant MAX_REASON_BYTES = 2048;

    /// @inheritdoc IDisputeBonds
    ITrainingRegistry public immutable REGISTRY;

    mapping(bytes32 bondId => Bond) private _bonds;

    /// @inheritdoc IDisputeBonds
    mapping(address account => uint256) public owed;

    constructor(ITrainingRegistry registry) {
        bytes4 wanted = type(ITrainingRegistry).interfaceId;
        if (
            address(registry).code.length == 0 ||
            !IERC165(address(registry)).supportsInterface(wanted)
        ) revert NotARegistry(address(registry));
        REGISTRY = registry;
    }

    /// @inheritdoc IDisputeBonds
    function post(BondTerms calldata terms) external payable returns (bytes32 bondId) {
        address author = _authorOf(terms.claimId, terms.attester);
        if (author != msg.sender) revert NotTheAuthor(terms.claimId, author);
        _requireValue(terms);
        _requireWindows(terms);
        _requireResolvers(terms);

        bondId = bondIdOf(terms);
        Bond storage bond = _bonds[bondId];
        if (bond.stage != Stage.None) revert BondAlreadyPosted(bondId);
        bond.poster = msg.sender;
        bond.stage = Stage.Posted;
        bond.postedIn = uint40(block.number);
        emit BondPosted(bondId, terms.claimId, msg.sender, terms);
    }

    /// @inheritdoc IDisputeBonds
    function challenge(BondTerms calldata terms, string calldata reason) external payable {
        (bytes32 bondId, Bond storage bond) = _bondAt(terms, Stage.Posted);
        if (block.timestamp > terms.challengeUntil) revert WindowOver(bondId, terms.challengeUntil);
        _requireValue(terms);
        _requireReason(reason);
        (bool found, ) = _indexOf(terms.resolvers, msg.sender);
        if (found || bond.poster == msg.sender) revert PartyTwice(msg.sender);

        // Windows are a year at most: this fits for 30,000 years.
        uint40 resolveUntil = uint40(block.timestamp + terms.resolveWithin);
        bond.stage = Stage.Challenged;
        bond.challengedIn = uint40(block.number);
        bond.challenger = msg.sender;
        bond.resolveUntil = resolveUntil;
        emit BondChallenged(bondId, terms.claimId, msg.sender, resolveUntil, reason);
    }

    /// @inheritdoc IDisputeBonds
    function resolve(BondTerms calldata terms, bool upheld, string calldata reason) external {
        (bytes32 bondId, Bond storage bond) = _bondAt(terms, Stage.Challenged);
        if (block.timestamp > bond.resolveUntil) revert WindowOver(bondId, bond.resolveUntil);
        (bool found, uint256 index) = _indexOf(terms.resolvers, msg.sender);
        if (!found) revert NotAResolver(bondId, msg.sender);
        uint16 vote = uint16(1 << index);
        if ((bond.upheldBy | bond.refutedBy) & vote != 0) revert AlreadyVoted(bondId, msg.sender);
        _requireReason(reason);

        uint16 agreeing = (upheld ? bond.upheldBy : bond.refutedBy) | vote;
        if (upheld) bond.upheldBy = agreeing;
        else bond.refutedBy = agreeing;
        emit VoteCast(bondId, terms.claimId, msg.sender, upheld, reason);
        // The threshold is a majority: at most one side can ever reach it.
        if (_count(agreeing) < terms.threshold) return;

        uint256 fee = terms.amount / 2 / terms.threshold;
        for (uint256 i = 0; i < terms.resolvers.length; i++)
            if (agreeing & (1 << i) != 0) owed[terms.resolvers[i]] += fee;
        uint256 rest = 2 * uint256(terms.amount) - fee * terms.threshold;
        owed[upheld ? bond.poster : bond.challenger] += rest;
        _settle(bondId, terms.claimId, bond, upheld ? Stage.Upheld : Stage.Refuted);
    }

    /// @inheritdoc IDisputeBonds
    function release(BondTerms calldata terms) external {
        bytes32 bondId = bondIdOf(terms);
        Bond storage bond = _bonds[bondId];
        Stage stage = bond.stage;
        if (stage == Stage.None) revert UnknownBond(bondId);
        if (stage == Stage.Challenged) {
            if (block.timestamp <= bond.resolveUntil) revert WindowOpen(bondId, bond.resolveUntil);
            owed[bond.challenger] += terms.amount;
            stage = Stage.Unanswered;
        } else if (stage == Stage.Posted) {
            if (block.timestamp <= terms.challengeUntil)
                revert WindowOpen(bondId, terms.challengeUntil);
            stage = Stage.Unchallenged;
        } else {
            revert WrongStage(bondId, stage, Stage.Posted);
        }
        owed[bond.poster] += terms.amount;
        _settle(bondId, terms.claimId, bond, stage);
    }

    /// @inheritdoc IDisputeBonds
    /// @dev The debt is gone before the money is sent: a receiver that calls back finds nothing owed.
    function withdraw(address payable to) external returns (uint256 amount) {
        amount = owed[msg.sender];
        if (amount == 0) revert NothingOwed(msg.sender);
        // Money sent to nobody would be gone.
        if (to == address(0)) revert PaymentRefused(to, amount);
        owed[msg.sender] = 0;
        emit Withdrawn(msg.sender, to, amount);
        (bool success, ) = to.call{value: amount}("");
        if (!success) revert PaymentRefused(to, amount);
    }

    /// @inheritdoc IDisputeBonds
    function getBond(bytes32 bondId) external view returns (Bond memory) {
        return _bonds[bondId];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IDisputeBonds).interfaceId;
    }

    /// @inheritdoc IDisputeBonds
    function bondIdOf(BondTerms calldata terms) public view returns (bytes32) {
        return keccak256(abi.encode(BOND_TYPE, block.chainid, address(this), terms));
    }

    function _settle(bytes32 bondId, bytes32 claimId, Bond storage bond, Stage stage) private {
        bond.stage = stage;
        emit BondSettled(bondId, claimId, bond.poster, stage);
    }

    function _bondAt(
        BondTerms calldata terms,
        Stage needed
    ) private view returns (bytes32 bondId, Bond storage bond) {
        bondId = bondIdOf(terms);
        bond = _bonds[bondId];
        if (bond.stage == Stage.None) revert UnknownBond(bondId);
        if (bond.stage != needed) revert WrongStage(bondId, bond.stage, needed);
    }

    /// @dev Whose word is bonded; it must stand in the registry.
    function _authorOf(bytes32 claimId, address attester) private view returns (address) {
        if (attester == address(0)) {
            Claim memory claim = REGISTRY.getClaim(claimId);
            if (claim.claimant == address(0) || claim.retracted)
                revert NothingToBond(claimId, attester);
            return claim.claimant;
        }
        Attestation memory given = REGISTRY.getAttestation(claimId, attester);
        if (given.verdict == Verdict.Unknown || given.revoked)
            revert NothingToBond(claimId, attester);
        return attester;
    }

    function _requireValue(BondTerms calldata terms) private view {
        if (msg.value != terms.amount || msg.value == 0) revert WrongValue(msg.value, terms.amount);
    }

    function _requireWindows(BondTerms calldata terms) private view {
        uint256 earliest = block.timestamp + MIN_WINDOW;
        uint256 latest = block.timestamp + MAX_WINDOW;
        if (terms.challengeUntil < earliest || terms.challengeUntil > latest)
            revert ChallengeWindowOutOfRange(terms.challengeUntil, earliest, latest);
        if (terms.resolveWithin < MIN_WINDOW || terms.resolveWithin > MAX_WINDOW)
            revert ResolveWindowOutOfRange(terms.resolveWithin, MIN_WINDOW, MAX_WINDOW);
    }

    function _requireResolvers(BondTerms calldata terms) private view {
        address[] calldata resolvers = terms.resolvers;
        uint256 count = resolvers.length;
        if (count == 0 || count > MAX_RESOLVERS) revert ResolversOutOfRange(count, MAX_RESOLVERS);
        if (uint256(terms.threshold) * 2 <= count || terms.threshold > count)
            revert ThresholdNotAMajority(terms.threshold, count);
        for (uint256 i = 0; i < count; i++) {
            // One account votes once.
            if (i > 0 && resolvers[i] <= resolvers[i - 1]) revert ResolversNotAscending(i);
            if (resolvers[i] == msg.sender) revert PartyTwice(msg.sender);
        }
    }

    function _requireReason(string calldata reason) private pure {
        uint256 length = bytes(reason).length;
        if (length == 0) revert DisputeReasonMissing();
        if (length > MAX_REASON_BYTES) revert DisputeReasonTooLong(length, MAX_REASON_BYTES);
    }

    function _indexOf(
        address[] calldata accounts,
        address account
    ) private pure returns (bool, uint256) {
        for (uint256 i = 0; i < accounts.length; i++) if (accounts[i] == account) return (true, i);
        return (false, 0);
    }

    function _count(uint16 votes) private pure returns (uint256 count) {
        for (; votes != 0; votes &= votes - 1) count++;
    }
}
