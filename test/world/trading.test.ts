import { expect } from "chai";
import { type Address, type Hex, padHex, parseAbi } from "viem";

import { type Ppm, type TokenUnits, ppm, tokenUnits, unixSeconds } from "../../src/core/units.ts";
import {
  claimDeposit,
  claimInKind,
  claimRedemption,
  redeemInKind,
  requestDeposit,
  requestRedeem,
} from "../../src/execute/depositor.ts";
import type { Deployment } from "../../src/execute/deployment.ts";
import { ContractRefusedError, RoleMissingError } from "../../src/execute/errors.ts";
import { type Target, publishTarget, signTarget } from "../../src/execute/publish.ts";
import { readPools } from "../../src/execute/read-pools.ts";
import { type RebalanceResult, RebalanceUnfinishedError, runRebalance } from "../../src/execute/rebalance.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { swapExactIn } from "../../src/plan/pool.ts";
import { fetchChainBooks, fetchLedger } from "../../src/record/ledger.ts";
import { ledgerText, parseLedger } from "../../src/record/ledger-file.ts";
import { verifyLedger } from "../../src/record/verify.ts";
import { type LocalFund, openFund } from "../../src/world/fund.ts";
import type { LocalChain } from "../../src/world/local-chain.ts";
import { type Market, type MarketSnapshot, startMarket } from "../../src/world/market.ts";
import { COINS, MONDAY, liftCaps, rejection } from "./support.ts";

type AccountName = keyof LocalChain["wallets"];

const DAY = 86_400;
const WEEK = 7 * DAY;
const NOON = DAY / 2;
const WEEK_NUMBER = 2696; // (1,630,886,400 - 345,600) / 604,800
const MILLION = tokenUnits(10n ** 12n); // USDC

const QUOTER_ABI = parseAbi([
  "struct Query { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }",
  "function quoteExactInputSingle(Query query) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticksCrossed, uint256 gasEstimate)",
]);

/** A fifth in each of five coins; LUNA, UNI and SHIB trade against ether. */
const BULL: Readonly<Record<string, number>> = {
  bitcoin: 200_000,
  ethereum: 200_000,
  "terra-luna": 200_000,
  uniswap: 200_000,
  "shiba-inu": 200_000,
};
const BEAR: Readonly<Record<string, number>> = { "usd-coin": 600_000, tether: 400_000 };

