// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrainingRegistry} from "../TrainingRegistry.sol";
import {
    Attestation,
    AttestationInput,
    ClaimInput,
    ITrainingRegistry,
    StartKind,
    Verdict
} from "../interfaces/ITrainingRegistry.sol";

/// @dev The test runner's cheat codes that the suites use.
interface Vm {
    function prank(address sender) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit() external;
    function assume(bool condition) external pure;
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function setBlockhash(uint256 number, bytes32 hash) external;
    function etch(address target, bytes calldata code) external;
    function chainId(uint256 id) external;
    function deal(address account, uint256 balance) external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8, bytes32, bytes32);
}

/// @dev What the suites share: accounts, a claim, a verdict on it.
abstract contract RegistryTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address internal constant OWNER = address(0xA11CE);
    address internal constant VERIFIER = address(0xB0B);
    address internal constant OTHER = address(0xCA401);
    uint256 internal constant NOW = 1_800_000_000;
    uint256 internal constant BLOCK = 20_000;

    TrainingRegistry internal registry;

    function setUp() public virtual {
        registry = new TrainingRegistry();
        vm.warp(NOW);
        vm.roll(BLOCK);
    }

    function _input() internal pure returns (ClaimInput memory) {
        return
            ClaimInput({
                modelCommitment: keccak256("model"),
                startKind: StartKind.PublicSeed,
                start: bytes32(0),
                dataRoot: keccak256("data"),
                configDigest: keccak256("config"),
                steps: 64,
                planDigest: 0,
                weightsDigest: 0,
                signingDigest: 0,
                proofDigest: keccak256("proof")
            });
    }

    /// @dev A claim that continues from undisclosed weights.
    function _undisclosed() internal pure returns (ClaimInput memory input) {
        input = _input();
        input.startKind = StartKind.UndisclosedWeights;
        input.start = keccak256("undisclosed weights");
    }

    function _register() internal returns (bytes32) {
        vm.prank(OWNER);
        return registry.register(_input(), "https://example.org");
    }

    function _saying(
        bytes32 claimId,
        Verdict verdict
    ) internal view returns (AttestationInput memory) {
        return
            AttestationInput({
                claimId: claimId,
                claimBody: registry.claimBodyOf(_input()),
                verdict: verdict,
                proofDigest: _input().proofDigest,
                verifierBuild: keccak256("build"),
                protocolVersion: 1,
                reportDigest: keccak256("report"),
                sampleSize: verdict == Verdict.Sampled ? 100 : 0,
                sampleSeed: verdict == Verdict.Sampled ? keccak256("sample") : bytes32(0),
                uri: "https://example.org/report"
            });
    }

    function _attest(address verifier, bytes32 claimId, Verdict verdict) internal {
        AttestationInput memory saying = _saying(claimId, verdict);
        vm.prank(verifier);
        registry.attest(saying);
    }

    function _revoke(address verifier, bytes32 claimId) internal {
        vm.prank(verifier);
        registry.revoke(claimId, "the verifier had a fault");
    }

    /// @dev Announces as OWNER, lets the seed block pass, and draws.
    function _drawn(bytes32 planDigest) internal returns (bytes32 planId, bytes32 seed) {
        vm.prank(OWNER);
        planId = registry.announce(planDigest);
        uint256 seedBlock = registry.getPlan(planId).seedBlock;
        vm.roll(seedBlock + 1);
        vm.setBlockhash(seedBlock, keccak256("the seed block"));
        seed = registry.drawSeed(planId);
    }

    function _tooLong() internal view returns (string memory) {
        return string(new bytes(registry.MAX_TEXT_BYTES() + 1));
    }

    function _expect(bytes4 selector, bytes32 value) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, value));
    }

    function _expect(bytes4 selector, bytes32 value, uint256 other) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, value, other));
    }

    function _expectTooLong() internal {
        uint256 maximum = registry.MAX_TEXT_BYTES();
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.TextTooLong.selector, maximum + 1, maximum)
        );
    }
}
