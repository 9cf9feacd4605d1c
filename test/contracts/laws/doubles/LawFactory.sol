// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUniswapV3FactoryView} from "../../../../contracts/interfaces/IUniswapV3FactoryView.sol";
import {LawPool} from "./LawPool.sol";

/// @title Creates pools and knows them, as Uniswap's factory does.
contract LawFactory is IUniswapV3FactoryView {
    mapping(bytes32 key => address pool) private _pools;

    /// @notice Creates the pool of two tokens and a fee.
    function create(address one, address other, uint24 fee) external returns (LawPool pool) {
        (address token0, address token1) = one < other ? (one, other) : (other, one);
        pool = new LawPool(token0, token1, fee);
        _pools[keccak256(abi.encode(token0, token1, fee))] = address(pool);
    }

    /// @inheritdoc IUniswapV3FactoryView
    function getPool(address one, address other, uint24 fee) external view returns (address) {
        (address token0, address token1) = one < other ? (one, other) : (other, one);
        return _pools[keccak256(abi.encode(token0, token1, fee))];
    }
}
