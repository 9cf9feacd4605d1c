// Turns a kind of token into one that the vault can be asked to list.
import { PROBE_UNITS } from "../../../src/execute/deploy.ts";
import { type Fixture } from "./fixture.ts";

/** A new plain token of which the vault has the units that a listing tries. */
export async function newToken({ ethers, vault }: Pick<Fixture, "ethers" | "vault">, decimals = 18) {
  const token = await ethers.deployContract("MockToken", ["New", "NEW", decimals]);
  await token.mint(vault, PROBE_UNITS);
  return token;
}
