// Turns a kind of token into one that the vault can be asked to list.
import { PROBE_UNITS } from "../../../src/execute/deploy.ts";
import { giveCode } from "./bad-faith.ts";
import { type Fixture } from "./fixture.ts";
import { tokenOf } from "./rebalance.ts";

/** A new plain token of which the vault has the units that a listing tries. */
export async function newToken(
  { ethers, vault }: Pick<Fixture, "ethers" | "vault">,
  decimals = 18,
): Promise<Fixture["usdc"]> {
  const token = await ethers.deployContract("MockToken", ["New", "NEW", decimals]);
  await token.mint(vault, PROBE_UNITS);
  return token;
}

/** Oddities in the order of QuirkToken's enumeration. */
export const QUIRKS = [
  "none",
  "returns false",
  "refuses zero",
  "returns much",
  "takes a fee",
  "has a dear balance",
  "blocks",
] as const;

export type QuirkName = (typeof QUIRKS)[number];

/** Gives a coin's token an oddity while it is in use. */
export async function becomeOdd(fixture: Fixture, coinId: string, quirk: QuirkName): Promise<void> {
  await giveCode(fixture, coinId, "QuirkToken");
  const token = await fixture.ethers.getContractAt("QuirkToken", tokenOf(fixture, coinId));
  await token.become(QUIRKS.indexOf(quirk));
}

/** Has a coin's token block an account from now on, both ways. */
export async function blockAccount(fixture: Fixture, coinId: string, account: string): Promise<void> {
  await becomeOdd(fixture, coinId, "blocks");
  const token = await fixture.ethers.getContractAt("QuirkToken", tokenOf(fixture, coinId));
  await token.block_(account);
}
