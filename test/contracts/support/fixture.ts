// Turns a small market with a fund on it into what every contract test starts from: contracts, people and time.
import { tokenUnits, unixSeconds } from "../../../src/core/units.ts";
import { type HandOver, type Powers, handOver } from "../../../src/execute/hand-over.ts";
import { type CoinSpec } from "../../../src/world/coin.ts";
import { openFund } from "../../../src/world/fund.ts";
import { type LocalChain } from "../../../src/world/local-chain.ts";
import { type Market, startMarket } from "../../../src/world/market.ts";

/** 2021-09-06T00:00:00Z, a Monday: (1,630,886,400 - 345,600) / 604,800 = 2696 weeks after the first Monday. */
export const MONDAY = 1_630_886_400;

/** Number of the week that begins on {@link MONDAY}. */
export const WEEK_NUMBER = 2696n;

/** {s} */
export const HOUR = 3600;

/** {s} */
export const WEEK = 604_800;

/** {s} Between the publication of a bull target and its start. */
export const VETO_DELAY = 11 * HOUR;

/** {gas} EIP-7825. */
export const GAS_CAP = 16_777_216n;

/** Index of the deposit coin. */
export const CASH = 0;

/** Index of wrapped ether. */
export const ETHER = 1;

/** Index of wrapped ether on its way between two tokens. */
export const TRANSIT = 255;

/** D18{USD/wholeTok} Bounds of a feed that leave out no price. */
export const WIDE = { low: 0n, high: 10n ** 30n };

/** One whole deposit coin, 6 decimals. */
export const USDC = 10n ** 6n;

/** One whole share, ether or D18 unit. */
export const WHOLE = 10n ** 18n;

/**
 * Round prices and deep pools. In order: a coin of 8 decimals, ether, then 18 decimals against USDC with a feed, 6
 * against USDC without one, 18 against WETH without, 8 against WETH with a feed, and a token that returns nothing.
 */
const COINS: readonly CoinSpec[] = [
  { coinId: "bitcoin", symbol: "BTC", priceUsd: 50_000, volumeUsd: 2e10, quote: "USDC", hasFeed: true },
  { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
  { coinId: "alpha", symbol: "ALP", priceUsd: 20, volumeUsd: 1e10, decimals: 18, quote: "USDC", hasFeed: true },
  { coinId: "beta", symbol: "BET", priceUsd: 2, volumeUsd: 1e10, decimals: 6, quote: "USDC", hasFeed: false },
  { coinId: "gamma", symbol: "GAM", priceUsd: 5, volumeUsd: 1e10, decimals: 18, quote: "WETH", hasFeed: false },
  { coinId: "delta", symbol: "DEL", priceUsd: 100, volumeUsd: 1e10, decimals: 8, quote: "WETH", hasFeed: true },
  { coinId: "binancecoin", symbol: "BNB", priceUsd: 500, volumeUsd: 1e10, decimals: 18, quote: "USDC", hasFeed: true },
];

/** Off their peg, so that a bear target may be wholly in the deposit coin. */
const OFF_PEG: readonly CoinSpec[] = [
  { coinId: "tether", symbol: "USDT", priceUsd: 0.98, volumeUsd: 5e10, decimals: 6, quirk: "no-return" },
  { coinId: "dai", symbol: "DAI", priceUsd: 0.98, volumeUsd: 3e8, decimals: 18 },
];

export type AccountName = keyof LocalChain["accounts"];

/** Weights in parts per million by coin id; they sum to 1,000,000. */
export type WeightsByCoin = Readonly<Record<string, number>>;

/** Six assets of all kinds, a fifth or a tenth each, and a tenth in the deposit coin. */
export const BULL: WeightsByCoin = {
  "usd-coin": 100_000,
  bitcoin: 200_000,
  alpha: 200_000,
  beta: 200_000,
  gamma: 100_000,
  delta: 100_000,
  binancecoin: 100_000,
};

/** Everything in the deposit coin. */
export const BEAR: WeightsByCoin = { "usd-coin": 1_000_000 };

/** Contracts are connected to the first account of the node, which has no role. */
export type Fixture = Awaited<ReturnType<typeof buildFixture>>;

/** An account that can send. */
export type Person = Awaited<ReturnType<Fixture["ethers"]["getSigner"]>>;

async function buildFixture(coins: readonly CoinSpec[], admin: AccountName = "owner") {
  const market = await startMarket({ at: unixSeconds(MONDAY - HOUR), coins: [...coins, ...OFF_PEG] });
  const fund = await openFund(market, admin);
  const { ethers } = market.chain.connection;
  const at = fund.addresses;
  const signer = (name: AccountName) => ethers.getSigner(market.chain.accounts[name].address);
  const names = Object.keys(market.chain.accounts) as AccountName[];
  const people = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await signer(name)]))) as Record<
    AccountName,
    Awaited<ReturnType<typeof signer>>
  >;
  const fixture = {
    market,
    fund,
    ethers,
    people,
    vault: await ethers.getContractAt("IndexVault", at.vault),
    registry: await ethers.getContractAt("TargetRegistry", at.registry),
    rebalancer: await ethers.getContractAt("Rebalancer", at.rebalancer),
    oracle: await ethers.getContractAt("PriceOracle", at.oracle),
    venue: await ethers.getContractAt("UniswapV3Venue", at.venue),
    lens: await ethers.getContractAt("VaultLens", at.lens),
    gateway: await ethers.getContractAt("DepositGateway", at.gateway),
    manager: await ethers.getContractAt("DelayedAccessManager", at.accessManager),
    usdc: await ethers.getContractAt("MockToken", ethers.getAddress(market.usdc)),
    weth: await ethers.getContractAt("MockToken", ethers.getAddress(market.weth)),
  };
  for (const name of ["alice", "bob", "carol", "dave"] as const) {
    await market.give("usd-coin", market.chain.accounts[name].address, tokenUnits(10_000_000n * USDC));
    await fixture.usdc.connect(people[name]).approve(at.vault, 2n ** 255n);
  }
  return fixture;
}

