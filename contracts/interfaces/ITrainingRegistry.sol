// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Where the weights of a run came from.
/// @dev PublicSeed: expanded from a seed that the claim states. ParentClaim: the final weights of an
/// earlier claim in the same registry. UndisclosedWeights: committed weights of which nobody says where they
/// come from; readers show such a claim, and each that descends from it, as "continued from undisclosed weights".
enum StartKind {
    PublicSeed,
    ParentClaim,
    UndisclosedWeights
}

/// @notice What an attester says about a claim. Unknown is the absence of a verdict.
/// @dev Valid: every segment's proof was verified. Sampled: valid as far as a random sample of the segments
/// shows; one false segment outside the sample is enough for a forgery, so this is no Valid, nor part of one.
/// Invalid: something was found false, whether all was looked at or a sample.
enum Verdict {
    Unknown,
    Invalid,
    Valid,
    Sampled
}

/// @notice What a reader's own verifiers say of a claim together.
/// @dev Open: neither side has the threshold. Conflict: both have. Retracted: whatever they say. Sampled verdicts
/// count on neither side.
enum Outcome {
    Open,
    Valid,
    Invalid,
    Conflict,
    Retracted
}

/// @notice The content of a training claim: what its proof is about, and which proof.
/// @param modelCommitment Digest of the commitment to the trained weights; never zero.
/// @param startKind How `start` is to be read.
/// @param start The public seed (any value), the id of a registered claim, or the digest of the commitment to
/// the undisclosed weights; the digest is never zero.
/// @param dataRoot Root of the commitments to the training samples; never zero.
/// @param configDigest Digest of architecture and hyperparameters; never zero.
/// @param steps Number of training steps, from 1 to 2^48 - 1.
/// @param planDigest What the claimant announced before training; zero if nothing, and always zero for a start
/// from undisclosed weights, which cannot be planned.
/// @param weightsDigest SHA-256 of the exported weights file; zero if there is none.
/// @param signingDigest SHA-256 of an OpenSSF model-signing manifest of the model; zero if there is none.
/// @param proofDigest SHA-256 of the run's public manifest, which covers all proofs; never zero.
struct ClaimInput {
    bytes32 modelCommitment;
    StartKind startKind;
    bytes32 start;
    bytes32 dataRoot;
    bytes32 configDigest;
    uint64 steps;
    bytes32 planDigest;
    bytes32 weightsDigest;
    bytes32 signingDigest;
    bytes32 proofDigest;
}

/// @notice What an attester says.
/// @param claimId The claim it is about.
/// @param claimBody `claimBodyOf` the claim's content: with it and `proofDigest` the registry computes the
/// claim's id again, so that a verdict is on the claimed proof and no other.
/// @param verdict Invalid, Valid or Sampled.
/// @param proofDigest The claim's proofDigest: the proof that was verified.
/// @param verifierBuild Digest of the verifier that was run; never zero.
/// @param protocolVersion Version of docs/PROTOCOL.md that it verifies; never zero.
/// @param reportDigest SHA-256 of the verification report; never zero.
/// @param sampleSize How many segments were verified, where they are a random sample; zero if all were. Valid
/// needs zero, Sampled another number; Invalid takes either.
/// @param sampleSeed What the sample was drawn from (PROTOCOL §23); zero exactly where sampleSize is.
/// @param uri Where the report can be found, at most MAX_TEXT_BYTES bytes; only in the event.
struct AttestationInput {
    bytes32 claimId;
    bytes32 claimBody;
    Verdict verdict;
    bytes32 proofDigest;
    bytes32 verifierBuild;
    uint32 protocolVersion;
    bytes32 reportDigest;
    uint32 sampleSize;
    bytes32 sampleSeed;
    string uri;
}

/// @notice What storage holds of a claim, in one slot. All zero if there is none.
/// @param claimant Who registered it.
/// @param registeredAt Block timestamp, in seconds.
/// @param registeredIn Block number: the one block whose ClaimRegistered event has the content.
/// @param retracted Whether the claimant has taken it back.
struct Claim {
    address claimant;
    uint40 registeredAt;
    uint40 registeredIn;
    bool retracted;
}

