// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title The part of ERC-8004's Validation Registry that a validator uses
/// @dev ERC-8004 "Trustless Agents" is a draft. This follows its text in ethereum/ERCs at commit
/// 2395308aeb8e55966a37b3afc130ddd92e14aa5a: tags are strings, and getValidationStatus gives the response's
/// hash. Earlier texts had bytes32 tags, and other selectors.
interface IERC8004Validation {
    function getIdentityRegistry() external view returns (address identityRegistry);

    /// @dev To be called by the validator that the request names; again where its answer changed.
    /// @param response From 0, failed, to 100, passed.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    function getValidationStatus(
        bytes32 requestHash
    )
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );
}

/// @title The part of ERC-8004's Identity Registry, an ERC-721, that a validator uses
interface IERC8004Identity {
    function ownerOf(uint256 agentId) external view returns (address);
    function getApproved(uint256 agentId) external view returns (address);
    function isApprovedForAll(address owner, address operator) external view returns (bool);
}
