// Turns the demo's story into scenes: depositors who come and go between the weeks.
import { decimalString } from "../core/units.ts";
import { indexVaultAbi } from "../core/abi.ts";
import { claimDeposit, claimRedemption, depositAtOnce, redeemInKind, requestRedeem } from "../execute/depositor.ts";
import { type Script, depositNew, giveCash, openNextWeek, playWeeks } from "./play.ts";
import type { AccountName } from "./dev-accounts.ts";
import { type WeekRecord, type World, senderOf } from "./week.ts";

/** A week that is over, or something that a depositor did. */
export type Scene = { readonly world: World; readonly week?: WeekRecord; readonly event?: string };

/** What happens once some weeks are over; gives back words for it. */
type Act = (world: World) => Promise<string>;

/** {tok} One USDC. */
const USDC = 10n ** 6n;

/** By the number of weeks that are over. */
const STORY: ReadonlyMap<number, readonly Act[]> = new Map([
  [0, [(world) => comes(world, "alice", 1_000_000n * USDC)]],
  [1, [(world) => claims(world, "alice"), (world) => comes(world, "bob", 250_000n * USDC)]],
  [2, [(world) => claims(world, "bob")]],
  [8, [(world) => comesAtOnce(world, "carol", 100_000n * USDC)]],
  [16, [(world) => leaves(world, "bob")]],
  [17, [(world) => takesMoney(world, "bob")]],
  [19, [(world) => leavesInKind(world, "alice")]],
]);

/** Plays a script with the demo's depositors. The caller closes the world. */
export async function* playDemo(script: Omit<Script, "between">): AsyncGenerator<Scene> {
  const told: string[] = [];
  const between = async (world: World, weeksDone: number): Promise<void> => {
    for (const act of STORY.get(weeksDone) ?? []) told.push(await act(world));
  };
  for await (const { world, week } of playWeeks({ ...script, between })) {
    for (const event of told.splice(0)) yield { world, event };
    if (week !== undefined) yield { world, week };
  }
}

/**
 * Opens the week after the story, for a person to go on: carol's new money waits to be invested, so that there is
 * something to trade, and dave has coins to deposit.
 */
export async function prepareNextWeek(world: World, script: Omit<Script, "between">): Promise<void> {
  await depositNew(world, "carol", 20_000n * USDC);
  await giveCash(world, "dave", 50_000n * USDC);
  await openNextWeek(world, script);
}

async function comes(world: World, name: AccountName, amount: bigint): Promise<string> {
  await depositNew(world, name, amount);
  return `${name} asks to deposit ${dollars(amount)} USDC; it is struck at the next start`;
}

async function comesAtOnce(world: World, name: AccountName, amount: bigint): Promise<string> {
  await giveCash(world, name, amount);
  await depositAtOnce(depositorOf(world, name), amount);
  return `${name} deposits ${dollars(amount)} USDC and has ${await sharesOf(world, name)} shares at once: all is in stablecoins`;
}

async function claims(world: World, name: AccountName): Promise<string> {
  await claimDeposit(depositorOf(world, name));
  return `${name} claims ${await sharesOf(world, name)} shares`;
}

async function leaves(world: World, name: AccountName): Promise<string> {
  const shares = await sharesOf(world, name);
  await requestRedeem(depositorOf(world, name), await balanceOf(world, name));
  return `${name} hands in ${shares} shares; they are struck at the next finish`;
}

async function takesMoney(world: World, name: AccountName): Promise<string> {
  const { market, fund } = world;
  const { usdc } = market;
  const owner = market.chain.accounts[name].address;
  const read = { address: usdc, abi: indexVaultAbi, functionName: "balanceOf", args: [owner] } as const;
  const before = await market.chain.publicClient.readContract(read);
  await claimRedemption({ ...senderOf(world, name), deployment: fund.deployment() });
  return `${name} leaves with ${dollars((await market.chain.publicClient.readContract(read)) - before)} USDC`;
}

async function leavesInKind(world: World, name: AccountName): Promise<string> {
  const receipt = await redeemInKind(depositorOf(world, name), await balanceOf(world, name));
  const transfers = receipt.logs.filter(
    ({ address }) => address.toLowerCase() !== world.fund.addresses.vault.toLowerCase(),
  );
  return `${name} leaves in kind with ${transfers.length} tokens, ${receipt.gasUsed.toLocaleString("en-US")} gas`;
}

function depositorOf(world: World, name: AccountName) {
  return { ...senderOf(world, name), deployment: world.fund.deployment() };
}

async function balanceOf({ market, fund }: World, name: AccountName): Promise<bigint> {
  return market.chain.publicClient.readContract({
    address: fund.addresses.vault,
    abi: indexVaultAbi,
    functionName: "balanceOf",
    args: [market.chain.accounts[name].address],
  });
}

async function sharesOf(world: World, name: AccountName): Promise<string> {
  return Math.floor(Number(decimalString(await balanceOf(world, name), 18))).toLocaleString("en-US");
}

function dollars(amount: bigint): string {
  return (amount / USDC).toLocaleString("en-US");
}