/// @notice What storage holds of an attestation, in one slot. All zero if there is none.
/// @param verdict Invalid, Valid or Sampled.
/// @param revoked Whether the attester has taken it back; the verdict stays readable.
/// @param attestedAt Block timestamp, in seconds.
/// @param attestedIn Block number: the one block whose ClaimAttested event has the content.
/// @param content The first 20 bytes of keccak256(abi.encode(proofDigest, verifierBuild,
/// protocolVersion, reportDigest, sampleSize, sampleSeed)).
struct Attestation {
    Verdict verdict;
    bool revoked;
    uint40 attestedAt;
    uint40 attestedIn;
    bytes20 content;
}

/// @notice A plan that was announced before training. All zero if there is none.
/// @param claimant Who announced it.
/// @param announcedIn Block number.
/// @param number The claimant's plans are numbered from 1.
/// @param seedBlock The block whose hash makes the seed.
/// @param seed The seed, or zero until it is drawn.
struct Plan {
    address claimant;
    uint40 announcedIn;
    uint40 number;
    uint40 seedBlock;
    bytes32 seed;
}

/// @notice What a reader's own verifiers say of a claim.
/// @param outcome What they say together.
/// @param valid How many say valid, of all segments, and have not revoked it.
/// @param invalid How many say invalid and have not revoked it.
/// @param sampled How many found a sample of the segments valid and have not revoked it; no part of `valid`.
/// @param revoked How many have revoked their verdict.
/// @param retracted Whether the claimant has taken the claim back.
struct Status {
    Outcome outcome;
    uint256 valid;
    uint256 invalid;
    uint256 sampled;
    uint256 revoked;
    bool retracted;
}

/// @notice A claim's line of ancestors.
/// @param claimIds The claim, its parent, and so on.
/// @param rooted Whether the last one starts from a public seed: nothing is missing before it.
/// @param undisclosed Whether the last one starts from undisclosed weights: nothing can be known of what was
/// before it. Then it is not rooted.
/// @param retracted Whether one of them was retracted.
struct Lineage {
    bytes32[] claimIds;
    bool rooted;
    bool undisclosed;
    bool retracted;
}

/// @title Registry of announced training plans, of training claims and of verdicts on them
/// @notice Append-only and without an owner: nobody, its deployer included, can change, remove or pause
/// anything. Retracting and revoking mark; they remove nothing.
/// @dev Trust assumptions.
/// - The registry verifies no proof and vouches for no claim: it records who said what, and when. A claim
/// is its claimant's word until the reader has verified the proof, or trusts attesters who did.
/// - It checks that a parent claim exists, not that the run really starts from that parent's weights, and
/// that a plan's seed was drawn and is the claimed start, not that the run is the plan's: the proof shows
/// this, and verifiers check it. Of undisclosed weights it knows a digest, and nobody can say more.
/// - It does not check how a sample was drawn, nor how many segments there are: readers compute the seed again
/// from the chain (PROTOCOL §23). An attester who says Sampled of a sample of their own choice has shown nothing.
/// - A seed is the hash of a block after the announcement. Who builds that block can choose among as many
/// seeds as they can compute block hashes; a claimant who does not build it, nor bribes who does, cannot.
/// A reorganisation of SEED_DELAY blocks undoes an announcement whose seed is known.
/// - An account may announce many plans, a person may have many accounts. The plans are numbered, so that
/// a reader sees how many an account announced; how many accounts a person has is not visible.
/// - Storage holds 20 bytes of an attestation's digest; the events have the content. Each record names its
/// block, so that any node finds the event in one block, without an index.
/// - weightsDigest and signingDigest are the claimant's word that these files are the committed model.
/// - URIs are hints where to find files; the digests say what the files must be.
interface ITrainingRegistry {
    /// @notice A plan was announced.
    /// @param planId The id that `planIdOf` gives for the claimant and the digest.
    /// @param claimant Who announced it.
    /// @param planDigest Digest of the plan: architecture, hyperparameters, data root, steps.
    /// @param number The claimant's plans are numbered from 1.
    /// @param seedBlock The block whose hash makes the seed.
    event PlanAnnounced(
        bytes32 indexed planId,
        address indexed claimant,
        bytes32 indexed planDigest,
        uint40 number,
        uint40 seedBlock
    );

    /// @notice A plan's seed was drawn.
    /// @param planId The plan.
    /// @param claimant Who announced it.
    /// @param seed keccak256(abi.encode(blockHash, planId)).
    /// @param blockHash The hash of the plan's seed block.
    event SeedDrawn(
        bytes32 indexed planId,
        address indexed claimant,
        bytes32 indexed seed,
        bytes32 blockHash
    );

