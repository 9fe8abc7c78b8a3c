// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    Attestation,
    AttestationInput,
    ITrainingRegistry,
    Outcome,
    Status,
    Verdict
} from "../interfaces/ITrainingRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract AttestationsTest is RegistryTest {
    bytes32 private claimId;

    function setUp() public override {
        super.setUp();
        claimId = _register();
    }

    function _refused(AttestationInput memory saying, bytes memory reason) private {
        vm.prank(VERIFIER);
        vm.expectRevert(reason);
        registry.attest(saying);
    }

    function test_AVerdictNeedsAClaimAVerdictABuildAVersionAndAReport(bytes32 unknown) public {
        AttestationInput memory saying = _saying(unknown, Verdict.Valid);
        _refused(saying, abi.encodeWithSelector(ITrainingRegistry.UnknownClaim.selector, unknown));
        saying = _saying(claimId, Verdict.Unknown);
        _refused(
            saying,
            abi.encodeWithSelector(ITrainingRegistry.VerdictMissing.selector, claimId)
        );
        saying = _saying(claimId, Verdict.Valid);
        saying.verifierBuild = 0;
        _refused(
            saying,
            abi.encodeWithSelector(ITrainingRegistry.ZeroDigest.selector, bytes32("verifierBuild"))
        );
        saying = _saying(claimId, Verdict.Valid);
        saying.reportDigest = 0;
        _refused(
            saying,
            abi.encodeWithSelector(ITrainingRegistry.ZeroDigest.selector, bytes32("reportDigest"))
        );
        saying = _saying(claimId, Verdict.Valid);
        saying.protocolVersion = 0;
        _refused(saying, abi.encodeWithSelector(ITrainingRegistry.ProtocolVersionMissing.selector));
        saying = _saying(claimId, Verdict.Valid);
        saying.uri = _tooLong();
        _expectTooLong();
        registry.attest(saying);
        require(registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Unknown, "nothing");
    }

    function test_AVerdictIsOnTheClaimsProofAlone(bytes32 other, bool body) public {
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        vm.assume(other != saying.proofDigest && other != saying.claimBody);
        if (body) saying.claimBody = other;
        else saying.proofDigest = other;
        _refused(
            saying,
            abi.encodeWithSelector(
                ITrainingRegistry.NotTheClaimsProof.selector,
                claimId,
                saying.proofDigest
            )
        );
    }

    function _mismatch(AttestationInput memory saying) private {
        _refused(
            saying,
            abi.encodeWithSelector(
                ITrainingRegistry.SampleMismatch.selector,
                saying.verdict,
                saying.sampleSize,
                saying.sampleSeed
            )
        );
        require(registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Unknown, "nothing");
    }

    function test_ValidIsOfAllSegmentsAndSampledOfASample(uint32 size, bytes32 seed) public {
        vm.assume(size != 0 && seed != 0);
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        for (uint256 i = 1; i < 4; i++) {
            saying.sampleSize = i % 2 == 1 ? size : 0;
            saying.sampleSeed = i > 1 ? seed : bytes32(0);
            _mismatch(saying);
        }
        saying.verdict = Verdict.Sampled;
        for (uint256 i = 0; i < 3; i++) {
            saying.sampleSize = i == 1 ? size : 0;
            saying.sampleSeed = i == 2 ? seed : bytes32(0);
            _mismatch(saying);
        }
        (saying.sampleSize, saying.sampleSeed) = (size, seed);
        vm.prank(VERIFIER);
        registry.attest(saying);
        require(registry.hasAttested(VERIFIER, saying), "a sample of that size from that seed");
    }

    function test_InvalidIsOfEitherButASampleHasBothSizeAndSeed(uint32 size, bytes32 seed) public {
        AttestationInput memory saying = _saying(claimId, Verdict.Invalid);
        (saying.sampleSize, saying.sampleSeed) = (size, seed);
        if ((size == 0) != (seed == 0)) return _mismatch(saying);
        vm.prank(VERIFIER);
        registry.attest(saying);
        require(registry.hasAttested(VERIFIER, saying), "said");
    }

    function test_InvalidOfAllSegmentsAndOfASample() public {
        _attest(VERIFIER, claimId, Verdict.Invalid);
        AttestationInput memory saying = _saying(claimId, Verdict.Invalid);
        (saying.sampleSize, saying.sampleSeed) = (1, keccak256("sample"));
        vm.prank(OTHER);
        registry.attest(saying);
        require(registry.hasAttested(OTHER, saying), "of a sample");
        require(!registry.hasAttested(VERIFIER, saying), "of all segments");
        saying.sampleSeed = 0;
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.SampleMismatch.selector, saying.verdict, 1, 0)
        );
        registry.attest(saying);
    }

    function test_TheEventSaysAllOfAVerdict(uint32 size, bytes32 seed) public {
        vm.assume(size != 0 && seed != 0);
        AttestationInput memory saying = _saying(claimId, Verdict.Sampled);
        (saying.sampleSize, saying.sampleSeed) = (size, seed);
        vm.expectEmit();
        emit ITrainingRegistry.ClaimAttested(
            claimId,
            VERIFIER,
            saying.reportDigest,
            saying.verdict,
            saying.proofDigest,
            saying.verifierBuild,
            saying.protocolVersion,
            size,
            seed,
            saying.uri
        );
        vm.prank(VERIFIER);
        registry.attest(saying);
    }

    function test_ASampledVerdictIsNotMadeValidLater() public {
        _attest(VERIFIER, claimId, Verdict.Sampled);
        bytes memory reason = abi.encodeWithSelector(
            ITrainingRegistry.AlreadyAttested.selector,
            claimId,
            VERIFIER
        );
        _refused(_saying(claimId, Verdict.Valid), reason);
        _refused(_saying(claimId, Verdict.Sampled), reason);
        _revoke(VERIFIER, claimId);
        _refused(_saying(claimId, Verdict.Valid), reason);
        require(_status(1).valid == 0 && _status(1).revoked == 1, "it never counts as valid");
    }

    function test_SampledVerdictsDecideNothing() public {
        _attest(VERIFIER, claimId, Verdict.Sampled);
        _attest(OTHER, claimId, Verdict.Sampled);
        Status memory sampled = _status(1);
        require(sampled.outcome == Outcome.Open, "samples are no proof");
        require(sampled.sampled == 2 && sampled.valid == 0 && sampled.invalid == 0, "counts");
        _attest(OWNER, claimId, Verdict.Invalid);
        require(_status(1).outcome == Outcome.Invalid, "no conflict: only one side has spoken");
        require(_status(2).outcome == Outcome.Open, "samples add to no side");
        _revoke(OTHER, claimId);
        sampled = _status(1);
        require(sampled.sampled == 1 && sampled.revoked == 1 && sampled.invalid == 1, "revoked");
    }

    function test_AVerdictReadsBack(
        bool valid,
        bytes32 build,
        uint32 version,
        bytes32 report,
        uint8 field
    ) public {
        vm.assume(build != 0 && version != 0 && report != 0);
        AttestationInput memory saying = _saying(claimId, valid ? Verdict.Valid : Verdict.Invalid);
        (saying.verifierBuild, saying.protocolVersion, saying.reportDigest) = (
            build,
            version,
            report
        );
        vm.prank(VERIFIER);
        registry.attest(saying);
        Attestation memory given = registry.getAttestation(claimId, VERIFIER);
        require(given.verdict == saying.verdict && !given.revoked, "verdict");
        require(given.attestedAt == NOW && given.attestedIn == BLOCK, "time and block");
        require(registry.hasAttested(VERIFIER, saying), "the content is what was said");
        require(!registry.hasAttested(OTHER, saying), "by nobody else");

        field = field % 8;
        if (field == 0) saying.verdict = valid ? Verdict.Invalid : Verdict.Valid;
        if (field == 1) saying.verifierBuild = ~build;
        if (field == 2) saying.protocolVersion = ~version;
        if (field == 3) saying.reportDigest = ~report;
        if (field == 4) saying.proofDigest = ~saying.proofDigest;
        if (field == 5) saying.sampleSize = 1;
        if (field == 6) saying.sampleSeed = bytes32(uint256(1));
        if (field == 7) saying.verdict = Verdict.Sampled;
        require(!registry.hasAttested(VERIFIER, saying), "and nothing else");
    }

    function test_NobodyHasAttestedUnknown() public view {
        AttestationInput memory saying = _saying(claimId, Verdict.Unknown);
        require(!registry.hasAttested(VERIFIER, saying), "no verdict was given");
    }

    function test_AVerdictIsNeverFlippedNorGivenAgainNotEvenRevoked() public {
        _attest(VERIFIER, claimId, Verdict.Valid);
        bytes memory reason = abi.encodeWithSelector(
            ITrainingRegistry.AlreadyAttested.selector,
            claimId,
            VERIFIER
        );
        for (uint8 round = 0; round < 2; round++) {
            _refused(_saying(claimId, Verdict.Valid), reason);
            _refused(_saying(claimId, Verdict.Invalid), reason);
            require(
                registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Valid,
                "the first verdict stands"
            );
            if (round == 0) _revoke(VERIFIER, claimId);
        }
    }

    function test_TwoAttestersAreIndependent() public {
        _attest(VERIFIER, claimId, Verdict.Valid);
        _attest(OTHER, claimId, Verdict.Invalid);
        _revoke(OTHER, claimId);
        require(!registry.getAttestation(claimId, VERIFIER).revoked, "OTHER's alone was revoked");
        require(
            registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Valid &&
                registry.getAttestation(claimId, OTHER).verdict == Verdict.Invalid &&
                registry.getAttestation(claimId, OWNER).verdict == Verdict.Unknown,
            "each attester has its own verdict"
        );
    }

    function test_ABatchIsAllOrNothing() public {
        AttestationInput[] memory batch = new AttestationInput[](2);
        batch[0] = _saying(claimId, Verdict.Valid);
        batch[1] = _saying(claimId, Verdict.Valid);
        vm.prank(VERIFIER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.AlreadyAttested.selector, claimId, VERIFIER)
        );
        registry.attestBatch(batch);
        require(registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Unknown, "nothing");

        vm.prank(OTHER);
        batch[1].claimId = registry.register(_input(), "");
        vm.prank(VERIFIER);
        registry.attestBatch(batch);
        require(registry.hasAttested(VERIFIER, batch[0]), "first");
        require(registry.hasAttested(VERIFIER, batch[1]), "second");
    }

    function test_ARetractedClaimDoesNotEscapeItsVerdict() public {
        vm.prank(OWNER);
        registry.retract(claimId, "before somebody looks");
        _attest(VERIFIER, claimId, Verdict.Invalid);
        require(registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Invalid, "given");
    }

    function test_RevokingNeedsAVerdictAndAReasonAndHappensOnce() public {
        vm.prank(VERIFIER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.NotAttested.selector, claimId, VERIFIER)
        );
        registry.revoke(claimId, "nothing was said");
        _attest(VERIFIER, claimId, Verdict.Valid);
        vm.prank(VERIFIER);
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.ReasonMissing.selector));
        registry.revoke(claimId, "");
        string memory long = _tooLong();
        _expectTooLong();
        vm.prank(VERIFIER);
        registry.revoke(claimId, long);
        require(!registry.getAttestation(claimId, VERIFIER).revoked, "not yet");
        _revoke(VERIFIER, claimId);
        Attestation memory given = registry.getAttestation(claimId, VERIFIER);
        require(given.revoked && given.verdict == Verdict.Valid, "revoked, and still readable");
        vm.prank(VERIFIER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.AlreadyRevoked.selector, claimId, VERIFIER)
        );
        registry.revoke(claimId, "again");
    }

    function _status(uint256 threshold) private view returns (Status memory) {
        address[] memory verifiers = new address[](3);
        (verifiers[0], verifiers[1], verifiers[2]) = (VERIFIER, OWNER, OTHER);
        return registry.status(claimId, verifiers, threshold);
    }

    function test_AQuorumIsTheReadersOwn() public {
        require(_status(1).outcome == Outcome.Open, "nobody has spoken");
        _attest(VERIFIER, claimId, Verdict.Valid);
        _attest(address(0xFFFF), claimId, Verdict.Invalid);
        require(_status(1).outcome == Outcome.Valid, "one of three");
        require(_status(2).outcome == Outcome.Open, "two were asked for");
        _attest(OTHER, claimId, Verdict.Valid);
        Status memory two = _status(2);
        require(two.outcome == Outcome.Valid && two.valid == 2 && two.invalid == 0, "two valid");
        _attest(OWNER, claimId, Verdict.Invalid);
        require(_status(2).outcome == Outcome.Valid, "two against one");
        require(_status(1).outcome == Outcome.Conflict, "one on each side");
        require(_status(3).outcome == Outcome.Open, "three do not agree");
        _revoke(VERIFIER, claimId);
        Status memory less = _status(2);
        require(less.outcome == Outcome.Open, "a revoked verdict does not count");
        require(less.valid == 1 && less.invalid == 1 && less.revoked == 1, "counts");
        _revoke(OTHER, claimId);
        require(_status(1).outcome == Outcome.Invalid, "what is left");
        vm.prank(OWNER);
        registry.retract(claimId, "it is invalid");
        require(_status(1).outcome == Outcome.Retracted && _status(1).retracted, "retracted");
    }

    function test_VerifiersAscendAndThresholdsAreInRange(bytes32 unknown) public {
        address[] memory verifiers = new address[](2);
        (verifiers[0], verifiers[1]) = (VERIFIER, VERIFIER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.VerifiersNotAscending.selector, 1)
        );
        registry.status(claimId, verifiers, 1);
        (verifiers[0], verifiers[1]) = (OTHER, VERIFIER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.VerifiersNotAscending.selector, 1)
        );
        registry.status(claimId, verifiers, 1);
        for (uint256 threshold = 0; threshold <= 3; threshold += 3) {
            vm.expectRevert(
                abi.encodeWithSelector(ITrainingRegistry.ThresholdOutOfRange.selector, threshold, 2)
            );
            registry.status(claimId, verifiers, threshold);
        }
        _expect(ITrainingRegistry.UnknownClaim.selector, unknown);
        registry.status(unknown, verifiers, 1);
    }
}
