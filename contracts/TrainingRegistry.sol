// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "./interfaces/IERC165.sol";
import {IERC5267} from "./interfaces/IERC5267.sol";
import {
    Attestation,
    AttestationInput,
    Claim,
    ClaimInput,
    ITrainingRegistry,
    Lineage,
    Outcome,
    Plan,
    StartKind,
    Status,
    Verdict
} from "./interfaces/ITrainingRegistry.sol";
import {BlockHashes} from "./libraries/BlockHashes.sol";
import {SignatureVerification} from "./libraries/SignatureVerification.sol";
import {WordHash} from "./libraries/WordHash.sol";

/// @title Registry of announced training plans, of training claims and of verdicts on them
contract TrainingRegistry is ITrainingRegistry, IERC165, IERC5267 {
    /// @inheritdoc ITrainingRegistry
    bytes32 public constant CLAIM_TYPE = keccak256("trainproof/TrainingRegistry/claim/2");

    /// @inheritdoc ITrainingRegistry
    bytes32 public constant PLAN_TYPE = keccak256("trainproof/TrainingRegistry/plan/1");

    /// @inheritdoc ITrainingRegistry
    /// @dev Not 1: whoever sees a seed and dislikes it has to undo this many blocks to unsay the plan.
    uint256 public constant SEED_DELAY = 4;

    /// @inheritdoc ITrainingRegistry
    uint64 public constant MAX_STEPS = type(uint48).max;

    /// @inheritdoc ITrainingRegistry
    uint256 public constant MAX_TEXT_BYTES = 2048;

    string private constant DOMAIN_NAME = "Trainproof TrainingRegistry";
    string private constant DOMAIN_VERSION = "3";
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant ATTEST_TYPE = keccak256(
        "Attest(bytes32 claimId,uint8 verdict,bytes32 proofDigest,bytes32 verifierBuild,uint32 protocolVersion,bytes32 reportDigest,uint32 sampleSize,bytes32 sampleSeed,string uri,uint256 deadline)"
    );
    bytes32 private constant REVOKE_TYPE = keccak256(
        "Revoke(bytes32 claimId,string reason,uint256 deadline)"
    );

    /// @dev One slot; the seed has its own.
    struct Announcement {
        address claimant;
        uint40 announcedIn;
        uint40 number;
    }

    mapping(bytes32 planId => Announcement) private _announcements;
    mapping(bytes32 planId => bytes32) private _seeds;
    mapping(bytes32 claimId => Claim) private _claims;
    mapping(bytes32 claimId => mapping(address attester => Attestation)) private _attestations;

    /// @inheritdoc ITrainingRegistry
    mapping(address claimant => uint256) public planCountOf;

    /// @inheritdoc ITrainingRegistry
    function announce(bytes32 planDigest) external returns (bytes32 planId) {
        _requireDigest(planDigest, "planDigest");
        planId = planIdOf(msg.sender, planDigest);
        if (_announcements[planId].claimant != address(0)) revert PlanAlreadyAnnounced(planId);
        uint40 number = uint40(++planCountOf[msg.sender]);
        _announcements[planId] = Announcement(msg.sender, uint40(block.number), number);
        uint40 seedBlock = uint40(block.number + SEED_DELAY);
        emit PlanAnnounced(planId, msg.sender, planDigest, number, seedBlock);
    }

    /// @inheritdoc ITrainingRegistry
    function drawSeed(bytes32 planId) external returns (bytes32 seed) {
        seed = _seeds[planId];
        if (seed != 0) return seed;
        Announcement memory plan = _announcements[planId];
        if (plan.claimant == address(0)) revert UnknownPlan(planId);
        uint256 seedBlock = plan.announcedIn + SEED_DELAY;
        if (block.number <= seedBlock) revert SeedNotReady(planId, seedBlock);
        bytes32 blockHash = BlockHashes.ofBlock(seedBlock);
        if (blockHash == 0) revert SeedMissed(planId, seedBlock);
        seed = keccak256(abi.encode(blockHash, planId));
        _seeds[planId] = seed;
        emit SeedDrawn(planId, plan.claimant, seed, blockHash);
    }

    /// @inheritdoc ITrainingRegistry
    function register(
        ClaimInput calldata input,
        string calldata uri
    ) external returns (bytes32 claimId) {
        // One branch where the four digests are there and the text is short; what is wrong is looked for
        // only where something is.
        bool refused;
        assembly ("memory-safe") {
            refused := or(
                gt(uri.length, MAX_TEXT_BYTES),
                or(
                    or(iszero(calldataload(input)), iszero(calldataload(add(input, 0x60)))),
                    or(
                        iszero(calldataload(add(input, 0x80))),
                        iszero(calldataload(add(input, 0x120)))
                    )
                )
            )
        }
        if (refused) _refuse(input, uri);
        (uint64 steps, StartKind startKind) = (input.steps, input.startKind);
        // steps == 0 || steps > MAX_STEPS, in one comparison: 0 - 1 is the largest number.
        unchecked {
            if (uint256(steps) - 1 >= MAX_STEPS) revert StepsOutOfRange(steps, MAX_STEPS);
        }
        // A claim cannot be its own ancestor: its id is a hash over its parent's.
        if (startKind == StartKind.ParentClaim) _requireClaim(input.start);
        else if (startKind == StartKind.UndisclosedWeights) _requireUndisclosed(input);
        bytes32 planDigest = input.planDigest;
        if (planDigest != 0) _requirePlan(planDigest, startKind, input.start);

        uint256 words = _copyWords(input);
        claimId = _claimId(msg.sender, _bodyAt(words), input.proofDigest);
        Claim storage slot = _claims[claimId];
        if (slot.claimant != address(0)) revert ClaimAlreadyRegistered(claimId);
        // claimant, registeredAt, registeredIn, as the struct packs them; retracted stays false.
        assembly ("memory-safe") {
            sstore(
                slot.slot,
                or(
                    or(caller(), shl(160, and(timestamp(), 0xffffffffff))),
                    shl(200, and(number(), 0xffffffffff))
                )
            )
        }

        _emitRegistered(claimId, words, uri);
    }

    /// @inheritdoc ITrainingRegistry
    function retract(bytes32 claimId, string calldata reason) external {
        Claim storage claim = _claims[claimId];
        address claimant = claim.claimant;
        if (claimant == address(0)) revert UnknownClaim(claimId);
        if (claimant != msg.sender) revert NotClaimant(claimId, claimant);
        if (claim.retracted) revert ClaimAlreadyRetracted(claimId);
        _requireReason(reason);
        claim.retracted = true;
        emit ClaimRetracted(claimId, claimant, reason);
    }

    /// @inheritdoc ITrainingRegistry
    function attest(AttestationInput calldata input) external {
        _attest(msg.sender, input);
    }

    /// @inheritdoc ITrainingRegistry
    function attestBatch(AttestationInput[] calldata inputs) external {
        for (uint256 i = 0; i < inputs.length; i++) _attest(msg.sender, inputs[i]);
    }

    /// @inheritdoc ITrainingRegistry
    function attestBySig(
        address attester,
        AttestationInput calldata input,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(
                ATTEST_TYPE,
                input.claimId,
                input.verdict,
                input.proofDigest,
                input.verifierBuild,
                input.protocolVersion,
                input.reportDigest,
                input.sampleSize,
                input.sampleSeed,
                keccak256(bytes(input.uri)),
                deadline
            )
        );
        _requireSignature(attester, structHash, deadline, signature);
        _attest(attester, input);
    }

    /// @inheritdoc ITrainingRegistry
    function revoke(bytes32 claimId, string calldata reason) external {
        _revoke(msg.sender, claimId, reason);
    }

    /// @inheritdoc ITrainingRegistry
    function revokeBySig(
        address attester,
        bytes32 claimId,
        string calldata reason,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(
            abi.encode(REVOKE_TYPE, claimId, keccak256(bytes(reason)), deadline)
        );
        _requireSignature(attester, structHash, deadline, signature);
        _revoke(attester, claimId, reason);
    }

    /// @inheritdoc ITrainingRegistry
    function status(
        bytes32 claimId,
        address[] calldata verifiers,
        uint256 threshold
    ) external view returns (Status memory result) {
        _requireClaim(claimId);
        if (threshold == 0 || threshold > verifiers.length) {
            revert ThresholdOutOfRange(threshold, verifiers.length);
        }
        for (uint256 i = 0; i < verifiers.length; i++) {
            // One account counts once.
            if (i > 0 && verifiers[i] <= verifiers[i - 1]) revert VerifiersNotAscending(i);
            Attestation storage given = _attestations[claimId][verifiers[i]];
            if (given.verdict == Verdict.Unknown) continue;
            if (given.revoked) result.revoked++;
            else if (given.verdict == Verdict.Valid) result.valid++;
            else if (given.verdict == Verdict.Sampled) result.sampled++;
            else result.invalid++;
        }
        result.retracted = _claims[claimId].retracted;
        if (result.retracted) result.outcome = Outcome.Retracted;
        else if (result.valid >= threshold && result.invalid >= threshold)
            result.outcome = Outcome.Conflict;
        else if (result.valid >= threshold) result.outcome = Outcome.Valid;
        else if (result.invalid >= threshold) result.outcome = Outcome.Invalid;
    }

    /// @inheritdoc ITrainingRegistry
    function lineage(
        bytes32 claimId,
        address[] calldata claimants,
        ClaimInput[] calldata inputs
    ) external view returns (Lineage memory line) {
        _requireClaim(claimId);
        line.claimIds = new bytes32[](inputs.length);
        bytes32 expected = claimId;
        for (uint256 i = 0; i < inputs.length; i++) {
            if (
                line.rooted ||
                line.undisclosed ||
                i >= claimants.length ||
                claimIdOf(claimants[i], inputs[i]) != expected
            ) revert LineageBroken(i, expected);
            line.claimIds[i] = expected;
            if (_claims[expected].retracted) line.retracted = true;
            // The parent was checked to be a claim when its child was registered.
            expected = inputs[i].start;
            line.rooted = inputs[i].startKind == StartKind.PublicSeed;
            line.undisclosed = inputs[i].startKind == StartKind.UndisclosedWeights;
        }
    }

    /// @inheritdoc ITrainingRegistry
    function getClaim(bytes32 claimId) external view returns (Claim memory) {
        return _claims[claimId];
    }

    /// @inheritdoc ITrainingRegistry
    function getAttestation(
        bytes32 claimId,
        address attester
    ) external view returns (Attestation memory) {
        return _attestations[claimId][attester];
    }

    /// @inheritdoc ITrainingRegistry
    function hasAttested(
        address attester,
        AttestationInput calldata input
    ) external view returns (bool) {
        Attestation memory given = _attestations[input.claimId][attester];
        return
            given.verdict != Verdict.Unknown &&
            given.verdict == input.verdict &&
            given.content == _contentOf(input);
    }

    /// @inheritdoc ITrainingRegistry
    function getPlan(bytes32 planId) external view returns (Plan memory plan) {
        Announcement memory announcement = _announcements[planId];
        if (announcement.claimant == address(0)) return plan;
        plan.claimant = announcement.claimant;
        plan.announcedIn = announcement.announcedIn;
        plan.number = announcement.number;
        plan.seedBlock = uint40(announcement.announcedIn + SEED_DELAY);
        plan.seed = _seeds[planId];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC5267).interfaceId ||
            interfaceId == type(ITrainingRegistry).interfaceId;
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (
            0x0f,
            DOMAIN_NAME,
            DOMAIN_VERSION,
            block.chainid,
            address(this),
            0,
            new uint256[](0)
        );
    }

    /// @inheritdoc ITrainingRegistry
    function planIdOf(address claimant, bytes32 planDigest) public view returns (bytes32) {
        return WordHash.of5(PLAN_TYPE, block.chainid, address(this), claimant, planDigest);
    }

    /// @inheritdoc ITrainingRegistry
    function claimIdOf(address claimant, ClaimInput calldata input) public view returns (bytes32) {
        return _claimId(claimant, claimBodyOf(input), input.proofDigest);
    }

    /// @inheritdoc ITrainingRegistry
    function claimBodyOf(ClaimInput calldata input) public pure returns (bytes32) {
        return _bodyAt(_copyWords(input));
    }

    /// @inheritdoc ITrainingRegistry
    function weightSeedOf(bytes32 seed) public pure returns (bytes32) {
        return keccak256(abi.encodePacked("trainproof/1/plan/weights", seed));
    }

    function _attest(address attester, AttestationInput calldata input) private {
        bytes32 claimId = input.claimId;
        _requireDigest(input.verifierBuild, "verifierBuild");
        _requireDigest(input.reportDigest, "reportDigest");
        if (input.protocolVersion == 0) revert ProtocolVersionMissing();
        _requireText(input.uri);
        if (input.verdict == Verdict.Unknown) revert VerdictMissing(claimId);
        _requireSample(input);
        address claimant = _claims[claimId].claimant;
        if (claimant == address(0)) revert UnknownClaim(claimId);
        if (_claimId(claimant, input.claimBody, input.proofDigest) != claimId) {
            revert NotTheClaimsProof(claimId, input.proofDigest);
        }
        Attestation storage slot = _attestations[claimId][attester];
        if (slot.verdict != Verdict.Unknown) revert AlreadyAttested(claimId, attester);
        _attestations[claimId][attester] = Attestation({
            verdict: input.verdict,
            revoked: false,
            attestedAt: uint40(block.timestamp),
            attestedIn: uint40(block.number),
            content: _contentOf(input)
        });
        emit ClaimAttested(
            claimId,
            attester,
            input.reportDigest,
            input.verdict,
            input.proofDigest,
            input.verifierBuild,
            input.protocolVersion,
            input.sampleSize,
            input.sampleSeed,
            input.uri
        );
    }

    function _revoke(address attester, bytes32 claimId, string calldata reason) private {
        Attestation storage given = _attestations[claimId][attester];
        if (given.verdict == Verdict.Unknown) revert NotAttested(claimId, attester);
        if (given.revoked) revert AlreadyRevoked(claimId, attester);
        _requireReason(reason);
        given.revoked = true;
        emit AttestationRevoked(claimId, attester, reason);
    }

    /// @dev The plan's id is the sender's own, so another account's plan is not found. Reading its seed
    /// alone says that it was announced and drawn.
    function _requirePlan(bytes32 planDigest, StartKind startKind, bytes32 start) private view {
        bytes32 planId = planIdOf(msg.sender, planDigest);
        bytes32 seed = _seeds[planId];
        if (seed == 0) revert SeedNotDrawn(planId);
        if (startKind != StartKind.PublicSeed) return;
        bytes32 expected = weightSeedOf(seed);
        if (start != expected) revert StartNotDrawn(start, expected);
    }

    /// @dev A plan says where its run starts before training; nobody can say that of undisclosed weights.
    function _requireUndisclosed(ClaimInput calldata input) private pure {
        _requireDigest(input.start, "start");
        if (input.planDigest != 0) revert UndisclosedStartPlanned(input.planDigest);
    }

    /// @dev All segments, or a sample, as the verdict says.
    function _requireSample(AttestationInput calldata input) private pure {
        (Verdict verdict, uint32 sampleSize) = (input.verdict, input.sampleSize);
        bool sampled = sampleSize != 0;
        if (
            sampled != (input.sampleSeed != 0) ||
            (verdict != Verdict.Invalid && sampled != (verdict == Verdict.Sampled))
        ) revert SampleMismatch(verdict, sampleSize, input.sampleSeed);
    }

    function _requireClaim(bytes32 claimId) private view {
        if (_claims[claimId].claimant == address(0)) revert UnknownClaim(claimId);
    }

    /// @dev The separator is computed each time: a chain may fork and change its id.
    function _requireSignature(
        address signer,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 separator = keccak256(
            abi.encode(
                DOMAIN_TYPE,
                keccak256(bytes(DOMAIN_NAME)),
                keccak256(bytes(DOMAIN_VERSION)),
                block.chainid,
                address(this)
            )
        );
        bytes32 hash = keccak256(abi.encodePacked(hex"1901", separator, structHash));
        if (!SignatureVerification.isValid(signer, hash, signature)) revert BadSignature(signer);
    }

    /// @dev The ten words of a claim's content in memory, where they stay. Calldata has them as abi.encode would give
    /// them, for values in range; `register` reads each, and takes no others.
    function _copyWords(ClaimInput calldata input) private pure returns (uint256 words) {
        assembly ("memory-safe") {
            words := mload(0x40)
            calldatacopy(words, input, 0x140)
            mstore(0x40, add(words, 0x140))
        }
    }

    /// @dev keccak256(abi.encode(all fields but proofDigest)): proofDigest is the tenth word.
    function _bodyAt(uint256 words) private pure returns (bytes32 body) {
        assembly ("memory-safe") {
            body := keccak256(words, 0x120)
        }
    }

    /// @dev emit ClaimRegistered(claimId, msg.sender, modelCommitment, …), as the interface declares it: the nine
    /// words after modelCommitment are in the event's order, and behind them memory is free.
    function _emitRegistered(bytes32 claimId, uint256 words, string calldata uri) private {
        bytes32 topic = ClaimRegistered.selector;
        assembly ("memory-safe") {
            let data := add(words, 0x20)
            mstore(add(data, 0x120), 0x140)
            mstore(add(data, 0x140), uri.length)
            let padded := and(add(uri.length, 0x1f), not(0x1f))
            mstore(add(data, add(0x140, padded)), 0)
            calldatacopy(add(data, 0x160), uri.offset, uri.length)
            log4(data, add(0x160, padded), topic, claimId, caller(), mload(words))
        }
    }

    function _claimId(
        address claimant,
        bytes32 body,
        bytes32 proofDigest
    ) private view returns (bytes32) {
        return WordHash.of6(CLAIM_TYPE, block.chainid, address(this), claimant, body, proofDigest);
    }

    function _contentOf(AttestationInput calldata input) private pure returns (bytes20) {
        return
            bytes20(
                keccak256(
                    abi.encode(
                        input.proofDigest,
                        input.verifierBuild,
                        input.protocolVersion,
                        input.reportDigest,
                        input.sampleSize,
                        input.sampleSeed
                    )
                )
            );
    }

    /// @dev Names the first digest that must be given and is not, or the text that is too long.
    function _refuse(ClaimInput calldata input, string calldata uri) private pure {
        _requireDigest(input.modelCommitment, "modelCommitment");
        _requireDigest(input.dataRoot, "dataRoot");
        _requireDigest(input.configDigest, "configDigest");
        _requireDigest(input.proofDigest, "proofDigest");
        _requireText(uri);
    }

    function _requireDigest(bytes32 digest, bytes32 field) private pure {
        if (digest == 0) revert ZeroDigest(field);
    }

    function _requireText(string calldata text) private pure {
        if (bytes(text).length > MAX_TEXT_BYTES) {
            revert TextTooLong(bytes(text).length, MAX_TEXT_BYTES);
        }
    }

    function _requireReason(string calldata reason) private pure {
        if (bytes(reason).length == 0) revert ReasonMissing();
        _requireText(reason);
    }
}
