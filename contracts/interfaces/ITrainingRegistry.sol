// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Where the weights of a run came from.
/// @dev PublicSeed: expanded from a seed that the claim states. ParentClaim: the final weights of an
/// earlier claim in the same registry.
enum StartKind {
    PublicSeed,
    ParentClaim
}

/// @notice What an attester says about a claim. Unknown is the absence of a verdict.
enum Verdict {
    Unknown,
    Invalid,
    Valid
}

/// @notice The content of a training claim: what its proof is about, and which proof.
/// @param modelCommitment Digest of the commitment to the trained weights; never zero.
/// @param startKind How `start` is to be read.
/// @param start The public seed (any value), or the id of a registered claim.
/// @param dataRoot Root of the commitments to the training samples; never zero.
/// @param configDigest Digest of architecture and hyperparameters; never zero.
/// @param proofDigest SHA-256 of the run's public manifest, which covers all proofs; never zero.
/// @param steps Number of training steps, from 1 to 2^48 - 1.
struct ClaimInput {
    bytes32 modelCommitment;
    StartKind startKind;
    bytes32 start;
    bytes32 dataRoot;
    bytes32 configDigest;
    bytes32 proofDigest;
    uint64 steps;
}

/// @notice What storage holds of a claim, in one slot. All zero if there is none.
/// @param claimant Who registered it.
/// @param registeredAt Block timestamp, in seconds.
/// @param steps Number of training steps.
struct Claim {
    address claimant;
    uint40 registeredAt;
    uint48 steps;
}

/// @notice What storage holds of an attestation, in one slot. All zero if there is none.
/// @param verdict Invalid or Valid.
/// @param attestedAt Block timestamp, in seconds.
/// @param reportPrefix The first 26 bytes of the report's digest; all 32 are in the event.
struct Attestation {
    Verdict verdict;
    uint40 attestedAt;
    bytes26 reportPrefix;
}

/// @title Registry of training claims and of verdicts on them
/// @notice Append-only and without an owner: nobody, its deployer included, can change, remove or pause
/// anything.
/// @dev Trust assumptions. The registry verifies no proof and vouches for no claim: it records who said
/// what, and when. A claim is its claimant's word until the reader has verified the proof, or trusts an
/// attester who did. It checks that a parent claim exists, not that the run really starts from that
/// parent's weights: the proof shows this, and verifiers check it against the parent's modelCommitment.
/// URIs are hints where to find files; the digests say what the files must be.
interface ITrainingRegistry {
    /// @notice A claim was registered.
    /// @param claimId The id that `claimIdOf` gives for the claimant and the content.
    /// @param claimant Who registered it.
    /// @param modelCommitment Digest of the commitment to the trained weights.
    /// @param startKind How `start` is to be read.
    /// @param start The public seed, or the parent's claim id.
    /// @param dataRoot Root of the commitments to the training samples.
    /// @param configDigest Digest of architecture and hyperparameters.
    /// @param proofDigest SHA-256 of the run's public manifest.
    /// @param steps Number of training steps.
    /// @param uri Where the manifest can be found; may be empty.
    event ClaimRegistered(
        bytes32 indexed claimId,
        address indexed claimant,
        bytes32 indexed modelCommitment,
        StartKind startKind,
        bytes32 start,
        bytes32 dataRoot,
        bytes32 configDigest,
        bytes32 proofDigest,
        uint64 steps,
        string uri
    );

    /// @notice A verdict was given.
    /// @param claimId The claim it is about.
    /// @param attester Who gave it.
    /// @param reportDigest Digest of the attester's verification report.
    /// @param verdict Invalid or Valid.
    /// @param uri Where the report can be found; may be empty.
    event ClaimAttested(
        bytes32 indexed claimId,
        address indexed attester,
        bytes32 indexed reportDigest,
        Verdict verdict,
        string uri
    );

    /// @notice A digest that must be given is zero.
    /// @param field The name of the field, as ASCII.
    error ZeroDigest(bytes32 field);

    /// @notice The number of steps is zero, or more than storage holds.
    error StepsOutOfRange(uint64 steps, uint64 maximum);

    /// @notice The URI is longer than readers of the event have to accept.
    error UriTooLong(uint256 length, uint256 maximum);

    /// @notice This claimant has registered this very content before.
    error ClaimAlreadyRegistered(bytes32 claimId);

    /// @notice No claim has this id.
    error UnknownClaim(bytes32 claimId);

    /// @notice Only Invalid and Valid are verdicts.
    error VerdictMissing(bytes32 claimId);

    /// @notice This attester has already given a verdict on this claim; it stands.
    error AlreadyAttested(bytes32 claimId, address attester);

    /// @notice Registers the caller's claim.
    /// @dev The id binds chain, contract, claimant and content, so that nobody can take it first by
    /// copying the content, and nothing can be replayed elsewhere. The URI is no part of it.
    /// Reverts with ZeroDigest, StepsOutOfRange, UriTooLong, UnknownClaim (of the parent) or
    /// ClaimAlreadyRegistered.
    /// @param input The content of the claim.
    /// @param uri Where the manifest can be found, at most MAX_URI_BYTES bytes; only in the event.
    /// @return claimId The id of the new claim.
    function register(
        ClaimInput calldata input,
        string calldata uri
    ) external returns (bytes32 claimId);

    /// @notice Records the caller's verdict on a claim, once and for good.
    /// @dev Anyone may attest, the claimant included: readers choose whom they trust.
    /// Reverts with ZeroDigest, UriTooLong, VerdictMissing, UnknownClaim or AlreadyAttested.
    /// @param claimId The claim.
    /// @param verdict Invalid or Valid.
    /// @param reportDigest Digest of the verification report; never zero.
    /// @param uri Where the report can be found, at most MAX_URI_BYTES bytes; only in the event.
    function attest(
        bytes32 claimId,
        Verdict verdict,
        bytes32 reportDigest,
        string calldata uri
    ) external;

    /// @notice The stored part of a claim; all zero if there is none.
    function getClaim(bytes32 claimId) external view returns (Claim memory);

    /// @notice The stored part of an attester's verdict on a claim; all zero if there is none.
    function getAttestation(
        bytes32 claimId,
        address attester
    ) external view returns (Attestation memory);

    /// @notice The id that a claim of this content by this claimant has or would have here.
    /// @dev keccak256(abi.encode(CLAIM_TYPE, block.chainid, address(this), claimant, input)).
    function claimIdOf(address claimant, ClaimInput calldata input) external view returns (bytes32);

    /// @notice The type tag of claim ids: keccak256("trainproof/TrainingRegistry/claim/1").
    function CLAIM_TYPE() external view returns (bytes32);

    /// @notice The largest number of steps that storage holds.
    function MAX_STEPS() external view returns (uint64);

    /// @notice The longest URI that is accepted, in bytes.
    function MAX_URI_BYTES() external view returns (uint256);
}
