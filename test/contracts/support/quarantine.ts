// Turns a fund into one that holds a token that does not move.
import { type ContractTransactionResponse } from "ethers";

import { giveCode } from "./bad-faith.ts";
import { advanceBy, type Fixture, HOUR, MONDAY, refreshTo, USDC, type WeightsByCoin } from "./fixture.ts";
import { depositNow, enterBull } from "./situations.ts";

/** A token that can be stopped. */
type Freezable = { readonly freeze: () => Promise<unknown>; readonly thaw: () => Promise<unknown> };

/** Alpha is 5 %: more than may lack a price, which does not matter in quarantine. */
export const WEIGHTS: WeightsByCoin = { "usd-coin": 550_000, bitcoin: 400_000, alpha: 50_000 };

/** Alice brings 1,000,000 USDC, and the fund enters the weights. */
export async function invested(fixture: Fixture): Promise<void> {
  await depositNow(fixture, "alice", 1_000_000n * USDC);
  await refreshTo(fixture, MONDAY + 60);
  await enterBull(fixture, 1_000_000n * USDC, WEIGHTS);
}

/** Alpha's token, once it was given that code. */
export async function freezable({ ethers, market }: Fixture): Promise<Freezable> {
  return ethers.getContractAt("FreezableToken", market.coin("alpha").token);
}

/** From now on alpha does not move. */
export async function freeze(fixture: Fixture): Promise<void> {
  await giveCode(fixture, "alpha", "FreezableToken");
  await (await freezable(fixture)).freeze();
}

/** Anybody lets the vault try to move a unit of alpha. */
export function probe({ rebalancer, people, fund }: Fixture): Promise<ContractTransactionResponse> {
  return rebalancer.connect(people.stranger).probe(fund.indexOf("alpha"));
}

/** Alpha does not move in two probes, an hour apart. */
export async function quarantine(fixture: Fixture): Promise<void> {
  await freeze(fixture);
  await probe(fixture);
  await advanceBy(fixture, HOUR);
  await probe(fixture);
}

/** Alpha alone as a set. */
export function bitOf({ fund }: Fixture): bigint {
  return 1n << BigInt(fund.indexOf("alpha"));
}
