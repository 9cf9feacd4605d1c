// Turns weights and amounts into signed targets and legs, and hands them to registry and rebalancer.
import { type Address, type Hex, encodeAbiParameters, keccak256 } from "viem";
import { type Coin } from "../../../src/world/coin.ts";
import { type ContractTransactionResponse } from "ethers";
import { type AccountName, BEAR, BULL, type Fixture, GAS_CAP, TRANSIT, type WeightsByCoin, WHOLE } from "./fixture.ts";

export type Leg = {
  readonly sold: number;
  readonly bought: number;
  readonly pool: Address;
  readonly amount: bigint; // {tok}
  readonly minimum: bigint; // {tok}
};

/** Legs from position 0 of the plan on, or from another. */
export type Batch = readonly Leg[] | { readonly first: number; readonly legs: readonly Leg[] };

type Target = {
  readonly id: bigint;
  readonly regime: 0 | 1;
  readonly weightsHash: Hex;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint; // D18{1}
  readonly validFrom: bigint; // {s}
  readonly validUntil: bigint; // {s}
};

export type Weights = { assets: number[]; parts: (number | bigint)[] };

/** A target with what belongs to it. */
export type Signed = { readonly target: Target; readonly weights: Weights; readonly signature: Hex };

/** What differs from the ordinary in a target that a test makes. */
export type TargetChange = Partial<Target> & {
  readonly chainId?: number;
  readonly verifyingContract?: Address;
  readonly signer?: AccountName;
};

/** EIP-712 types of a target. */
const TARGET_TYPES = {
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

export function weightsOf(fixture: Fixture, parts: WeightsByCoin): Weights {
  const pairs = Object.entries(parts).map(([coinId, part]) => [fixture.fund.indexOf(coinId), part] as const);
  const ordered = pairs.toSorted((a, b) => a[0] - b[0]);
  return { assets: ordered.map(([asset]) => asset), parts: ordered.map(([, part]) => part) };
}

function hashOf({ assets, parts }: Weights): Hex {
  const words = [assets.map(BigInt), parts.map(BigInt)] as const;
  return keccak256(encodeAbiParameters([{ type: "uint256[]" }, { type: "uint256[]" }], words));
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
  const pending = await fixture.registry.pending();
  const newest = [await fixture.registry.lastId(), pending.id].reduce((a, b) => (a > b ? a : b));
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
      verifyingContract: verifyingContract ?? fixture.fund.addresses.registry,
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
export function send(
  { registry, people }: Fixture,
  { target, weights, signature }: Signed,
): Promise<ContractTransactionResponse> {
  return registry.connect(people.stranger).publish(target, weights, signature);
}

/** The token of a coin as events show it. */
export function tokenOf({ ethers, market }: Fixture, coinId: string): string {
  return ethers.getAddress(market.coin(coinId === "transit" ? "ethereum" : coinId).token);
}

export function poolOf(fixture: Fixture, coinId: string): Address {
  return deepPool(fixture.market.coin(coinId)).address;
}

/** A leg between two coins by their ids; "transit" is wrapped ether on its way. The pool is the coin's that has one. */
export function leg(
  fixture: Fixture,
  [sold, bought]: readonly [string, string],
  trade: bigint | readonly [amount: bigint, minimum: bigint],
): Leg {
  const [amount, minimum] = typeof trade === "bigint" ? [trade, 0n] : trade;
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
  return (await fixture.vault.balances(1n << BigInt(index)))[0] ?? 0n;
}

/** Legs that continue a plan at a position. */
export function batchFrom(
  first: number,
  legs: readonly Leg[],
): { readonly first: number; readonly legs: readonly Leg[] } {
  return { first, legs };
}

/** Runs legs as the keeper, with all the gas that a transaction can have. */
export function execute(
  { rebalancer, people }: Fixture,
  { target, weights }: Signed,
  batch: Batch,
): Promise<ContractTransactionResponse> {
  const { legs, first } = "first" in batch ? batch : batchFrom(0, batch);
  return rebalancer.connect(people.keeper).execute(target, weights, [...legs], first, { gasLimit: GAS_CAP });
}

/** Runs legs and ends the rebalance. */
export function executeAndFinish(
  { rebalancer, people }: Fixture,
  { target, weights }: Signed,
  batch: Batch,
): Promise<ContractTransactionResponse> {
  const { legs, first } = "first" in batch ? batch : batchFrom(0, batch);
  return rebalancer.connect(people.keeper).executeAndFinish(target, weights, [...legs], first, { gasLimit: GAS_CAP });
}

export function finish(
  { rebalancer, people }: Fixture,
  { target, weights }: Signed,
): Promise<ContractTransactionResponse> {
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

export function deepPool(coin: Coin): NonNullable<Coin["pool"]> {
  if (coin.pool === undefined) throw new TypeError(`${coin.coinId} has no pool`);
  return coin.pool;
}
