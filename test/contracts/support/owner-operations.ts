// Turns what an owner can do in time into calls, by words.
import { type Interface } from "ethers";

import { type Fixture } from "./fixture.ts";
import { poolOf } from "./rebalance.ts";
import { newToken } from "./tokens.ts";

/** {s} 9 × 86,400. */
export const NINE_DAYS = 777_600;

export const [ADMIN, KEEPER, GUARDIAN] = [0n, 1n, 2n] as const;
const SIGNER = 3n;

/** A call of the owner. */
export type Operation = { readonly target: string; readonly data: string };

export async function ofManager({ manager }: Fixture, name: string, args: readonly unknown[]): Promise<Operation> {
  const abi: Interface = manager.interface;
  return { target: await manager.getAddress(), data: abi.encodeFunctionData(name, args) };
}

async function ofVenue(data: string, venue: Fixture["venue"]): Promise<Operation> {
  return { target: await venue.getAddress(), data };
}

/** What an owner can do in time, by words. */
export const OPERATIONS: Readonly<Record<string, (fixture: Fixture) => Promise<Operation>>> = {
  "grant a role": (fixture) => ofManager(fixture, "grantRole", [KEEPER, fixture.people.stranger.address, 0]),
  "name another admin": (fixture) =>
    ofManager(fixture, "grantRole", [ADMIN, fixture.people.stranger.address, NINE_DAYS]),
  "revoke a role": (fixture) => ofManager(fixture, "revokeRole", [SIGNER, fixture.people.signer.address]),
  "revoke its own role": (fixture) => ofManager(fixture, "revokeRole", [ADMIN, fixture.people.owner.address]),
  "label a role": (fixture) => ofManager(fixture, "labelRole", [KEEPER, "anything"]),
  "name a role's guardian": (fixture) => ofManager(fixture, "setRoleGuardian", [KEEPER, GUARDIAN]),
  "set a grant delay": (fixture) => ofManager(fixture, "setGrantDelay", [KEEPER, 1]),
  "set a target's admin delay": (fixture) =>
    ofManager(fixture, "setTargetAdminDelay", [fixture.fund.addresses.vault, 1]),
  "close a target": (fixture) => ofManager(fixture, "setTargetClosed", [fixture.fund.addresses.vault, true]),
  "list an asset": async (fixture) => {
    const { vault } = fixture;
    const token = await (await newToken(fixture)).getAddress();
    const data = vault.interface.encodeFunctionData("listAsset", [token, "new", false]);
    return { target: await vault.getAddress(), data };
  },
  "delist an asset": async ({ vault, fund }) => {
    const data = vault.interface.encodeFunctionData("delistAsset", [fund.indexOf("alpha")]);
    return { target: await vault.getAddress(), data };
  },
  "name bitcoin": async ({ vault, fund }) => {
    const data = vault.interface.encodeFunctionData("nameBitcoin", [fund.indexOf("dai")]);
    return { target: await vault.getAddress(), data };
  },
  "list a pool": async (fixture) => {
    const data = fixture.venue.interface.encodeFunctionData("listPool", [poolOf(fixture, "alpha")]);
    return { target: await fixture.venue.getAddress(), data };
  },
  "remove a pool": async (fixture) => {
    const data = fixture.venue.interface.encodeFunctionData("removePool", [poolOf(fixture, "alpha")]);
    return { target: await fixture.venue.getAddress(), data };
  },
  "raise fees": async ({ vault, people }) => {
    const data = vault.interface.encodeFunctionData("raiseFees", [200, 50, people.stranger.address]);
    return { target: await vault.getAddress(), data };
  },
  "raise the deposit cap": async ({ vault }) => {
    const data = vault.interface.encodeFunctionData("raiseDepositCap", [2n ** 96n - 1n]);
    return { target: await vault.getAddress(), data };
  },
  "raise a price limit": ({ venue, fund }) => {
    return ofVenue(venue.interface.encodeFunctionData("raiseLimit", [fund.indexOf("alpha"), 400]), venue);
  },
  "reopen a pool": async (fixture) => {
    const { venue, people } = fixture;
    const pool = poolOf(fixture, "alpha");
    await venue.connect(people.guardian).closePool(pool);
    return ofVenue(venue.interface.encodeFunctionData("reopenPool", [pool]), venue);
  },
  "reopen an asset": async ({ venue, fund, people }) => {
    const alpha = fund.indexOf("alpha");
    await venue.connect(people.guardian).closeAsset(alpha);
    return ofVenue(venue.interface.encodeFunctionData("reopenAsset", [alpha]), venue);
  },
  "set a price source": async (fixture) => {
    const { oracle, fund } = fixture;
    const data = oracle.interface.encodeFunctionData("setPool", [fund.indexOf("gamma"), poolOf(fixture, "gamma"), 1]);
    return { target: await oracle.getAddress(), data };
  },
};
