// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Deploys an account that signed before it existed (ERC-6492), and relays what it signed, in one transaction
/// @notice A relayer sends this contract's creation. Its constructor does everything, and leaves no code behind.
/// @dev The factory's call comes from the signer, so it can be anything, at any address: a token's `transfer`, say. It must
/// never be made in the relayer's name. Here it is made in the name of a contract that has just come to exist,
/// owns nothing, and will never act again. It can waste the relayer's gas, no more.
contract CounterfactualAttestation {
    /// @notice The factory refused, with this reason.
    error FactoryRefused(address factory, bytes reason);

    /// @notice The factory has deployed something else, or nothing.
    error AccountNotDeployed(address account, address factory);

    /// @param account Who signed; its code is there already, or the factory deploys it.
    /// @param factory What deploys it.
    /// @param factoryCall With what calldata.
    /// @param registry Where the signed verdict goes.
    /// @param relayed The registry's calldata: attestBySig(…). Its errors come through.
    constructor(
        address account,
        address factory,
        bytes memory factoryCall,
        address registry,
        bytes memory relayed
    ) {
        if (account.code.length == 0) {
            (bool made, bytes memory reason) = factory.call(factoryCall);
            if (!made) revert FactoryRefused(factory, reason);
            if (account.code.length == 0) revert AccountNotDeployed(account, factory);
        }
        (bool success, bytes memory answer) = registry.call(relayed);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}
