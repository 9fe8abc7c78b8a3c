// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

interface IERC165 {
    /// @notice Whether this contract has the functions that `interfaceId` stands for.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
}
