import { expect } from "chai";
import { type Address, concatHex, encodeFunctionData, maxUint256, numberToHex, parseAbi } from "viem";

import { uniswapV3VenueAbi } from "../../src/core/abi.ts";
import { ppm, tokenUnits, unixSeconds } from "../../src/core/units.ts";
import type { Deployment } from "../../src/execute/deployment.ts";
import { type Read, readMany } from "../../src/execute/read-many.ts";
import { readPools } from "../../src/execute/read-pools.ts";
import { readFundState } from "../../src/execute/read-state.ts";
import { send } from "../../src/execute/send.ts";
import type { PoolState } from "../../src/plan/pool.ts";
import { swapExactIn } from "../../src/plan/pool.ts";
import { type LocalFund, openFund } from "../../src/world/fund.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { type Market, type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import { openOtherPools } from "../../src/world/other-pools.ts";
import { COINS, MONDAY, rejection } from "./support.ts";

const TOKEN_ABI = parseAbi([
  "function approve(address to, uint256 amount)",
  "function balanceOf(address owner) view returns (uint256)",
]);
const POOL_ABI = parseAbi([
  "function observations(uint256 index) view returns (uint32 time, int56 tick, uint160 liquidity, bool initialized)",
]);
const ROUTER_ABI = parseAbi([
  "struct Path { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }",
  "function exactInput(Path params) payable returns (uint256)",
]);

