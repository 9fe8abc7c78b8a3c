// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

interface IERC5267 {
    /// @notice The EIP-712 domain that signatures for this contract are made for.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
}
