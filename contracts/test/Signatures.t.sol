// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AttestationInput, ITrainingRegistry, Verdict} from "../interfaces/ITrainingRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @dev An account that is a contract: it takes signatures that begin with its word.
contract Wallet {
    bytes4 private immutable ANSWER;

    constructor(bytes4 answer) {
        ANSWER = answer;
    }

    function isValidSignature(bytes32, bytes calldata signature) external view returns (bytes4) {
        return keccak256(signature) == keccak256("the wallet's word") ? ANSWER : bytes4(0);
    }
}

contract SignaturesTest is RegistryTest {
    uint256 private constant KEY = 0xBEEF;
    uint256 private constant ORDER =
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private claimId;
    address private signer;

    function setUp() public override {
        super.setUp();
        claimId = _register();
        signer = vm.addr(KEY);
    }

    function _hash(bytes32 structHash) private view returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Trainproof TrainingRegistry"),
                keccak256("3"),
                block.chainid,
                address(registry)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function _attestHash(
        AttestationInput memory saying,
        uint256 deadline
    ) private view returns (bytes32) {
        return
            _hash(
                keccak256(
                    abi.encode(
                        keccak256(
                            "Attest(bytes32 claimId,uint8 verdict,bytes32 proofDigest,bytes32 verifierBuild,uint32 protocolVersion,bytes32 reportDigest,uint32 sampleSize,bytes32 sampleSeed,string uri,uint256 deadline)"
                        ),
                        saying.claimId,
                        saying.verdict,
                        saying.proofDigest,
                        saying.verifierBuild,
                        saying.protocolVersion,
                        saying.reportDigest,
                        saying.sampleSize,
                        saying.sampleSeed,
                        keccak256(bytes(saying.uri)),
                        deadline
                    )
                )
            );
    }

    function _sign(bytes32 hash) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, hash);
        return abi.encodePacked(r, s, v);
    }

    function _expectBad(address who) private {
        vm.expectRevert(abi.encodeWithSelector(ITrainingRegistry.BadSignature.selector, who));
    }

    function test_AnyoneRelaysASignedVerdict(address relayer) public {
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        bytes memory signature = _sign(_attestHash(saying, NOW));
        vm.prank(relayer);
        registry.attestBySig(signer, saying, NOW, signature);
        require(registry.hasAttested(signer, saying), "it is the signer's");
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.AlreadyAttested.selector, claimId, signer)
        );
        registry.attestBySig(signer, saying, NOW, signature);
    }

    function test_ASignatureIsOnEveryFieldOnThisChainAndContract(uint8 field) public {
        AttestationInput memory saying = _saying(claimId, Verdict.Sampled);
        uint256 deadline = NOW + 1;
        bytes memory signature = _sign(_attestHash(saying, deadline));
        field = field % 12;
        if (field == 0) {
            vm.prank(OTHER);
            saying.claimId = registry.register(_input(), "");
        }
        if (field == 1) saying.verdict = Verdict.Invalid;
        if (field == 9) saying.sampleSize++;
        if (field == 10) saying.sampleSeed = keccak256("other");
        // Whoever relays a sampled verdict does not make it one of all segments.
        if (field == 11)
            (saying.verdict, saying.sampleSize, saying.sampleSeed) = (Verdict.Valid, 0, 0);
        if (field == 2) saying.proofDigest = keccak256("other");
        if (field == 3) saying.verifierBuild = keccak256("other");
        if (field == 4) saying.protocolVersion = 2;
        if (field == 5) saying.reportDigest = keccak256("other");
        if (field == 6) saying.uri = "elsewhere";
        if (field == 7) deadline++;
        if (field == 8) vm.chainId(block.chainid + 1);
        _expectBad(signer);
        registry.attestBySig(signer, saying, deadline, signature);
    }

    function test_ASignatureIsTheSignersAlone(address other) public {
        vm.assume(other != signer && other.code.length == 0);
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        bytes memory signature = _sign(_attestHash(saying, NOW));
        _expectBad(other);
        registry.attestBySig(other, saying, NOW, signature);
        _expectBad(address(0));
        registry.attestBySig(address(0), saying, NOW, new bytes(65));
    }

    function test_ASignatureExpires() public {
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        bytes memory signature = _sign(_attestHash(saying, NOW - 1));
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.SignatureExpired.selector, NOW - 1)
        );
        registry.attestBySig(signer, saying, NOW - 1, signature);
    }

    function test_NoOtherSpellingOfASignatureIsOne() public {
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _attestHash(saying, NOW));
        _expectBad(signer);
        registry.attestBySig(signer, saying, NOW, abi.encodePacked(r, s, v, uint8(0)));
        bytes memory flipped = abi.encodePacked(
            r,
            bytes32(ORDER - uint256(s)),
            uint8(v == 27 ? 28 : 27)
        );
        _expectBad(signer);
        registry.attestBySig(signer, saying, NOW, flipped);
    }

    function test_AContractSignsAsItLikes() public {
        AttestationInput memory saying = _saying(claimId, Verdict.Invalid);
        address wallet = address(new Wallet(0x1626ba7e));
        _expectBad(wallet);
        registry.attestBySig(wallet, saying, NOW, "something else");
        registry.attestBySig(wallet, saying, NOW, "the wallet's word");
        require(registry.hasAttested(wallet, saying), "it is the wallet's");
        address stranger = address(new Wallet(0xdeadbeef));
        _expectBad(stranger);
        registry.attestBySig(stranger, saying, NOW, "the wallet's word");
        _expectBad(address(this));
        registry.attestBySig(address(this), saying, NOW, "no such function here");
    }

    function test_AnAccountThatDelegatesToCodeStillSignsWithItsKey() public {
        AttestationInput memory saying = _saying(claimId, Verdict.Valid);
        vm.etch(signer, address(new Wallet(0x1626ba7e)).code);
        registry.attestBySig(signer, saying, NOW, _sign(_attestHash(saying, NOW)));
        require(registry.hasAttested(signer, saying), "the key's signature counts");
    }

    function test_AnyoneRelaysASignedRevocation() public {
        _attest(signer, claimId, Verdict.Valid);
        bytes memory signature = _sign(
            _hash(
                keccak256(
                    abi.encode(
                        keccak256("Revoke(bytes32 claimId,string reason,uint256 deadline)"),
                        claimId,
                        keccak256("my build had a fault"),
                        NOW
                    )
                )
            )
        );
        _expectBad(signer);
        registry.revokeBySig(signer, claimId, "another reason", NOW, signature);
        registry.revokeBySig(signer, claimId, "my build had a fault", NOW, signature);
        require(registry.getAttestation(claimId, signer).revoked, "revoked");
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingRegistry.SignatureExpired.selector, NOW - 1)
        );
        registry.revokeBySig(signer, claimId, "my build had a fault", NOW - 1, signature);
    }
}