    /// @notice A claim was registered.
    /// @param claimId The id that `claimIdOf` gives for the claimant and the content.
    /// @param claimant Who registered it.
    /// @param modelCommitment Digest of the commitment to the trained weights.
    /// @param startKind How `start` is to be read.
    /// @param start The public seed, the parent's claim id, or the digest of the commitment to undisclosed weights.
    /// @param dataRoot Root of the commitments to the training samples.
    /// @param configDigest Digest of architecture and hyperparameters.
    /// @param steps Number of training steps.
    /// @param planDigest What was announced before training, or zero.
    /// @param weightsDigest SHA-256 of the exported weights file, or zero.
    /// @param signingDigest SHA-256 of an OpenSSF model-signing manifest, or zero.
    /// @param proofDigest SHA-256 of the run's public manifest.
    /// @param uri Where the manifest can be found; may be empty.
    event ClaimRegistered(
        bytes32 indexed claimId,
        address indexed claimant,
        bytes32 indexed modelCommitment,
        StartKind startKind,
        bytes32 start,
        bytes32 dataRoot,
        bytes32 configDigest,
        uint64 steps,
        bytes32 planDigest,
        bytes32 weightsDigest,
        bytes32 signingDigest,
        bytes32 proofDigest,
        string uri
    );

    /// @notice A claimant took a claim back.
    /// @param claimId The claim.
    /// @param claimant Who registered it.
    /// @param reason Why.
    event ClaimRetracted(bytes32 indexed claimId, address indexed claimant, string reason);

    /// @notice A verdict was given.
    /// @param claimId The claim it is about.
    /// @param attester Who gave it.
    /// @param reportDigest SHA-256 of the attester's verification report.
    /// @param verdict Invalid, Valid or Sampled.
    /// @param proofDigest The proof that was verified: the claim's.
    /// @param verifierBuild Digest of the verifier that was run.
    /// @param protocolVersion The protocol that it verifies.
    /// @param sampleSize How many segments were verified, where they are a sample; zero if all were.
    /// @param sampleSeed What the sample was drawn from; zero if all segments were verified.
    /// @param uri Where the report can be found; may be empty.
    event ClaimAttested(
        bytes32 indexed claimId,
        address indexed attester,
        bytes32 indexed reportDigest,
        Verdict verdict,
        bytes32 proofDigest,
        bytes32 verifierBuild,
        uint32 protocolVersion,
        uint32 sampleSize,
        bytes32 sampleSeed,
        string uri
    );

    /// @notice An attester took a verdict back. No other can follow.
    /// @param claimId The claim.
    /// @param attester Who had given it.
    /// @param reason Why.
    event AttestationRevoked(bytes32 indexed claimId, address indexed attester, string reason);

    /// @notice A digest that must be given is zero.
    /// @param field The name of the field, as ASCII.
    error ZeroDigest(bytes32 field);

    /// @notice The number of steps is zero, or more than readers have to accept.
    error StepsOutOfRange(uint64 steps, uint64 maximum);

    /// @notice A URI or reason is longer than readers of the event have to accept.
    error TextTooLong(uint256 length, uint256 maximum);

    /// @notice Taking something back needs a reason.
    error ReasonMissing();

    /// @notice This claimant has announced this very plan before; it is announced once.
    error PlanAlreadyAnnounced(bytes32 planId);

    /// @notice No plan has this id.
    error UnknownPlan(bytes32 planId);

    /// @notice The seed block is not over yet.
    error SeedNotReady(bytes32 planId, uint256 seedBlock);

    /// @notice The seed block's hash is not available any more: this plan never gets a seed.
    error SeedMissed(bytes32 planId, uint256 seedBlock);

    /// @notice The claim names a plan whose seed was never drawn.
    error SeedNotDrawn(bytes32 planId);

    /// @notice The claim names a plan and starts from another seed than the plan's.
    error StartNotDrawn(bytes32 start, bytes32 expected);

    /// @notice The claim names a plan and starts from undisclosed weights, which no plan can announce.
    error UndisclosedStartPlanned(bytes32 planDigest);

    /// @notice This claimant has registered this very content before.
    error ClaimAlreadyRegistered(bytes32 claimId);

    /// @notice No claim has this id.
    error UnknownClaim(bytes32 claimId);

    /// @notice Only the claimant can do this.
    error NotClaimant(bytes32 claimId, address claimant);

