// Turns a small market with a fund on it into what the contract tests share: contracts, people, targets, legs and time.
import { type Address, type Hex, encodeAbiParameters, keccak256 } from "viem";

import { tokenUnits, unixSeconds } from "../../src/core/units.ts";
import type { Coin, CoinSpec } from "../../src/world/coin.ts";
import { openFund } from "../../src/world/fund.ts";
import type { LocalChain } from "../../src/world/local-chain.ts";
import { type Market, startMarket } from "../../src/world/market.ts";

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
/** One whole deposit coin, 6 decimals. */
export const USDC = 10n ** 6n;
/** One whole share, ether or D18 unit. */
export const WHOLE = 10n ** 18n;

/**
 * Round prices and deep pools. In order: a coin of 8 decimals, ether, then 18 decimals against USDC with a feed, 6
 * against USDC without one, 18 against WETH without, 8 against WETH with a feed, and a token that returns nothing.
 */
export const COINS: readonly CoinSpec[] = [
  { coinId: "bitcoin", symbol: "BTC", priceUsd: 50_000, volumeUsd: 2e10, quote: "USDC", hasFeed: true },
  { coinId: "ethereum", symbol: "ETH", priceUsd: 4000, volumeUsd: 2e10 },
  { coinId: "alpha", symbol: "ALP", priceUsd: 20, volumeUsd: 1e10, decimals: 18, quote: "USDC", hasFeed: true },
  { coinId: "beta", symbol: "BET", priceUsd: 2, volumeUsd: 1e10, decimals: 6, quote: "USDC", hasFeed: false },
  { coinId: "gamma", symbol: "GAM", priceUsd: 5, volumeUsd: 1e10, decimals: 18, quote: "WETH", hasFeed: false },
  { coinId: "delta", symbol: "DEL", priceUsd: 100, volumeUsd: 1e10, decimals: 8, quote: "WETH", hasFeed: true },
  { coinId: "binancecoin", symbol: "BNB", priceUsd: 500, volumeUsd: 1e10, decimals: 18, quote: "USDC", hasFeed: true },
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

export type Leg = {
  readonly sold: number;
  readonly bought: number;
  readonly pool: Address;
  readonly amount: bigint; // {tok}
  readonly minimum: bigint; // {tok}
};

export type Target = {
  readonly id: bigint;
  readonly regime: 0 | 1;
  readonly weightsHash: Hex;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint; // D18{1}
  readonly validFrom: bigint; // {s}
  readonly validUntil: bigint; // {s}
};

export type Weights = { assets: number[]; parts: number[] };

/** A target with what belongs to it. */
export type Signed = { readonly target: Target; readonly weights: Weights; readonly signature: Hex };

/** What differs from the ordinary in a target that a test makes. */
export type TargetChange = Partial<Target> & {
  readonly chainId?: number;
  readonly verifyingContract?: Address;
  readonly signer?: AccountName;
};

export type Fixture = Awaited<ReturnType<typeof openFixture>>;

/** EIP-712 types of a target. */
export const TARGET_TYPES = {
  Target: [
    { name: "id", type: "uint64" },
    { name: "regime", type: "uint8" },
    { name: "weightsHash", type: "bytes32" },
    { name: "decisionHash", type: "bytes32" },
    { name: "membershipRoot", type: "bytes32" },
    { name: "twinLevel", type: "uint256" },
    { name: "validFrom", type: "uint64" },
    { name: "validUntil", type: "uint64" },
  ],
} as const;

/** A market and a fund on it, an hour before {@link MONDAY}; every person has 10,000,000 USDC, approved to the vault. */
export async function openFixture(coins: readonly CoinSpec[] = COINS) {
  const market = await startMarket({ at: unixSeconds(MONDAY - HOUR), coins });
  const fund = await openFund(market);
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
    rebalancer: await ethers.getContractAt("Rebalancer", at.rebalancer),
    oracle: await ethers.getContractAt("PriceOracle", at.oracle),
    venue: await ethers.getContractAt("UniswapV3Venue", at.venue),
    lens: await ethers.getContractAt("VaultLens", at.lens),
    gateway: await ethers.getContractAt("DepositGateway", at.gateway),
    manager: await ethers.getContractAt("AccessManager", at.accessManager),
    usdc: await ethers.getContractAt("MockToken", ethers.getAddress(market.usdc)),
    weth: await ethers.getContractAt("MockToken", ethers.getAddress(market.weth)),
  };
  for (const name of ["alice", "bob", "carol", "dave"] as const) {
    await market.give("usd-coin", market.chain.accounts[name].address, tokenUnits(10_000_000n * USDC));
    await fixture.usdc.connect(people[name]).approve(at.vault, 2n ** 255n);
  }
  return fixture;
}

