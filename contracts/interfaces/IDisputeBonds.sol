// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @notice Where a bond stands.
/// @dev Posted and Challenged hold money; every other stage but None has paid it out, for good.
/// - Posted: nobody has challenged it yet.
/// - Challenged: the resolvers are voting.
/// - Upheld: the threshold said that what was bonded is right.
/// - Refuted: the threshold said that it is wrong.
/// - Unchallenged: the window passed without a challenge.
/// - Unanswered: the resolvers did not reach the threshold in time.
enum Stage {
    None,
    Posted,
    Challenged,
    Upheld,
    Refuted,
    Unchallenged,
    Unanswered
}

/// @notice What is bonded, and on which terms. A bond's id is a hash over this.
/// @param claimId The claim that the bond is about.
/// @param attester Whose verdict on the claim is bonded; zero if the claim itself is.
/// @param amount The bond, in wei, and what a challenger has to put up; never zero.
/// @param challengeUntil Last second of the challenge window.
/// @param resolveWithin Seconds that the resolvers have from the challenge on.
/// @param threshold How many resolvers must agree; more than half of them.
/// @param resolvers Who decides a challenge, ascending, at most MAX_RESOLVERS.
struct BondTerms {
    bytes32 claimId;
    address attester;
    uint96 amount;
    uint40 challengeUntil;
    uint40 resolveWithin;
    uint8 threshold;
    address[] resolvers;
}

/// @notice What storage holds of a bond, in two slots. All zero if there is none.
/// @param poster Who posted it: the claimant, or the attester.
/// @param stage Where it stands.
/// @param postedIn Block number: the one block whose BondPosted event has the terms.
/// @param challengedIn Block number of the challenge, or zero.
/// @param challenger Who challenged it, or zero.
/// @param resolveUntil Last second for the resolvers, or zero before a challenge.
/// @param upheldBy Resolvers who voted for it: bit i is resolvers[i].
/// @param refutedBy Resolvers who voted against it.
struct Bond {
    address poster;
    Stage stage;
    uint40 postedIn;
    uint40 challengedIn;
    address challenger;
    uint40 resolveUntil;
    uint16 upheldBy;
    uint16 refutedBy;
}

/// @title Bonds behind claims and verdicts, and disputes about them
/// @notice A claimant stakes ether on a claim, or an attester on a verdict. Until the window ends, anyone
/// can challenge it with an equal stake. Resolvers, named when the bond was posted, then decide. The registry
/// knows nothing of this contract: a dispute changes no claim, no verdict and no status there.
/// @dev Where the money goes. With S the bond:
/// - nobody challenges: S to the poster;
/// - upheld: 3/2 S to the poster, 1/2 S in equal parts to the resolvers who voted so;
/// - refuted: 3/2 S to the challenger, 1/2 S in equal parts to the resolvers who voted so;
/// - the resolvers do not reach the threshold in time: S to the poster, S to the challenger.
/// Equal stakes make the resolvers' fee the same whichever way they vote; the fee makes a poster who
/// challenges himself, to get his bond out of the way, lose half of it unless the resolvers are his, too.
/// What does not divide goes to the winner. Nothing is sent but by `withdraw`, so that nobody's refusal to
/// receive stops anybody else.
///
/// Trust assumptions.
/// - The resolvers are the poster's choice. A bond is worth what its resolvers are worth to the reader: who
/// names himself under other accounts loses nothing. Challenge only where you trust them.
/// - Resolvers judge the proof, not the registry's quorum: the claim's public files, with a verifier of
/// their own. Upheld: the claim's proof holds, or the verdict is the right one. Nothing here checks that.
/// - A bond on a Sampled verdict stands for what the verdict says, and no more: that the sample was drawn as
/// PROTOCOL §23 says, and that its segments are valid. It is refuted by a false segment of the sample, or by
/// another seed; a false segment outside the sample refutes the claim, not this verdict. Who wants the whole
/// proof staked on asks for a bond on the claim, or on a Valid verdict.
/// - Resolvers who stay silent cost nobody money, only time: at most MAX_WINDOW after the challenge.
/// - A challenger without a case can lock a bond until `resolveUntil`, and loses his stake only if the
/// resolvers answer.
/// - Retracting the claim or revoking the verdict does not end a bond: it stays open to challenge.
/// - Times are block timestamps, which a block's builder can shift by seconds. Windows are an hour at least.
/// - No owner, no upgrade, no fee, no pause. Ether forced upon the contract is nobody's.
interface IDisputeBonds {
    /// @notice A bond was posted.
    /// @param bondId keccak256 over the terms; see `bondIdOf`.
    /// @param claimId The claim that it is about.
    /// @param poster The claimant, or the attester.
    /// @param terms Everything that was promised.
    event BondPosted(
        bytes32 indexed bondId,
        bytes32 indexed claimId,
        address indexed poster,
        BondTerms terms
    );