describe("trading on the local market", function () {
  let market: Market;
  let fund: LocalFund;
  let deployment: Deployment;
  let saved: MarketSnapshot;

  const at = (seconds: number) => unixSeconds(MONDAY + seconds);
  const client = () => market.chain.publicClient;
  const as = (name: AccountName) => ({ client: client(), wallet: market.chain.wallets[name], deployment });

  async function publish(id: number, regime: Target["regime"], byCoin: Readonly<Record<string, number>>) {
    const pairs = Object.entries(byCoin).map(([coinId, part]): [number, Ppm] => [fund.indexOf(coinId), ppm(part)]);
    pairs.sort(([a], [b]) => a - b);
    const now = await market.chain.now();
    const target: Target = {
      id,
      regime,
      weights: { assets: pairs.map(([index]) => index), parts: pairs.map(([, part]) => part) },
      decisionHash: padHex("0xde", { size: 32 }),
      membershipRoot: padHex("0x3e", { size: 32 }),
      twinLevel: 10n ** 21n,
      validFrom: now,
      validUntil: unixSeconds(now + 6 * DAY),
    };
    const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
    const signature: Hex = await signTarget(market.chain.accounts.signer, target, place);
    await publishTarget(as("stranger"), deployment, { target, signature });
    return target;
  }

  const run = (target: Target, name: AccountName = "keeper"): Promise<RebalanceResult> =>
    runRebalance({ ...as(name), target, limits: planLimitsSchema.parse({}) });

  async function deposit(amount: TokenUnits): Promise<void> {
    await market.give("usd-coin", market.chain.accounts.alice.address, amount);
    await requestDeposit(as("alice"), amount);
  }

  async function proof() {
    const { chainId, block, addresses } = deployment;
    const source = { client: client(), chainId, vault: addresses.vault, fromBlock: BigInt(block) };
    const ledger = parseLedger(ledgerText(await fetchLedger(source)));
    return verifyLedger(ledger.lines, ledger.place, await fetchChainBooks(source));
  }

  before(async function () {
    market = await startMarket({ at: at(-3600), coins: COINS });
    fund = await openFund(market);
    deployment = fund.deployment();
    await liftCaps({ market, fund }, Object.keys(BULL));
    await deposit(MILLION);
    await market.moveTo({ prices: new Map(), at: at(3600), steps: 1 });
    saved = await market.snapshot();
  });
  afterEach(async function () {
    saved = await market.revert(saved);
  });
  after(() => market.close());

  async function enter(): Promise<RebalanceResult> {
    const target = await publish(WEEK_NUMBER * 8, "bull", BULL);
    await market.moveTo({ prices: new Map(), at: at(NOON + 3600), steps: 1 });
    return run(target);
  }

  async function quoted(
    query: { readonly tokenIn: Address; readonly tokenOut: Address; readonly amountIn: bigint },
    fee: number,
  ) {
    const { result } = await client().simulateContract({
      address: market.uniswap.quoter,
      abi: QUOTER_ABI,
      functionName: "quoteExactInputSingle",
      args: [{ ...query, fee, sqrtPriceLimitX96: 0n }],
    });
    return result[0];
  }

  it("computes swaps that equal Uniswap's quoter to the last unit", async function () {
    const pools = await readPools(
      client(),
      COINS.flatMap(({ coinId }) => market.coin(coinId).pool?.address ?? []),
      await client().getBlockNumber(),
    );
    let compared = 0;
    for (const pool of pools) {
      for (const [tokenIn, tokenOut] of [
        [pool.token0, pool.token1],
        [pool.token1, pool.token0],
      ] as const) {
        for (const part of [1_000_003n, 1007n, 41n]) {
          const reserve =
            tokenIn === pool.token0
              ? (pool.liquidity << 96n) / pool.sqrtPriceX96
              : (pool.liquidity * pool.sqrtPriceX96) >> 96n;
          const amountIn = reserve / part;

          const swap = swapExactIn(pool, tokenIn, amountIn);

          expect(swap?.amountOut).to.equal(await quoted({ tokenIn, tokenOut, amountIn }, pool.fee));
          compared++;
        }
      }
    }
    expect(compared).to.equal(COINS.length * 6);
  });

  it("enters the market in one transaction, every leg as planned", async function () {
    const { plans, transactions } = await enter();

    const planned = plans[0]?.legs.map(({ expected }) => expected);
    expect(transactions).to.have.length(1);
    expect(transactions[0]?.executed.map(({ amountBought }) => amountBought)).to.deep.equal(planned);
    expect(transactions[0]?.finished?.supply).to.equal(10n ** 24n);
    expect((await proof()).isComparedWithChain).to.equal(true);
  });

  it("goes through a week of redemptions, an exit and claims, and the ledger proves it", async function () {
    await enter();
    await claimDeposit(as("alice"));
    await requestRedeem(as("alice"), 3n * 10n ** 23n);
    const prices = new Map([
      ["bitcoin", 60_000],
      ["uniswap", 20],
    ]);
    await market.moveTo({ prices, at: at(WEEK + 3600), steps: 2 });
    const weekly = await publish((WEEK_NUMBER + 1) * 8, "bull", BULL);
    await market.moveTo({ prices: new Map(), at: at(WEEK + NOON + 3600), steps: 1 });
    const second = await run(weekly);
    await claimRedemption(as("alice"));
    await redeemInKind(as("alice"), 10n ** 23n);
    const exit = await run(await publish((WEEK_NUMBER + 1) * 8 + 2, "bear", BEAR));

    const { books } = await proof();

    expect(second.transactions).to.have.length(1);
    expect(exit.transactions).to.have.length(1);
    expect(books.supply).to.equal(6n * 10n ** 23n); // 10, less 3 for money and 1 in kind
    expect([books.regime, books.setAside]).to.deep.equal(["bear", 0n]);
    expect(books.balances.get(fund.indexOf("bitcoin"))).to.equal(1n);
  });

  it("leaves the market in one transaction although a token does not move", async function () {
    await enter();
    await market.freezeToken("uniswap");

    const offPeg = new Map(["tether", "dai"].map((coinId) => [coinId, 0.98])); // so that all may be in one stablecoin
    await market.moveTo({ prices: offPeg, at: at(NOON + 7200), steps: 1 });

    const exit = await run(await publish(WEEK_NUMBER * 8 + 2, "bear", { "usd-coin": 1_000_000 }));

    expect(exit.transactions).to.have.length(1);
    expect(exit.transactions[0]?.skipped.map(({ sold }) => sold.toLowerCase())).to.deep.equal([
      market.coin("uniswap").token.toLowerCase(),
    ]);
    expect(exit.plans.at(-1)?.leftOut.map(({ reason }) => reason)).to.deep.equal(["the token does not move"]);
    expect((await proof()).books.balances.get(fund.indexOf("terra-luna"))).to.equal(1n);
  });

  it("pays an exit in kind, and later the token that did not move", async function () {
    await enter();
    await claimDeposit(as("alice"));
    await market.freezeToken("uniswap");
    await redeemInKind(as("alice"), 5n * 10n ** 23n, { skipped: [0] });
    const key = [market.chain.accounts.alice.address, market.coin("uniswap").token].join(":").toLowerCase();
    const waiting = (await proof()).books.undelivered.get(key) ?? 0n;
    await market.thawToken("uniswap");

    await claimInKind(as("alice"), fund.indexOf("uniswap"));

    const { books } = await proof();
    expect((books.balances.get(fund.indexOf("uniswap")) ?? 0n) - waiting <= 1n).to.equal(true); // half each
    expect(books.undelivered.get(key)).to.equal(0n);
  });

  it("trades what it can and says why it cannot finish when a feed is stale", async function () {
    await enter();
    const target = await publish(WEEK_NUMBER * 8 + 2, "bear", BEAR);
    market.stopFeed("bitcoin");
    await market.moveTo({ prices: new Map(), at: at(NOON + 2 * DAY), steps: 1 });

    const error = await rejection(run(target));

    expect(error).to.be.instanceOf(RebalanceUnfinishedError);
    expect((error as Error).message).to.contain("no fresh price");
    expect((error as RebalanceUnfinishedError).result.transactions.at(0)?.executed.length).to.be.greaterThan(3);

    market.resumeFeed("bitcoin");
    await market.moveTo({ prices: new Map(), at: at(NOON + 2 * DAY + 7200), steps: 1 });
    const rest = await run(target);

    expect(rest.transactions.at(-1)?.finished).to.not.equal(undefined);
    expect((await proof()).books.balances.get(fund.indexOf("bitcoin"))).to.equal(1n);
  });

  it("splits a plan over transactions and follows it to the end", async function () {
    const target = await publish(WEEK_NUMBER * 8, "bull", BULL);
    await market.moveTo({ prices: new Map(), at: at(NOON + 3600), steps: 1 });
    const limits = planLimitsSchema.parse({ transactionGas: 1_250_000 });

    const { plans, transactions } = await runRebalance({ ...as("keeper"), target, limits });

    expect(plans).to.have.length(1);
    expect(transactions.length).to.be.greaterThan(1);
    expect(transactions.at(-1)?.finished?.skips).to.equal(0);
  });

  it("refuses a key without the keeper's role, in words", async function () {
    const target = await publish(WEEK_NUMBER * 8, "bull", BULL);
    await market.moveTo({ prices: new Map(), at: at(NOON + 3600), steps: 1 });

    const error = await rejection(run(target, "stranger"));

    expect(error).to.be.instanceOf(RoleMissingError);
    expect((error as Error).message).to.contain("does not hold the keeper role");
  });

  it("waits for the veto delay", async function () {
    const target = await publish(WEEK_NUMBER * 8, "bull", BULL);

    const error = await rejection(run(target));

    expect(error).to.be.instanceOf(ContractRefusedError);
    expect((error as ContractRefusedError).errorName).to.equal("TargetNotExecutableYet");
    expect((error as ContractRefusedError).retryable).to.equal(true);
  });
});
