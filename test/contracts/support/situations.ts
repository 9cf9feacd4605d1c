// Turns a new fund into one that somebody has money in, or that holds assets.
import { type ContractTransactionResponse } from "ethers";
import { unixSeconds } from "../../../src/core/units.ts";
import {
  type AccountName,
  advanceBy,
  advanceTo,
  BULL,
  type Fixture,
  MONDAY,
  now,
  USDC,
  VETO_DELAY,
  type WeightsByCoin,
  WHOLE,
} from "./fixture.ts";
import {
  buysWithTransit,
  buysWithUsdc,
  execute,
  executeAndFinish,
  batchFrom,
  publish,
  type Signed,
} from "./rebalance.ts";

/** Requests a deposit for a person, who is owner and controller. */
export function requestDeposit(
  fixture: Fixture,
  name: AccountName,
  usdc: bigint,
): Promise<ContractTransactionResponse> {
  const person = fixture.people[name];
  return fixture.vault.connect(person).requestDeposit(usdc, person.address, person.address);
}

export function requestRedeem(
  fixture: Fixture,
  name: AccountName,
  shares: bigint,
): Promise<ContractTransactionResponse> {
  const person = fixture.people[name];
  return fixture.vault.connect(person).requestRedeem(shares, person.address, person.address);
}

/** Requests, strikes and claims at once, in a fund that is wholly in stablecoins. */
export async function depositNow(fixture: Fixture, name: AccountName, usdc: bigint): Promise<void> {
  const { people, rebalancer, vault } = fixture;
  await requestDeposit(fixture, name, usdc);
  await rebalancer.connect(people.stranger).strikeInStablecoins();
  await vault
    .connect(people[name])
    ["deposit(uint256,address,address)"](usdc, people[name].address, people[name].address);
}

/**
 * Alice and bob bring 1,000,000 USDC each; bob burns 500,000 of his shares and leaves all cash to the others:
 * NAV 2,000,000 USD, supply 1,500,000 shares, 4/3 USD a share.
 */
export async function shareAtFourThirds(fixture: Fixture): Promise<void> {
  const { vault, people } = fixture;
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await depositNow(fixture, "bob", 1_000_000n * USDC);
  await vault.connect(people.bob).redeemInKind(500_000n * WHOLE, people.bob, people.bob, [0], []);
}

/** DAI comes back to a dollar: it starts at 0.98, where nobody may buy it. */
export async function pegDai(fixture: Fixture): Promise<void> {
  const at = unixSeconds((await now(fixture)) + 900);
  await fixture.market.moveTo({ prices: new Map([["dai", 1]]), at, steps: 1 });
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
  await executeAndFinish(fixture, signed, batchFrom(first.length, await buysWithTransit(fixture, parts)));
  return signed;
}

/** A fund in stablecoins, a minute into {@link MONDAY}, that alice brought 1,000,000 USDC. */
export async function cashFund(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await advanceTo(fixture, MONDAY + 60);
}

/** A fund on {@link MONDAY} noon that alice brought 1,000,000 USDC and that is in {@link BULL}. Alice has her shares. */
export async function investedFund(fixture: Fixture): Promise<void> {
  await cashFund(fixture);
  await enterBull(fixture, 1_000_000n * USDC);
}