    /// @notice A bond was challenged.
    /// @param bondId The bond.
    /// @param claimId The claim that it is about.
    /// @param challenger Who challenged it, with a stake equal to the bond.
    /// @param resolveUntil Last second for the resolvers.
    /// @param reason Why.
    event BondChallenged(
        bytes32 indexed bondId,
        bytes32 indexed claimId,
        address indexed challenger,
        uint40 resolveUntil,
        string reason
    );

    /// @notice A resolver voted.
    /// @param bondId The bond.
    /// @param claimId The claim that it is about.
    /// @param resolver Who voted.
    /// @param upheld Whether what was bonded is right.
    /// @param reason Why.
    event VoteCast(
        bytes32 indexed bondId,
        bytes32 indexed claimId,
        address indexed resolver,
        bool upheld,
        string reason
    );

    /// @notice A bond was paid out, for good.
    /// @param bondId The bond.
    /// @param claimId The claim that it is about.
    /// @param poster Who had posted it.
    /// @param stage Upheld, Refuted, Unchallenged or Unanswered.
    event BondSettled(
        bytes32 indexed bondId,
        bytes32 indexed claimId,
        address indexed poster,
        Stage stage
    );

    /// @notice An account took what it was owed.
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// @notice There is no training registry at this address.
    error NotARegistry(address registry);

    /// @notice No claim, or no verdict, of this kind is on record, or it was taken back: there is nothing to bond.
    error NothingToBond(bytes32 claimId, address attester);

    /// @notice Only whose claim or verdict it is can bond it.
    error NotTheAuthor(bytes32 claimId, address author);

    /// @notice A bond, and a challenge, is paid exactly.
    error WrongValue(uint256 sent, uint256 expected);

    /// @notice The challenge window must end from MIN_WINDOW to MAX_WINDOW seconds from now.
    error ChallengeWindowOutOfRange(uint256 challengeUntil, uint256 earliest, uint256 latest);

    /// @notice The resolvers need from MIN_WINDOW to MAX_WINDOW seconds.
    error ResolveWindowOutOfRange(uint256 resolveWithin, uint256 minimum, uint256 maximum);

    /// @notice A bond has from 1 to MAX_RESOLVERS resolvers.
    error ResolversOutOfRange(uint256 resolvers, uint256 maximum);

    /// @notice Resolvers must ascend, without repetition.
    error ResolversNotAscending(uint256 index);

    /// @notice More than half of the resolvers must agree, and no more than there are.
    error ThresholdNotAMajority(uint256 threshold, uint256 resolvers);

    /// @notice Poster, challenger and resolvers are different accounts.
    error PartyTwice(address account);

    /// @notice This bond was posted before; another end of its window makes another bond.
    error BondAlreadyPosted(bytes32 bondId);

    /// @notice No bond has these terms.
    error UnknownBond(bytes32 bondId);

