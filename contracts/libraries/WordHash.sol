// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title keccak256(abi.encode(…)) of a few words
/// @dev The same hashes as abi.encode gives, for values that are one word each, without allocating a buffer:
/// about 200 gas less. The buffer lies beyond the free memory pointer, which stays where it is.
library WordHash {
    /// @notice keccak256(abi.encode(a, b, c, d, e)).
    function of5(
        bytes32 a,
        uint256 b,
        address c,
        address d,
        bytes32 e
    ) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, a)
            mstore(add(words, 0x20), b)
            mstore(add(words, 0x40), shr(96, shl(96, c)))
            mstore(add(words, 0x60), shr(96, shl(96, d)))
            mstore(add(words, 0x80), e)
            hash := keccak256(words, 0xa0)
        }
    }

    /// @notice keccak256(abi.encode(a, b, c, d, e, f)).
    function of6(
        bytes32 a,
        uint256 b,
        address c,
        address d,
        bytes32 e,
        bytes32 f
    ) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, a)
            mstore(add(words, 0x20), b)
            mstore(add(words, 0x40), shr(96, shl(96, c)))
            mstore(add(words, 0x60), shr(96, shl(96, d)))
            mstore(add(words, 0x80), e)
            mstore(add(words, 0xa0), f)
            hash := keccak256(words, 0xc0)
        }
    }
}
