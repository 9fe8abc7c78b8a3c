// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignatureVerification} from "../libraries/SignatureVerification.sol";

/// @dev An account with one key that signs by ERC-1271.
contract KeyAccount {
    address public immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(
        bytes32 hash,
        bytes calldata signature
    ) external view returns (bytes4) {
        return
            SignatureVerification.isValid(OWNER, hash, signature) ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

/// @dev Deploys accounts at addresses that are known before (CREATE2), as account factories do.
contract AccountFactory {
    function createAccount(address owner, uint256 salt) external returns (address account) {
        account = getAddress(owner, salt);
        if (account.code.length == 0) new KeyAccount{salt: bytes32(salt)}(owner);
    }

    function getAddress(address owner, uint256 salt) public view returns (address) {
        bytes32 code = keccak256(
            abi.encodePacked(type(KeyAccount).creationCode, abi.encode(owner))
        );
        return
            address(
                uint160(
                    uint256(
                        keccak256(abi.encodePacked(hex"ff", address(this), bytes32(salt), code))
                    )
                )
            );
    }
}

/// @dev A token: what a hostile "factory call" would be aimed at.
contract Coin {
    mapping(address => uint256) public balanceOf;

    constructor() {
        balanceOf[msg.sender] = 1000;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
