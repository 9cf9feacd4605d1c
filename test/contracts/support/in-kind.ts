// Turns an invested fund into one that alice leaves in kind, with dave as the receiver.
import { type ContractTransactionResponse } from "ethers";

import { type Fixture, GAS_CAP, WHOLE } from "./fixture.ts";
import { held } from "./rebalance.ts";
import { investedFund } from "./situations.ts";

/** Everything that the invested fund holds. */
export const HELD = ["usd-coin", "bitcoin", "alpha", "beta", "gamma", "delta", "binancecoin"] as const;

/** A quarter of alice's shares, which are all. */
export const QUARTER = 250_000n * WHOLE;

/** Dave, the receiver of every exit, starts without coins. */
export async function leavableFund(fixture: Fixture): Promise<void> {
  await investedFund(fixture);
  const { usdc, people } = fixture;
  await usdc.connect(people.dave).transfer(people.stranger, await usdc.balanceOf(people.dave));
}

/** Alice leaves for dave. */
export function exit(
  fixture: Fixture,
  skipped: readonly string[] = [],
  shares = QUARTER,
): Promise<ContractTransactionResponse> {
  const { vault, people, fund } = fixture;
  const indexes = skipped.map((coinId) => fund.indexOf(coinId));
  return vault
    .connect(people.alice)
    .redeemInKind(shares, people.dave, people.alice, indexes, [], { gasLimit: GAS_CAP });
}

/** {tok} that dave has. */
export async function balanceOf({ ethers, market, people }: Fixture, coinId: string): Promise<bigint> {
  const token = await ethers.getContractAt("MockToken", market.coin(coinId).token);
  return token.balanceOf(people.dave);
}

/** {tok} that the books say of each. */
export function heldOf(fixture: Fixture, coinIds: readonly string[]): Promise<bigint[]> {
  return Promise.all(coinIds.map((coinId) => held(fixture, coinId)));
}
