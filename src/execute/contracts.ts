// Turns a deployment into typed handles: address and interface of each contract, as viem's functions take them.
import {
  type Account,
  type Address,
  type Chain,
  type PublicClient,
  type Transport,
  type WalletClient,
  parseAbi,
} from "viem";

import { indexVaultAbi, priceOracleAbi, rebalancerAbi, targetRegistryAbi, uniswapV3VenueAbi } from "../core/abi.ts";
import type { Deployment } from "./deployment.ts";

/** A wallet that can send on its own. */
export type Wallet = WalletClient<Transport, Chain, Account>;

/** Whom to ask, and about which fund. */
export type Fund = { readonly client: PublicClient; readonly deployment: Deployment };

/** ERC-20, as far as it is used. */
export const ERC20_ABI = parseAbi([
  "function approve(address spender, uint256 amount)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function balanceOf(address owner) view returns (uint256)",
  "function transfer(address to, uint256 amount)",
]);

/** Uniswap's pool, as far as its state is read. */
export const POOL_ABI = parseAbi([
  "function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked)",
  "function liquidity() view returns (uint128)",
  "function token0() view returns (address)",
  "function token1() view returns (address)",
  "function fee() view returns (uint24)",
  "function tickSpacing() view returns (int24)",
  "function tickBitmap(int16 word) view returns (uint256)",
  "function ticks(int24 tick) view returns (uint128 liquidityGross, int128 liquidityNet, uint256 feeGrowthOutside0X128, uint256 feeGrowthOutside1X128, int56 tickCumulativeOutside, uint160 secondsPerLiquidityOutsideX128, uint32 secondsOutside, bool initialized)",
  "function observations(uint256 index) view returns (uint32 blockTimestamp, int56 tickCumulative, uint160 secondsPerLiquidityCumulativeX128, bool initialized)",
]);

/** Uniswap's factory, as far as its pools are looked up. */
export const FACTORY_ABI = parseAbi([
  "function getPool(address tokenA, address tokenB, uint24 fee) view returns (address pool)",
]);

/** Uniswap's router, as far as it names the factory of the pools that it finds. */
export const ROUTER_ABI = parseAbi(["function factory() view returns (address)"]);

/** Under this id the ledger keeps an exit that anyone carries out without a target. @see AbandonedExit.ID */
export const ABANDONED_EXIT = 1n;

type Handle<Abi> = { readonly address: Address; readonly abi: Abi };

/** The fund's contracts. */
export type FundContracts = {
  readonly vault: Handle<typeof indexVaultAbi>;
  readonly registry: Handle<typeof targetRegistryAbi>;
  readonly rebalancer: Handle<typeof rebalancerAbi>;
  readonly oracle: Handle<typeof priceOracleAbi>;
  readonly venue: Handle<typeof uniswapV3VenueAbi>;
};

/** The handles of a deployment. */
export function contractsOf({ addresses }: Pick<Deployment, "addresses">): FundContracts {
  return {
    vault: { address: addresses.vault, abi: indexVaultAbi },
    registry: { address: addresses.registry, abi: targetRegistryAbi },
    rebalancer: { address: addresses.rebalancer, abi: rebalancerAbi },
    oracle: { address: addresses.oracle, abi: priceOracleAbi },
    venue: { address: addresses.venue, abi: uniswapV3VenueAbi },
  };
}