/** Opens one fixture for a file and gives every test the same state: what `before` made, and nothing of other tests. */
export function useFixture(arrange: (fixture: Fixture) => Promise<unknown> = () => Promise.resolve()): () => Fixture {
  let fixture: Fixture | undefined;
  const get = (): Fixture => {
    if (fixture === undefined) throw new TypeError("The fixture opens in `before`: read it inside a test.");
    return fixture;
  };
  before(async function () {
    this.timeout(60_000);
    fixture = await openFixture();
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
    this.timeout(60_000);
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

/* TIME */

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

/* TARGETS */

export function weightsOf(fixture: Fixture, parts: WeightsByCoin): Weights {
  const pairs = Object.entries(parts).map(([coinId, part]) => [fixture.fund.indexOf(coinId), part] as const);
  const ordered = pairs.toSorted((a, b) => a[0] - b[0]);
  return { assets: ordered.map(([asset]) => asset), parts: ordered.map(([, part]) => part) };
}

export function hashOf({ assets, parts }: Weights): Hex {
  return keccak256(encodeAbiParameters([{ type: "uint8[]" }, { type: "uint24[]" }], [assets, parts]));
}

/** A target for now, valid for six days, with the lowest id that is free this week. */
export async function sign(
  fixture: Fixture,
  regime: "bear" | "bull",
  { weights, change = {} }: { readonly weights: Weights; readonly change?: TargetChange },
): Promise<Signed> {
  const { accounts, now: clock } = fixture.market.chain;
  const time = BigInt(await clock());
  const first = ((time - 345_600n) / 604_800n) * 8n;
  const pending = await fixture.rebalancer.pending();
  const newest = [await fixture.rebalancer.lastId(), pending.id].reduce((a, b) => (a > b ? a : b));
  const { chainId = 31_337, verifyingContract, signer = "signer", ...facts } = change;
  const target: Target = {
    id: newest < first ? first : newest + 1n,
    regime: regime === "bull" ? 1 : 0,
    weightsHash: hashOf(weights),
    decisionHash: keccak256("0x01"),
    membershipRoot: keccak256("0x02"),
    twinLevel: 1000n * WHOLE,
    validFrom: time,
    validUntil: time + 518_400n, // 6 days
    ...facts,
  };
  const signature = await accounts[signer].signTypedData({
    domain: {
      name: "TM Global 100",
      version: "1",
      chainId,
      verifyingContract: verifyingContract ?? fixture.fund.addresses.rebalancer,
    },
    types: TARGET_TYPES,
    primaryType: "Target",
    message: target,
  });
  return { target, weights, signature };
}

/** Signs and publishes. */
export async function publish(
  fixture: Fixture,
  regime: "bear" | "bull",
  parts: WeightsByCoin = regime === "bull" ? BULL : BEAR,
): Promise<Signed> {
  const signed = await sign(fixture, regime, { weights: weightsOf(fixture, parts) });
  await send(fixture, signed);
  return signed;
}

/** Hands a signed target in, from an account without any role. */
export function send({ rebalancer, people }: Fixture, { target, weights, signature }: Signed) {
  return rebalancer.connect(people.stranger).publish(target, weights, signature);
}

/* LEGS */

/** The token of a coin as events show it. */
export function tokenOf({ ethers, market }: Fixture, coinId: string): string {
  return ethers.getAddress(market.coin(coinId === "transit" ? "ethereum" : coinId).token);
}

export function poolOf(fixture: Fixture, coinId: string): Address {
  return deepPool(fixture.market.coin(coinId)).address;
}

/** A leg between two coins by their ids; "transit" is wrapped ether on its way. The pool is the coin's that has one. */
export function leg(fixture: Fixture, [sold, bought]: readonly [string, string], amount: bigint, minimum = 0n): Leg {
  const indexOf = (coinId: string): number => (coinId === "transit" ? TRANSIT : fixture.fund.indexOf(coinId));
  const named = [bought, sold].map((coinId) => (coinId === "transit" ? "ethereum" : coinId));
  const own = named.filter((coinId) => coinId !== "usd-coin" && coinId !== "ethereum")[0];
  return {
    sold: indexOf(sold),
    bought: indexOf(bought),
    pool: poolOf(fixture, own ?? "ethereum"),
    amount,
    minimum,
  };
}

/** What a coin is bought with and sold into. */
export function quoteOf(fixture: Fixture, coinId: string): "transit" | "usd-coin" {
  const isDirect =
    coinId === "transit" || coinId === "ethereum" || deepPool(fixture.market.coin(coinId)).quote === "USDC";
  return isDirect ? "usd-coin" : "transit";
}

/** {tok} What the books say of a coin. */
export async function held(fixture: Fixture, coinId: string): Promise<bigint> {
  const index = coinId === "transit" ? TRANSIT : fixture.fund.indexOf(coinId);
  return (await fixture.vault.balances(1n << BigInt(index)))[index] ?? 0n;
}

export function execute(fixture: Fixture, { target, weights }: Signed, legs: readonly Leg[], first = 0) {
  const { rebalancer, people } = fixture;
  return rebalancer.connect(people.keeper).execute(target, weights, [...legs], first, { gasLimit: GAS_CAP });
}

export function executeAndFinish(fixture: Fixture, { target, weights }: Signed, legs: readonly Leg[], first = 0) {
  const { rebalancer, people } = fixture;
  return rebalancer.connect(people.keeper).executeAndFinish(target, weights, [...legs], first, { gasLimit: GAS_CAP });
}

export function finish({ rebalancer, people }: Fixture, { target, weights }: Signed) {
  return rebalancer.connect(people.keeper).finish(target, weights, { gasLimit: GAS_CAP });
}

/** Legs that spend `usdc` in the proportions of the weights: first all that is bought with USDC, wrapped ether too. */
export function buysWithUsdc(fixture: Fixture, parts: WeightsByCoin, usdc: bigint): Leg[] {
  const part = (coinIds: string[]): bigint => coinIds.reduce((sum, id) => sum + BigInt(parts[id] ?? 0), 0n);
  const coins = Object.keys(parts).filter((coinId) => coinId !== "usd-coin");
  const direct = coins.filter((coinId) => quoteOf(fixture, coinId) === "usd-coin");
  const routed = coins.filter((coinId) => quoteOf(fixture, coinId) === "transit");
  const legs = direct.map((id) => leg(fixture, ["usd-coin", id], (usdc * part([id])) / 1_000_000n));
  if (routed.length === 0) return legs;
  return [leg(fixture, ["usd-coin", "transit"], (usdc * part(routed)) / 1_000_000n), ...legs];
}

/** Legs that spend all wrapped ether in transit but one unit, in the proportions of the weights. */
export async function buysWithTransit(fixture: Fixture, parts: WeightsByCoin): Promise<Leg[]> {
  const coins = Object.keys(parts).filter((id) => id !== "usd-coin" && quoteOf(fixture, id) === "transit");
  if (coins.length === 0) return [];
  const total = coins.reduce((sum, coinId) => sum + BigInt(parts[coinId] ?? 0), 0n);
  const transit = (await held(fixture, "transit")) - 1n;
  const amounts = coins.map((coinId) => (transit * BigInt(parts[coinId] ?? 0)) / total);
  const rest = transit - amounts.reduce((sum, amount) => sum + amount, 0n);
  return coins.map((id, place) => leg(fixture, ["transit", id], (amounts[place] ?? 0n) + (place === 0 ? rest : 0n)));
}

/** Legs that sell all of the coins but one unit each. */
export async function sales(fixture: Fixture, coinIds: readonly string[]): Promise<Leg[]> {
  return Promise.all(
    coinIds.map(async (id) => leg(fixture, [id, quoteOf(fixture, id)], (await held(fixture, id)) - 1n)),
  );
}

/* SITUATIONS */

/** Requests a deposit for a person, who is owner and controller. */
export function requestDeposit(fixture: Fixture, name: AccountName, usdc: bigint) {
  const person = fixture.people[name];
  return fixture.vault.connect(person).requestDeposit(usdc, person.address, person.address);
}

export function requestRedeem(fixture: Fixture, name: AccountName, shares: bigint) {
  const person = fixture.people[name];
  return fixture.vault.connect(person).requestRedeem(shares, person.address, person.address);
}

/** Requests, strikes and claims at once, in a fund that is wholly in stablecoins. */
export async function depositNow(fixture: Fixture, name: AccountName, usdc: bigint): Promise<void> {
  const { people, rebalancer, vault } = fixture;
  await requestDeposit(fixture, name, usdc);
  await rebalancer.connect(people.stranger).strikeInStablecoins();
  await vault.connect(people[name]).deposit(usdc, people[name].address, people[name].address);
}

/** Publishes a bull target and waits for its veto delay. */
export async function publishBull(fixture: Fixture, parts: WeightsByCoin = BULL): Promise<Signed> {
  const signed = await publish(fixture, "bull", parts);
  await advanceBy(fixture, VETO_DELAY);
  return signed;
}

/** From stablecoins into the weights, to the end of the rebalance. */
export async function enterBull(fixture: Fixture, usdc: bigint, parts: WeightsByCoin = BULL): Promise<Signed> {
  const signed = await publishBull(fixture, parts);
  const first = buysWithUsdc(fixture, parts, usdc);
  await execute(fixture, signed, first);
  await executeAndFinish(fixture, signed, await buysWithTransit(fixture, parts), first.length);
  return signed;
}

/** A fund on {@link MONDAY} noon that alice brought 1,000,000 USDC and that is in {@link BULL}. Alice has her shares. */
export async function investedFund(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await advanceTo(fixture, MONDAY + 60);
  await enterBull(fixture, 1_000_000n * USDC);
}

/* READING */

type Sent = { readonly wait: () => Promise<unknown> };
type Receipt = { readonly gasUsed: bigint; readonly logs: readonly { topics: readonly string[]; data: string }[] };

/** Arguments of every line of a name that a transaction wrote, by the arguments' names. */
export async function linesOf(
  { vault }: Fixture,
  sent: Sent,
  name: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { logs } = (await sent.wait()) as Receipt;
  const parsed = logs.map((log) => vault.interface.parseLog({ topics: [...log.topics], data: log.data }));
  return parsed.filter((line) => line?.name === name).map((line) => line?.args.toObject() ?? {});
}

/** Why the legs of a transaction were left out, in their order. */
export async function reasonsOf(fixture: Fixture, sent: Sent): Promise<readonly unknown[]> {
  return (await linesOf(fixture, sent, "LegSkipped")).map((line) => line["reason"]);
}

export async function gasOf(sent: Sent): Promise<bigint> {
  return ((await sent.wait()) as Receipt).gasUsed;
}

/* BAD FAITH */

/** Calls as a contract of the fund would. */
export async function as(fixture: Fixture, contract: { readonly getAddress: () => Promise<string> }) {
  const { networkHelpers } = fixture.market.chain.connection;
  const address = await contract.getAddress();
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, WHOLE);
  return fixture.ethers.getSigner(address);
}

/** Gives a coin's token the code of a mock; its balances stay. */
export async function giveCode(
  fixture: Fixture,
  coinId: string,
  mock: "CallbackToken" | "FreezableToken" | "GasBurningToken",
): Promise<void> {
  const { ethers, market } = fixture;
  const { symbol, decimals, token } = market.coin(coinId);
  const factory = await ethers.getContractFactory(mock as "CallbackToken");
  const template = await factory.deploy(coinId, symbol, decimals);
  const code = await ethers.provider.getCode(template);
  await market.chain.connection.networkHelpers.setCode(token, code);
}

/** Swaps until a coin's price in its USDC pool is multiplied by the square of a ratio; its feed stays. */
export async function pushPool(fixture: Fixture, coinId: string, [over, under]: readonly [bigint, bigint]) {
  const { ethers, market, weth } = fixture;
  const { address, quoteIsToken1 } = deepPool(market.coin(coinId));
  const pool = new ethers.Contract(address, POOL_ABI, ethers.provider);
  const [sqrtPriceX96] = (await pool.getFunction("slot0")()) as [bigint];
  const next = quoteIsToken1 ? (sqrtPriceX96 * over) / under : (sqrtPriceX96 * under) / over;
  const arbitrageur = await ethers.deployContract("Arbitrageur", [weth]);
  await arbitrageur.moveTo([address], [next]);
}

/** A second pool of a coin against USDC, at 1:1 raw units, with next to no liquidity in a narrow range. */
export async function thinPool({ market, ethers, usdc, people }: Fixture, coinId: string): Promise<string> {
  const { positionManager, factory } = market.uniswap;
  const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
  const [token0, token1] = [await token.getAddress(), await usdc.getAddress()].toSorted((a, b) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  );
  const fee = 10_000;
  const positions = new ethers.Contract(positionManager, POSITIONS_ABI, people.maker);
  const send = (name: string, args: unknown[]): Promise<unknown> => positions.getFunction(name)(...args);
  await send("createAndInitializePoolIfNecessary", [token0, token1, fee, 2n ** 96n]);
  const amounts = [1000, 1000, 0, 0];
  await send("mint", [[token0, token1, fee, -200, 200, ...amounts, people.maker.address, 10n ** 12n]]);
  const pools = new ethers.Contract(factory, FACTORY_ABI, people.maker);
  return (await pools.getFunction("getPool")(token0, token1, fee)) as string;
}

const POSITIONS_ABI = [
  "function createAndInitializePoolIfNecessary(address, address, uint24, uint160) payable returns (address)",
  "function mint((address, address, uint24, int24, int24, uint256, uint256, uint256, uint256, address, uint256)) payable",
];
const POOL_ABI = ["function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)"];
const FACTORY_ABI = ["function getPool(address, address, uint24) view returns (address)"];

function deepPool(coin: Coin): NonNullable<Coin["pool"]> {
  if (coin.pool === undefined) throw new TypeError(`${coin.coinId} has no pool`);
  return coin.pool;
}