describe("a fund with several pools a coin", function () {
  let market: Market;
  let fund: LocalFund;
  let deployment: Deployment;
  let saved: MarketSnapshot;
  before(async function () {
    market = await startMarket({ at: unixSeconds(MONDAY - 3600), coins: COINS.slice(0, 5) });
    fund = await openFund(market);
    deployment = await openOtherPools(market, fund.deployment(), 2);
    saved = await market.snapshot();
  });
  afterEach(async function () {
    saved = await market.revert(saved);
  });
  after(() => market.close());

  async function readPoolsOf(coinId: string): Promise<readonly PoolState[]> {
    const weights = { assets: [fund.indexOf(coinId)], parts: [ppm(1_000_000)] };
    const { pools } = await readFundState({ client: market.chain.publicClient, deployment }, { weights, targetId: 0 });
    const token = market.coin(coinId).token.toLowerCase();
    return pools.filter(({ token0, token1 }) => [token0, token1].some((one) => one.toLowerCase() === token));
  }

  async function tell(name: AccountName, functionName: "closePool" | "removePool", pool: Address): Promise<void> {
    await send(
      { client: market.chain.publicClient, wallet: market.chain.wallets[name] },
      { address: deployment.addresses.venue, abi: uniswapV3VenueAbi, functionName, args: [pool], action: functionName },
    );
  }

  it("reads all of them", async function () {
    const pools = await readPoolsOf("uniswap");

    expect(pools.map(({ fee }) => fee)).to.have.members([500, 3000, 10_000]);
    expect(pools.map(({ isClosed }) => isClosed)).to.deep.equal([undefined, undefined, undefined]);
  });

  it("marks what the guardian has closed, and leaves out what the owner has removed", async function () {
    const [first, second] = deployment.assets.find(({ coinId }) => coinId === "uniswap")?.otherPools ?? [];
    await tell("guardian", "closePool", first as Address);
    await tell("owner", "removePool", second as Address);

    const pools = await readPoolsOf("uniswap");

    expect(pools.length).to.equal(2);
    expect(pools.find(({ address }) => address === first)?.isClosed).to.equal(true);
  });

  it("knows the mean time between the trades that a pool keeps, once there are two", async function () {
    const { address } = market.coin("uniswap").pool ?? { address: "0x" };
    const read = { address, abi: POOL_ABI, functionName: "observations", args: [0n] } as const;
    const [created] = await market.chain.publicClient.readContract(read);
    const gapNow = async () => (await readPoolsOf("uniswap")).map(({ tradeGap }) => tradeGap);
    const before = await gapNow();
    for (const [price, hour] of [
      [30, 1],
      [31, 2],
    ] as const) {
      const at = unixSeconds(MONDAY + hour * 3600);
      await market.moveTo({ prices: new Map([["uniswap", price]]), at, steps: 1 });
    }

    // A move ends eleven minutes before its time; the two other pools keep a single observation
    const last = MONDAY + 2 * 3600 - 660;
    expect(before).to.deep.equal([undefined, undefined, undefined]);
    const [gap = 0, ...others] = (await gapNow()).toSorted((a, b) => (b ?? 0) - (a ?? 0));
    expect(gap).to.be.within((last - created) / 2 - 2, (last - created) / 2 + 2);
    expect(others).to.deep.equal([undefined, undefined]);
  });

  it("reads the same without Multicall3 on the chain", async function () {
    const { publicClient, provider } = market.chain;
    const addresses = deployment.assets.flatMap(({ pool, otherPools = [] }) => [
      ...(pool ? [pool] : []),
      ...otherPools,
    ]);
    const block = await publicClient.getBlockNumber();
    const bundled = await readPools(publicClient, addresses, block);
    const other = { ...publicClient };
    await provider.request({ method: "hardhat_setCode", params: ["0xcA11bde05977b3631167028862bE2a173976CA11", "0x"] });

    const deployless = await readPools(other, addresses, await publicClient.getBlockNumber());

    expect(addresses.length).to.be.greaterThan(9);
    expect(deployless).to.deep.equal(bundled);
  });

  it("says which of many reads has failed", async function () {
    const { publicClient } = market.chain;
    const reads = ["usd-coin", "bitcoin"].map((coinId): Read => {
      return {
        address: market.coin(coinId).token,
        abi: TOKEN_ABI,
        functionName: "balanceOf",
        args: [fund.addresses.vault],
      };
    });
    const wrong = { ...reads[0], address: fund.addresses.lens } as Read;

    const error = await rejection(readMany(publicClient, [...reads, wrong], await publicClient.getBlockNumber()));

    expect(String(error)).to.contain("balanceOf").and.to.contain(fund.addresses.lens);
  });

  it("has the router bring on two pools what they bring one after the other", async function () {
    const { chain, uniswap, usdc, weth } = market;
    const trader = chain.accounts.alice.address;
    const coin = market.coin("uniswap");
    const pools = ["ethereum", "uniswap"].map((coinId) => market.coin(coinId).pool);
    const amount = 250_000n * 10n ** 6n;
    await market.give("usd-coin", trader, tokenUnits(amount));
    const approve = encodeFunctionData({ abi: TOKEN_ABI, functionName: "approve", args: [uniswap.router, maxUint256] });
    await chain.send(trader, { to: usdc, data: approve });
    const addresses = pools.map((pool) => pool?.address as Address);
    const [first, second] = await readPools(chain.publicClient, addresses, await chain.publicClient.getBlockNumber());
    const ether = swapExactIn(first as PoolState, usdc, amount);
    const expected = swapExactIn(second as PoolState, weth, ether?.amountOut ?? 0n);

    const fees = pools.map((pool) => numberToHex(pool?.fee ?? 0, { size: 3 }));
    const path = concatHex([usdc, fees[0] ?? "0x", weth, fees[1] ?? "0x", coin.token]);
    const params = { path, recipient: trader, amountIn: amount, amountOutMinimum: 0n };
    const data = encodeFunctionData({ abi: ROUTER_ABI, functionName: "exactInput", args: [params] });
    await chain.send(trader, { to: uniswap.router, data });

    const read = { address: coin.token, abi: TOKEN_ABI, functionName: "balanceOf", args: [trader] } as const;
    expect(await chain.publicClient.readContract(read)).to.equal(expected?.amountOut);
  });
});
