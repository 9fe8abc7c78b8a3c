// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Attestation,
    Claim,
    ClaimInput,
    ITrainingRegistry,
    StartKind,
    Verdict
} from "./interfaces/ITrainingRegistry.sol";

/// @title Registry of training claims and of verdicts on them
contract TrainingRegistry is ITrainingRegistry {
    /// @inheritdoc ITrainingRegistry
    bytes32 public constant CLAIM_TYPE = keccak256("trainproof/TrainingRegistry/claim/1");

    /// @inheritdoc ITrainingRegistry
    uint64 public constant MAX_STEPS = type(uint48).max;

    /// @inheritdoc ITrainingRegistry
    uint256 public constant MAX_URI_BYTES = 2048;

    mapping(bytes32 claimId => Claim) private _claims;
    mapping(bytes32 claimId => mapping(address attester => Attestation)) private _attestations;

    /// @inheritdoc ITrainingRegistry
    function register(
        ClaimInput calldata input,
        string calldata uri
    ) external returns (bytes32 claimId) {
        _requireDigest(input.modelCommitment, "modelCommitment");
        _requireDigest(input.dataRoot, "dataRoot");
        _requireDigest(input.configDigest, "configDigest");
        _requireDigest(input.proofDigest, "proofDigest");
        _requireUri(uri);
        if (input.steps == 0 || input.steps > MAX_STEPS) {
            revert StepsOutOfRange(input.steps, MAX_STEPS);
        }
        // A claim cannot be its own ancestor: its id is a hash over its parent's.
        if (input.startKind == StartKind.ParentClaim) _requireClaim(input.start);

        claimId = claimIdOf(msg.sender, input);
        if (_claims[claimId].claimant != address(0)) revert ClaimAlreadyRegistered(claimId);
        _claims[claimId] = Claim({
            claimant: msg.sender,
            registeredAt: uint40(block.timestamp),
            steps: uint48(input.steps)
        });

        emit ClaimRegistered(
            claimId,
            msg.sender,
            input.modelCommitment,
            input.startKind,
            input.start,
            input.dataRoot,
            input.configDigest,
            input.proofDigest,
            input.steps,
            uri
        );
    }

    /// @inheritdoc ITrainingRegistry
    function attest(
        bytes32 claimId,
        Verdict verdict,
        bytes32 reportDigest,
        string calldata uri
    ) external {
        _requireDigest(reportDigest, "reportDigest");
        _requireUri(uri);
        if (verdict == Verdict.Unknown) revert VerdictMissing(claimId);
        _requireClaim(claimId);

        if (_attestations[claimId][msg.sender].verdict != Verdict.Unknown) {
            revert AlreadyAttested(claimId, msg.sender);
        }
        _attestations[claimId][msg.sender] = Attestation({
            verdict: verdict,
            attestedAt: uint40(block.timestamp),
            reportPrefix: bytes26(reportDigest)
        });

        emit ClaimAttested(claimId, msg.sender, reportDigest, verdict, uri);
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
    function claimIdOf(address claimant, ClaimInput calldata input) public view returns (bytes32) {
        return keccak256(abi.encode(CLAIM_TYPE, block.chainid, address(this), claimant, input));
    }

    function _requireClaim(bytes32 claimId) private view {
        if (_claims[claimId].claimant == address(0)) revert UnknownClaim(claimId);
    }

    function _requireDigest(bytes32 digest, bytes32 field) private pure {
        if (digest == 0) revert ZeroDigest(field);
    }

    function _requireUri(string calldata uri) private pure {
        if (bytes(uri).length > MAX_URI_BYTES) revert UriTooLong(bytes(uri).length, MAX_URI_BYTES);
    }
}
