// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

interface IERC1271 {
    function isValidSignature(
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4);
}

/// @title Signatures of accounts with a key (secp256k1) and of contracts (ERC-1271)
library SignatureVerification {
    /// @dev Half of secp256k1's order: of the two signatures (r, s) and (r, n - s) only the first is one.
    uint256 private constant HALF_ORDER =
        0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice Whether `signature` is `signer`'s on `hash`.
    /// @dev The key comes first, so that an account that delegates to code (EIP-7702) can still sign with
    /// its key; code, where there is some, is asked next. A contract can answer otherwise tomorrow: only
    /// what was recorded when it answered counts.
    function isValid(
        address signer,
        bytes32 hash,
        bytes calldata signature
    ) internal view returns (bool) {
        if (signature.length == 65) {
            bytes32 r = bytes32(signature[0:32]);
            bytes32 s = bytes32(signature[32:64]);
            uint8 v = uint8(signature[64]);
            if (uint256(s) <= HALF_ORDER) {
                address recovered = ecrecover(hash, v, r, s);
                if (recovered != address(0) && recovered == signer) return true;
            }
        }
        if (signer.code.length == 0) return false;
        (bool success, bytes memory answer) = signer.staticcall(
            abi.encodeCall(IERC1271.isValidSignature, (hash, signature))
        );
        return
            success &&
            answer.length >= 32 &&
            abi.decode(answer, (bytes32)) == bytes32(IERC1271.isValidSignature.selector);
    }
}