    /// @notice The claim was retracted before.
    error ClaimAlreadyRetracted(bytes32 claimId);

    /// @notice Unknown is no verdict.
    error VerdictMissing(bytes32 claimId);

    /// @notice Valid is of all segments: sampleSize and sampleSeed are zero. Sampled is of a sample: neither is.
    /// Invalid is of either, but both are zero or neither.
    error SampleMismatch(Verdict verdict, uint32 sampleSize, bytes32 sampleSeed);

    /// @notice `claimBody` and `proofDigest` are not the claim's.
    error NotTheClaimsProof(bytes32 claimId, bytes32 proofDigest);

    /// @notice The verifier does not say which protocol it verifies.
    error ProtocolVersionMissing();

    /// @notice This attester has already given a verdict on this claim; it stands, revoked or not.
    error AlreadyAttested(bytes32 claimId, address attester);

    /// @notice This attester has given no verdict on this claim.
    error NotAttested(bytes32 claimId, address attester);

    /// @notice This attester has revoked this verdict before.
    error AlreadyRevoked(bytes32 claimId, address attester);

    /// @notice The signature was to be used until `deadline` (seconds).
    error SignatureExpired(uint256 deadline);

    /// @notice The signature is not `signer`'s on these values.
    error BadSignature(address signer);

    /// @notice A reader's verifiers must ascend, without repetition.
    error VerifiersNotAscending(uint256 index);

    /// @notice A threshold is from 1 to the number of verifiers.
    error ThresholdOutOfRange(uint256 threshold, uint256 verifiers);

    /// @notice The content at `index` is not that of the claim which the one before it names.
    error LineageBroken(uint256 index, bytes32 expected);

    /// @notice Announces a plan before it is trained, once and for good.
    /// @dev The seed block is fixed with it: SEED_DELAY blocks later. Reverts with ZeroDigest or
    /// PlanAlreadyAnnounced.
    /// @param planDigest Digest of the plan: architecture, hyperparameters, data root, steps.
    /// @return planId The plan's id.
    function announce(bytes32 planDigest) external returns (bytes32 planId);

    /// @notice Draws a plan's seed, once its seed block is over; whoever calls. A seed that was drawn is
    /// returned again.
    /// @dev There is no second chance: a plan whose seed block's hash is gone (after 256 blocks; 8191 where
    /// the chain has EIP-2935) never gets a seed, cannot be announced again, and no other block is taken.
    /// Otherwise a claimant could look at a seed and let it lapse for another. Going on means announcing
    /// another plan, which is counted. Reverts with UnknownPlan, SeedNotReady or SeedMissed.
    /// @param planId The plan.
    /// @return seed keccak256(abi.encode(hash of the seed block, planId)).
    function drawSeed(bytes32 planId) external returns (bytes32 seed);

    /// @notice Registers the caller's claim.
    /// @dev The id binds chain, contract, claimant and content, so that nobody can take it first by
    /// copying the content, and nothing can be replayed elsewhere. The URI is no part of it.
    /// Reverts with ZeroDigest, StepsOutOfRange, TextTooLong, UnknownClaim (of the parent),
    /// UndisclosedStartPlanned, SeedNotDrawn, StartNotDrawn or ClaimAlreadyRegistered.
    /// @param input The content of the claim.
    /// @param uri Where the manifest can be found, at most MAX_TEXT_BYTES bytes; only in the event.
    /// @return claimId The id of the new claim.
    function register(
        ClaimInput calldata input,
        string calldata uri
    ) external returns (bytes32 claimId);

    /// @notice Takes the caller's claim back, for good.
    /// @dev It can still be attested: an invalid claim must not escape its verdict. Children keep their
    /// parent. Reverts with UnknownClaim, NotClaimant, ClaimAlreadyRetracted, ReasonMissing or TextTooLong.
    function retract(bytes32 claimId, string calldata reason) external;

    /// @notice Records the caller's verdict on a claim, once and for good.
    /// @dev Anyone may attest, the claimant included: readers choose whom they trust. Once and for good goes for
    /// Sampled, too: who has said it and verifies the rest later can revoke it, but says nothing further from this
    /// account. Reverts with ZeroDigest, ProtocolVersionMissing, TextTooLong, VerdictMissing, SampleMismatch,
    /// UnknownClaim, NotTheClaimsProof or AlreadyAttested.
    function attest(AttestationInput calldata input) external;

