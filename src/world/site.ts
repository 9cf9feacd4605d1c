// Turns an empty local chain into the place where a market can be built: exchange, arbitrageur, reporter of feeds.
import { type Address, encodeFunctionData, maxUint256, parseAbi } from "viem";

import { initCode, mockArtifact } from "./artifacts.ts";
import type { LocalChain } from "./local-chain.ts";
import { type Uniswap, deployUniswap } from "./uniswap.ts";

/** What every part of the market is built with. */
export type Site = {
  readonly chain: LocalChain;
  readonly uniswap: Uniswap;
  /** Trades the pools to their prices; a contract that has WETH of its own. */
  readonly arbitrageur: Address;
  /** Updates many feeds in one transaction. */
  readonly reporter: Address;
  /** Owner of the liquidity, creator of tokens and feeds. */
  readonly maker: Address;
};

/** What of a chain moves a market that stands: also a node that another process asks over HTTP has it. */
export type MovingChain = Pick<LocalChain, "accounts" | "now" | "setNextBlockTime" | "advanceTo" | "send">;

/** A place whose market can be moved, and not be built on. */
export type MovingSite = Omit<Site, "chain"> & { readonly chain: MovingChain };

/** ERC-20 with what mocks and WETH9 add to it. */
export const TOKEN_ABI = parseAbi([
  "function approve(address spender, uint256 amount)",
  "function transfer(address to, uint256 amount)",
  "function mint(address to, uint256 amount)",
  "function freeze()",
  "function thaw()",
  "function deposit() payable",
]);

/** {wei} More than the pools of any market take. */
const ENDLESS_ETHER = 10n ** 33n;
/** {wei} What stays ether and pays for gas. */
const GAS_MONEY = 10n ** 24n;

/** Deploys everything that is there before the first coin is listed. */
export async function buildSite(chain: LocalChain): Promise<Site> {
  const uniswap = await deployUniswap(chain);
  const maker = chain.accounts.maker.address;
  const trader = chain.accounts.arbitrageur.address;
  const arbitrageur = await chain.deploy(trader, initCode(mockArtifact("Arbitrageur"), [uniswap.weth]));
  const reporter = await chain.deploy(trader, initCode(mockArtifact("FeedReporter")));
  const site = { chain, uniswap, arbitrageur, reporter, maker };

  await chain.setBalance(trader, GAS_MONEY);
  await chain.setBalance(maker, 2n * ENDLESS_ETHER + GAS_MONEY);
  await wrapEther(site, maker, ENDLESS_ETHER);
  await wrapEther(site, arbitrageur, ENDLESS_ETHER);
  await approvePositions(site, uniswap.weth);
  return site;
}

/** Gives `amount` {wei} of WETH to `to` out of the maker's ether. */
export async function wrapEther(site: MovingSite, to: Address, amount: bigint): Promise<void> {
  const { chain, maker, uniswap } = site;
  const deposit = encodeFunctionData({ abi: TOKEN_ABI, functionName: "deposit" });
  await chain.send(maker, { to: uniswap.weth, data: deposit, value: amount });
  if (to === maker) return;
  const data = encodeFunctionData({ abi: TOKEN_ABI, functionName: "transfer", args: [to, amount] });
  await chain.send(maker, { to: uniswap.weth, data });
}

/** Lets the position manager take the maker's tokens. */
export async function approvePositions(site: Site, token: Address): Promise<void> {
  const args = [site.uniswap.positionManager, maxUint256] as const;
  const data = encodeFunctionData({ abi: TOKEN_ABI, functionName: "approve", args });
  await site.chain.send(site.maker, { to: token, data });
}
