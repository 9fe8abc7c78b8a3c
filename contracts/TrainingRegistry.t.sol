// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrainingRegistry} from "./TrainingRegistry.sol";
import {
    Attestation,
    Claim,
    ClaimInput,
    ITrainingRegistry,
    StartKind,
    Verdict
} from "./interfaces/ITrainingRegistry.sol";

interface Vm {
    function prank(address sender) external;
    function expectRevert(bytes calldata data) external;
    function assume(bool condition) external pure;
    function warp(uint256 timestamp) external;
    function chainId(uint256 id) external;
}

contract TrainingRegistryTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant OWNER = address(0xA11CE);
    address private constant VERIFIER = address(0xB0B);
    address private constant OTHER = address(0xCA401);

    TrainingRegistry private registry;

    function setUp() public {
        registry = new TrainingRegistry();
        vm.warp(1_800_000_000);
    }

    function _input() private pure returns (ClaimInput memory) {
        return
            ClaimInput({
                modelCommitment: keccak256("model"),
                startKind: StartKind.PublicSeed,
                start: bytes32(0),
                dataRoot: keccak256("data"),
                configDigest: keccak256("config"),
                proofDigest: keccak256("proof"),
                steps: 64
            });
    }

    function _register() private returns (bytes32) {
        vm.prank(OWNER);
        return registry.register(_input(), "https://example.org");
    }

    function _expectZero(ClaimInput memory input, bytes32 field) private {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.ZeroDigest.selector, field));
        registry.register(input, "");
    }

    function test_ZeroDigestsAreRefusedByName() public {
        ClaimInput memory input = _input();
        input.modelCommitment = 0;
        _expectZero(input, "modelCommitment");
        input = _input();
        input.dataRoot = 0;
        _expectZero(input, "dataRoot");
        input = _input();
        input.configDigest = 0;
        _expectZero(input, "configDigest");
        input = _input();
        input.proofDigest = 0;
        _expectZero(input, "proofDigest");
    }

    function test_StepsOutOfRangeAreRefused() public {
        uint64 maximum = registry.MAX_STEPS();
        ClaimInput memory input = _input();
        for (uint256 i = 0; i < 2; i++) {
            input.steps = i == 0 ? 0 : maximum + 1;
            vm.expectRevert(
                abi.encodeWithSelector(
                    ITrainingRegistry.StepsOutOfRange.selector,
                    input.steps,
                    maximum
                )
            );
            registry.register(input, "");
        }
    }

    function test_ALongUriIsRefused() public {
        uint256 maximum = registry.MAX_URI_BYTES();
        string memory uri = string(new bytes(maximum + 1));
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.UriTooLong.selector, maximum + 1, maximum)
        );
        registry.register(_input(), uri);
    }

    function test_AParentMustBeAClaim(bytes32 parent) public {
        ClaimInput memory input = _input();
        input.startKind = StartKind.ParentClaim;
        input.start = parent;
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.UnknownClaim.selector, parent));
        registry.register(input, "");
    }

    function test_AClaimIsRegisteredOnce() public {
        bytes32 claimId = _register();
        vm.prank(OWNER);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.ClaimAlreadyRegistered.selector, claimId)
        );
        registry.register(_input(), "https://elsewhere.example.org");
    }

    function test_AVerdictNeedsAClaimAVerdictAndAReport(bytes32 unknown) public {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.UnknownClaim.selector, unknown));
        registry.attest(unknown, Verdict.Valid, keccak256("report"), "");
        bytes32 claimId = _register();
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.VerdictMissing.selector, claimId));
        registry.attest(claimId, Verdict.Unknown, keccak256("report"), "");
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.ZeroDigest.selector, bytes32("reportDigest"))
        );
        registry.attest(claimId, Verdict.Valid, 0, "");
    }

    function test_AVerdictIsNeverFlipped() public {
        bytes32 claimId = _register();
        vm.prank(VERIFIER);
        registry.attest(claimId, Verdict.Valid, keccak256("report"), "");
        for (uint8 verdict = 1; verdict <= 2; verdict++) {
            vm.prank(VERIFIER);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ITrainingRegistry.AlreadyAttested.selector,
                    claimId,
                    VERIFIER
                )
            );
            registry.attest(claimId, Verdict(verdict), keccak256("another"), "");
        }
        Attestation memory attestation = registry.getAttestation(claimId, VERIFIER);
        require(attestation.verdict == Verdict.Valid, "the first verdict stands");
    }

    function test_TwoAttestersAreIndependent() public {
        bytes32 claimId = _register();
        vm.prank(VERIFIER);
        registry.attest(claimId, Verdict.Valid, keccak256("report"), "");
        vm.prank(OTHER);
        registry.attest(claimId, Verdict.Invalid, keccak256("other report"), "");
        require(
            registry.getAttestation(claimId, VERIFIER).verdict == Verdict.Valid &&
                registry.getAttestation(claimId, OTHER).verdict == Verdict.Invalid &&
                registry.getAttestation(claimId, OWNER).verdict == Verdict.Unknown,
            "each attester has its own verdict"
        );
    }

    function test_AClaimReadsBack(uint64 steps) public {
        vm.assume(steps > 0 && steps <= registry.MAX_STEPS());
        ClaimInput memory input = _input();
        input.steps = steps;
        vm.prank(OWNER);
        bytes32 claimId = registry.register(input, "");
        require(claimId == registry.claimIdOf(OWNER, input), "the id is claimIdOf's");
        Claim memory claim = registry.getClaim(claimId);
        require(claim.claimant == OWNER, "claimant");
        require(claim.steps == steps, "steps");
        require(claim.registeredAt == 1_800_000_000, "time");
    }

    function test_AChildOfARegisteredClaimIsTaken() public {
        ClaimInput memory input = _input();
        input.startKind = StartKind.ParentClaim;
        input.start = _register();
        bytes32 child = registry.register(input, "");
        require(registry.getClaim(child).claimant == address(this), "registered");
    }

    function test_TheIdBindsClaimantChainContractAndEveryField(
        uint8 field,
        bytes32 value,
        address claimant
    ) public {
        ClaimInput memory input = _input();
        bytes32 id = registry.claimIdOf(OWNER, input);
        vm.assume(claimant != OWNER);
        require(registry.claimIdOf(claimant, input) != id, "claimant");
        require(new TrainingRegistry().claimIdOf(OWNER, input) != id, "contract");

        bytes32 before = keccak256(abi.encode(input));
        field = field % 7;
        if (field == 0) input.modelCommitment = value;
        if (field == 1) input.startKind = StartKind.ParentClaim;
        if (field == 2) input.start = value;
        if (field == 3) input.dataRoot = value;
        if (field == 4) input.configDigest = value;
        if (field == 5) input.proofDigest = value;
        if (field == 6) input.steps = uint64(uint256(value));
        vm.assume(keccak256(abi.encode(input)) != before);
        require(registry.claimIdOf(OWNER, input) != id, "field");

        vm.chainId(block.chainid + 1);
        require(registry.claimIdOf(OWNER, _input()) != id, "chain");
    }
}