    /// @notice Records the caller's verdicts, all or none.
    function attestBatch(AttestationInput[] calldata inputs) external;

    /// @notice Records a verdict that `attester` signed; whoever calls pays.
    /// @dev EIP-712; ERC-1271 where the attester is a contract. There is no nonce: a verdict is given once.
    /// Reverts as `attest`, and with SignatureExpired or BadSignature.
    /// @param deadline Last second at which the signature is good.
    function attestBySig(
        address attester,
        AttestationInput calldata input,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Takes the caller's verdict back. No other verdict of the caller can follow.
    /// @dev Reverts with NotAttested, AlreadyRevoked, ReasonMissing or TextTooLong.
    function revoke(bytes32 claimId, string calldata reason) external;

    /// @notice Takes a verdict back as `attester` signed; whoever calls pays.
    /// @dev Reverts as `revoke`, and with SignatureExpired or BadSignature.
    function revokeBySig(
        address attester,
        bytes32 claimId,
        string calldata reason,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice What the reader's own verifiers say of a claim. Revoked verdicts count for nothing; Sampled ones
    /// are counted, and decide nothing.
    /// @dev Reverts with UnknownClaim, VerifiersNotAscending or ThresholdOutOfRange.
    /// @param verifiers Whom the reader trusts, ascending.
    /// @param threshold How many of them must agree.
    function status(
        bytes32 claimId,
        address[] calldata verifiers,
        uint256 threshold
    ) external view returns (Status memory);

    /// @notice Walks from a claim to its ancestors. The caller brings the contents, the registry checks
    /// that they are the ones registered. Nothing follows a public seed, nor undisclosed weights.
    /// @dev Reverts with UnknownClaim, or with LineageBroken at the first content that does not fit.
    /// @param claimId The claim to begin with.
    /// @param claimants Who registered the claim, its parent, and so on.
    /// @param inputs Their contents.
    function lineage(
        bytes32 claimId,
        address[] calldata claimants,
        ClaimInput[] calldata inputs
    ) external view returns (Lineage memory);

    /// @notice The stored part of a claim; all zero if there is none.
    function getClaim(bytes32 claimId) external view returns (Claim memory);

    /// @notice The stored part of an attester's verdict on a claim; all zero if there is none.
    function getAttestation(
        bytes32 claimId,
        address attester
    ) external view returns (Attestation memory);

    /// @notice Whether the attester said this, revoked or not. `claimBody` and `uri` are not compared.
    function hasAttested(
        address attester,
        AttestationInput calldata input
    ) external view returns (bool);

    /// @notice A plan; all zero if there is none.
    function getPlan(bytes32 planId) external view returns (Plan memory);

    /// @notice How many plans an account has announced.
    function planCountOf(address claimant) external view returns (uint256);

    /// @notice The id that this plan of this claimant has or would have here.
    /// @dev keccak256(abi.encode(PLAN_TYPE, block.chainid, address(this), claimant, planDigest)).
    function planIdOf(address claimant, bytes32 planDigest) external view returns (bytes32);

    /// @notice The id that a claim of this content by this claimant has or would have here.
    /// @dev keccak256(abi.encode(CLAIM_TYPE, block.chainid, address(this), claimant,
    /// claimBodyOf(input), input.proofDigest)).
    function claimIdOf(address claimant, ClaimInput calldata input) external view returns (bytes32);

    /// @notice keccak256(abi.encode(all fields of the input but proofDigest)).
    function claimBodyOf(ClaimInput calldata input) external pure returns (bytes32);

    /// @notice The seed of the initial weights of a plan: keccak256("trainproof/1/plan/weights" ‖ seed).
    function weightSeedOf(bytes32 seed) external pure returns (bytes32);

    /// @notice The type tag of claim ids: keccak256("trainproof/TrainingRegistry/claim/2").
    function CLAIM_TYPE() external view returns (bytes32);

    /// @notice The type tag of plan ids: keccak256("trainproof/TrainingRegistry/plan/1").
    function PLAN_TYPE() external view returns (bytes32);

    /// @notice How many blocks after its announcement a plan's seed block is.
    function SEED_DELAY() external view returns (uint256);

    /// @notice The largest number of steps.
    function MAX_STEPS() external view returns (uint64);

    /// @notice The longest URI or reason that is accepted, in bytes.
    function MAX_TEXT_BYTES() external view returns (uint256);
}
