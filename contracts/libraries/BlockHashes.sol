// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Hashes of past blocks
library BlockHashes {
    /// @dev EIP-2935's history contract: the hashes of the last 8191 blocks, where the chain has it.
    address internal constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @notice The hash of block `number`, or zero where the chain does not give it any more.
    /// The caller has checked that the block is over.
    /// @dev The opcode reaches back 256 blocks, the history contract 8191.
    function ofBlock(uint256 number) internal view returns (bytes32 hash) {
        hash = blockhash(number);
        if (hash != 0) return hash;
        (bool success, bytes memory answer) = HISTORY.staticcall(abi.encode(number));
        if (success && answer.length == 32) hash = abi.decode(answer, (bytes32));
    }
}
