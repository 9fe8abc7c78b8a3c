// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC8004Identity, IERC8004Validation} from "../interfaces/IERC8004.sol";

/// @dev Who owns which agent; the parts of ERC-721 that validations ask for.
contract AgentsMock is IERC8004Identity {
    mapping(uint256 => address) public ownerOf;
    mapping(uint256 => address) public getApproved;
    mapping(address => mapping(address => bool)) public isApprovedForAll;

    function mint(address owner, uint256 agentId) external {
        ownerOf[agentId] = owner;
    }

    function approve(address operator, uint256 agentId) external {
        require(msg.sender == ownerOf[agentId], "not the owner");
        getApproved[agentId] = operator;
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
    }
}

/// @dev ERC-8004's Validation Registry, after the text that IERC8004.sol names: each MUST of it.
contract ValidationsMock is IERC8004Validation {
    event ValidationRequest(
        address indexed validatorAddress,
        uint256 indexed agentId,
        string requestURI,
        bytes32 indexed requestHash
    );
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    struct Validation {
        address validator;
        uint256 agentId;
        uint8 response;
        bytes32 responseHash;
        string tag;
        uint256 lastUpdate;
    }

    AgentsMock private immutable AGENTS;
    mapping(bytes32 requestHash => Validation) private _validations;
    uint256 public responses;

    constructor(AgentsMock agents) {
        AGENTS = agents;
    }

    function getIdentityRegistry() external view returns (address) {
        return address(AGENTS);
    }

    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        address owner = AGENTS.ownerOf(agentId);
        require(owner != address(0), "no such agent");
        require(
            msg.sender == owner ||
                AGENTS.isApprovedForAll(owner, msg.sender) ||
                AGENTS.getApproved(agentId) == msg.sender,
            "not the agent's owner or operator"
        );
        require(validatorAddress != address(0), "no validator");
        require(_validations[requestHash].validator == address(0), "requested before");
        Validation storage validation = _validations[requestHash];
        validation.validator = validatorAddress;
        validation.agentId = agentId;
        validation.lastUpdate = block.timestamp;
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Validation storage validation = _validations[requestHash];
        require(validation.validator != address(0), "unknown request");
        require(msg.sender == validation.validator, "not the validator");
        require(response <= 100, "a response is from 0 to 100");
        validation.response = response;
        validation.responseHash = responseHash;
        validation.tag = tag;
        validation.lastUpdate = block.timestamp;
        responses++;
        emit ValidationResponse(
            msg.sender,
            validation.agentId,
            requestHash,
            response,
            responseURI,
            responseHash,
            tag
        );
    }

    function getValidationStatus(
        bytes32 requestHash
    ) external view returns (address, uint256, uint8, bytes32, string memory, uint256) {
        Validation storage validation = _validations[requestHash];
        require(validation.validator != address(0), "unknown request");
        return (
            validation.validator,
            validation.agentId,
            validation.response,
            validation.responseHash,
            validation.tag,
            validation.lastUpdate
        );
    }
}
