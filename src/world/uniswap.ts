// Turns Uniswap's published artifacts into a running exchange on a local chain.
import { type Address, encodeFunctionData, parseAbi, zeroAddress } from "viem";

import { initCode, packageArtifact } from "./artifacts.ts";
import type { LocalChain } from "./local-chain.ts";

/** Where the exchange's contracts are. */
export type Uniswap = {
  readonly weth: Address;
  readonly factory: Address;
  readonly positionManager: Address;
  readonly quoter: Address;
  readonly router: Address;
};

/** Tick spacing of each fee tier {1e-6} that is enabled, as on mainnet. */
export const TICK_SPACING = { 100: 1, 500: 10, 3000: 60, 10_000: 200 } as const;

/** A pool's fee in millionths of what is paid in. */
export type FeeTier = keyof typeof TICK_SPACING;

const FACTORY_ABI = parseAbi(["function enableFeeAmount(uint24 fee, int24 tickSpacing)"]);

const ARTIFACTS = {
  weth: "@uniswap/v2-periphery/build/WETH9.json",
  factory: "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
  positionManager:
    "@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
  quoter: "@uniswap/v3-periphery/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json",
  router: "@uniswap/swap-router-contracts/artifacts/contracts/SwapRouter02.sol/SwapRouter02.json",
} as const;

/**
 * Deploys WETH9 and Uniswap v3 with the four fee tiers of mainnet.
 *
 * Without v2, which the router can do without, and without the descriptor that draws the pictures of positions.
 */
export async function deployUniswap(chain: LocalChain): Promise<Uniswap> {
  const deployer = chain.accounts.deployer.address;
  const create = (name: keyof typeof ARTIFACTS, args: readonly unknown[]): Promise<Address> =>
    chain.deploy(deployer, initCode(packageArtifact(ARTIFACTS[name]), args));

  const weth = await create("weth", []);
  const factory = await create("factory", []);
  // Mainnet's factory got this tier by a vote in 2021; the constructor knows the other three.
  const enableLowestFee = encodeFunctionData({
    abi: FACTORY_ABI,
    functionName: "enableFeeAmount",
    args: [100, TICK_SPACING[100]],
  });
  await chain.send(deployer, { to: factory, data: enableLowestFee });
  const positionManager = await create("positionManager", [factory, weth, zeroAddress]);
  const quoter = await create("quoter", [factory, weth]);
  const router = await create("router", [zeroAddress, factory, positionManager, weth]);
  return { weth, factory, positionManager, quoter, router };
}