    /// @notice The bond is at another stage than this needs.
    error WrongStage(bytes32 bondId, Stage stage, Stage needed);

    /// @notice The window ended at `until` (seconds).
    error WindowOver(bytes32 bondId, uint256 until);

    /// @notice The window is open up to and including `until` (seconds).
    error WindowOpen(bytes32 bondId, uint256 until);

    /// @notice Only the bond's resolvers vote.
    error NotAResolver(bytes32 bondId, address account);

    /// @notice A resolver votes once.
    error AlreadyVoted(bytes32 bondId, address resolver);

    /// @notice A challenge and a vote need a reason.
    error DisputeReasonMissing();

    /// @notice A reason is longer than readers of the event have to accept.
    error DisputeReasonTooLong(uint256 length, uint256 maximum);

    /// @notice This account is owed nothing.
    error NothingOwed(address account);

    /// @notice The receiver refused the payment; name another.
    error PaymentRefused(address to, uint256 amount);

    /// @notice Posts a bond on the caller's own claim or verdict. The value is `terms.amount`.
    /// @dev Reverts with NothingToBond, NotTheAuthor, WrongValue, ChallengeWindowOutOfRange,
    /// ResolveWindowOutOfRange, ResolversOutOfRange, ResolversNotAscending, ThresholdNotAMajority,
    /// PartyTwice or BondAlreadyPosted.
    /// @return bondId The bond's id.
    function post(BondTerms calldata terms) external payable returns (bytes32 bondId);

    /// @notice Challenges a bond, once for each bond, with an equal stake. The value is `terms.amount`.
    /// @dev Reverts with UnknownBond, WrongStage, WindowOver, WrongValue, PartyTwice,
    /// DisputeReasonMissing or DisputeReasonTooLong.
    function challenge(BondTerms calldata terms, string calldata reason) external payable;

    /// @notice Votes on a challenged bond. The vote that reaches the threshold pays it out.
    /// @dev Reverts with UnknownBond, WrongStage, WindowOver, NotAResolver, AlreadyVoted,
    /// DisputeReasonMissing or DisputeReasonTooLong.
    function resolve(BondTerms calldata terms, bool upheld, string calldata reason) external;

    /// @notice Gives stakes back when a window is over: to the poster if nobody challenged; to both if the
    /// resolvers did not decide. Anyone can call it.
    /// @dev Reverts with UnknownBond, WrongStage or WindowOpen.
    function release(BondTerms calldata terms) external;

    /// @notice Sends all that the caller is owed to `to`.
    /// @dev Reverts with NothingOwed or PaymentRefused.
    /// @return amount What was sent, in wei.
    function withdraw(address payable to) external returns (uint256 amount);

    /// @notice The stored part of a bond; all zero if there is none.
    function getBond(bytes32 bondId) external view returns (Bond memory);

    /// @notice What an account can withdraw, in wei.
    function owed(address account) external view returns (uint256);

    /// @notice The id that a bond on these terms has or would have here.
    /// @dev keccak256(abi.encode(BOND_TYPE, block.chainid, address(this), terms)). The poster follows from
    /// the terms, so nobody else can post it.
    function bondIdOf(BondTerms calldata terms) external view returns (bytes32);

    /// @notice The registry whose claims and verdicts are bonded.
    function REGISTRY() external view returns (ITrainingRegistry);

    /// @notice The type tag of bond ids: keccak256("trainproof/DisputeBonds/bond/1").
    function BOND_TYPE() external view returns (bytes32);

    /// @notice The shortest window, in seconds.
    function MIN_WINDOW() external view returns (uint256);

    /// @notice The longest window, in seconds.
    function MAX_WINDOW() external view returns (uint256);

    /// @notice The most resolvers of a bond.
    function MAX_RESOLVERS() external view returns (uint256);

    /// @notice The longest reason that is accepted, in bytes.
    function MAX_REASON_BYTES() external view returns (uint256);
}
