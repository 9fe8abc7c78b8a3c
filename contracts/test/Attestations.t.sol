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

        field = field % 5;
        if (field == 0) saying.verdict = valid ? Verdict.Invalid : Verdict.Valid;
        if (field == 1) saying.verifierBuild = ~build;
        if (field == 2) saying.protocolVersion = ~version;
        if (field == 3) saying.reportDigest = ~report;
        if (field == 4) saying.proofDigest = ~saying.proofDigest;
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