/** Names every coin but stablecoins bitcoin, whose cap leaves room for the round weights of tests. */
async function liftCaps(fixture: Fixture, coins: readonly CoinSpec[], admin: AccountName = "owner"): Promise<void> {
  const { vault, people, fund } = fixture;
  for (const { coinId } of coins) {
    await vault.connect(people[admin]).nameBitcoin(fund.indexOf(coinId));
  }
}

/** A market and a fund on it, an hour before {@link MONDAY}; every person has 10,000,000 USDC, approved to the vault. */
export async function openFixture(coins: readonly CoinSpec[] = COINS): Promise<Fixture> {
  const fixture = await buildFixture(coins);
  await liftCaps(fixture, coins);
  return fixture;
}

/** As {@link openFixture}, with each coin in its own tier. */
export async function openCappedFixture(): Promise<Fixture> {
  const fixture = await buildFixture(COINS);
  await fixture.vault.connect(fixture.people.owner).nameBitcoin(fixture.fund.indexOf("bitcoin"));
  return fixture;
}

/** As {@link openFixture}, but the deployer has handed the fund over: the owner has to announce what it does. */
export async function openHandedOverFixture(): Promise<Fixture> {
  const fixture = await buildFixture(COINS, "deployer");
  await liftCaps(fixture, COINS, "deployer");
  const { wallets, publicClient } = fixture.market.chain;
  await handOver({ wallet: wallets.deployer, reader: publicClient }, placeOf(fixture), powersOf(fixture));
  return fixture;
}

/** Where the fund is, and since which block. */
export function placeOf({ fund }: Fixture): HandOver {
  return { addresses: fund.addresses, fromBlock: BigInt(fund.deployment().block) };
}

/** Each role at the account of its name. */
export function powersOf({ market }: Fixture): Powers {
  const { owner, keeper, guardian, signer } = market.chain.accounts;
  return { owner: owner.address, keeper: keeper.address, guardian: guardian.address, signer: signer.address };
}

/** Opens one fixture for a file and gives every test the same state: what `before` made, and nothing of other tests. */
export function useFixture(
  arrange: (fixture: Fixture) => Promise<unknown> = () => Promise.resolve(),
  open: () => Promise<Fixture> = openFixture,
): () => Fixture {
  let fixture: Fixture | undefined;
  const get = (): Fixture => {
    if (fixture === undefined) throw new TypeError("The fixture opens in `before`: read it inside a test.");
    return fixture;
  };
  before(async function () {
    fixture = await open();
    await arrange(fixture);
  });
  after(() => get().market.close());
  restoreEach(get);
  return get;
}

/** Brings a `describe` into a situation, once, and takes it back after the last of its tests. */
export function stage(get: () => Fixture, arrange: (fixture: Fixture) => Promise<unknown>): void {
  let saved: Awaited<ReturnType<Market["snapshot"]>>;
  before(async function () {
    saved = await get().market.snapshot();
    await arrange(get());
  });
  after(async () => {
    await get().market.revert(saved);
  });
}

function restoreEach(get: () => Fixture): void {
  let saved: Awaited<ReturnType<Market["snapshot"]>>;
  beforeEach(async () => {
    saved = await get().market.snapshot();
  });
  afterEach(async () => {
    await get().market.revert(saved);
  });
}

export async function now(fixture: Fixture): Promise<number> {
  return fixture.market.chain.now();
}

export async function advanceTo(fixture: Fixture, time: number): Promise<void> {
  await fixture.market.chain.advanceTo(unixSeconds(time));
}

export async function advanceBy(fixture: Fixture, seconds: number): Promise<void> {
  await advanceTo(fixture, (await now(fixture)) + seconds);
}

/** The market stands still until then, but feeds and pools have answered lately. */
export async function refreshTo(fixture: Fixture, time: number): Promise<void> {
  await fixture.market.moveTo({ prices: new Map(), at: unixSeconds(time), steps: 1 });
}
