// A fund that lives through many weeks: depositors come and go, a fee is taken, a token freezes.
import type { PublicClient } from "viem";

import { DEFAULT_PARAMETERS, type Parameters } from "../../src/config/schema.ts";
import { DAY, type IsoDate, addDays } from "../../src/core/time.ts";
import { type UnixSeconds, unixSeconds } from "../../src/core/units.ts";
import { depositGatewayAbi, indexVaultAbi } from "../../src/core/abi.ts";
import { contractsOf } from "../../src/execute/contracts.ts";
import {
  type Depositor,
  cancelRequest,
  claimDeposit,
  claimInKind,
  claimRedemption,
  depositAtOnce,
  redeemInKind,
  requestRedeem,
} from "../../src/execute/depositor.ts";
import { fetchOpenRequests } from "../../src/execute/read-requests.ts";
import { send } from "../../src/execute/send.ts";
import type { History } from "../../src/market/history.ts";
import type { LedgerSource } from "../../src/record/ledger.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { depositNew, giveCash, playWeeks } from "../../src/world/play.ts";
import { type WeekRecord, type World, senderOf } from "../../src/world/week.ts";

/** {tok} One USDC. */
const USDC = 10n ** 6n;
/** {s} */
const HOUR = 3600;

/** A life, with every week in it; the caller closes the world. */
export type Life = { readonly world: World; readonly weeks: readonly WeekRecord[]; readonly source: LedgerSource };

/** The published rules with fewer names: a week of 100 takes six times as long. */
function parametersOf(size: number): Parameters {
  const universe = { ...DEFAULT_PARAMETERS.universe, size, enterRank: size - 3, leaveRank: size + 3 };
  return { ...DEFAULT_PARAMETERS, universe };
}

/** What a fund lives through. */
export type Course = {
  readonly history: History;
  readonly from: IsoDate;
  readonly weeks: number;
  /** In the index. */
  readonly names: number;
  /** The token that freezes after twenty weeks, which the fund must hold then. */
  readonly freezing: string;
};

/** Lives through the weeks. */
export async function liveThrough({ history, from, weeks: count, names, freezing }: Course): Promise<Life> {
  const range = { from, to: addDays(from, 7 * count) };
  const weeks: WeekRecord[] = [];
  let world: World | undefined;
  const between = (now: World, done: number): Promise<void> => act({ ...now, freezing }, done, weeks.at(-1));
  for await (const step of playWeeks({ history, range, parameters: parametersOf(names), steps: 1, between })) {
    ({ world } = step);
    if (step.week !== undefined) weeks.push(step.week);
  }
  if (world === undefined) throw new TypeError("no week was played");
  const { chainId, block, addresses } = world.fund.deployment();
  const client = world.market.chain.publicClient as PublicClient;
  return { world, weeks, source: { client, chainId, vault: addresses.vault, fromBlock: BigInt(block) } };
}

/** A world, and the token in it that freezes. */
type Stage = World & { readonly freezing: string };

/** What happens once some weeks are over. */
async function act(world: Stage, done: number, week: WeekRecord | undefined): Promise<void> {
  await STORY.get(done)?.(world);
  // Every eighth week somebody comes, and what was struck is claimed.
  if (done % 8 === 3) await depositNew(world, "dave", 10_000n * USDC + BigInt(done));
  if (done % 8 === 5) await claimDeposit(depositorOf(world, "dave"));
  if (done % 16 === 14) await redeemPart(world, "dave", 3n);
  if (done % 16 === 0 && done > 0) await claimRedemption(depositorOf(world, "dave"));
  const isOut = week !== undefined && week.decision.regime === "bear" && week.unfinished === undefined;
  if (isOut && done % 5 === 0) await comeAndGoAtOnce(world, done);
}

const STORY: ReadonlyMap<number, (world: Stage) => Promise<unknown>> = new Map<
  number,
  (world: Stage) => Promise<unknown>
>([
  [0, (world) => depositNew(world, "alice", 1_000_000n * USDC)],
  [
    1,
    (world) =>
      inTurn(
        () => claimDeposit(depositorOf(world, "alice")),
        () => depositNew(world, "bob", 250_000n * USDC),
      ),
  ],
  [
    2,
    (world) =>
      inTurn(
        () => claimDeposit(depositorOf(world, "bob")),
        () => raiseFees(world),
      ),
  ],
  // Taken back before the cutoff, and asked for again in two epochs that are struck together.
  [
    4,
    (world) =>
      inTurn(
        () => depositNew(world, "carol", 70_000n * USDC),
        () => takeBack(world, "carol"),
      ),
  ],
  [5, (world) => depositNew(world, "carol", 90_000n * USDC)],
  [6, (world) => depositNew(world, "carol", 33_333_333_333n)],
  [
    7,
    (world) =>
      inTurn(
        () => redeemPart(world, "bob", 7n),
        () => takeBack(world, "bob"),
      ),
  ],
  [
    8,
    (world) =>
      inTurn(
        () => claimDeposit(depositorOf(world, "carol")),
        () => redeemPart(world, "bob", 5n),
      ),
  ],
  [
    9,
    (world) =>
      inTurn(
        () => claimRedemption(depositorOf(world, "bob")),
        () => giveShares(world, "alice", "stranger"),
      ),
  ],
  [20, (world) => freeze(world)],
  // Units of the frozen token for two redeemers, and an exit in kind that cannot deliver it.
  [
    21,
    (world) =>
      inTurn(
        () => redeemPart(world, "bob", 3n),
        () => redeemPart(world, "alice", 10n),
      ),
  ],
  [23, (world) => leaveInKind(world, "carol", 2n)],
  [24, (world) => credit(world, "bob")],
  [25, (world) => redeemPart(world, "bob", 4n)],
  [60, (world) => thaw(world)],
  [
    61,
    (world) =>
      inTurn(
        () => takeUnits(world, "carol"),
        () => takeUnits(world, "bob"),
        () => takeUnits(world, "alice"),
      ),
  ],
  [70, (world) => leaveInKind(world, "stranger", 1n)],
]);

async function inTurn(...acts: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const one of acts) await one();
}

function depositorOf(world: World, name: AccountName): Depositor {
  return { ...senderOf(world, name), deployment: world.fund.deployment() };
}

async function sharesOf({ market, fund }: World, name: AccountName): Promise<bigint> {
  const owner = market.chain.accounts[name].address;
  const call = { address: fund.addresses.vault, abi: indexVaultAbi, functionName: "balanceOf", args: [owner] } as const;
  return market.chain.publicClient.readContract(call);
}

async function redeemPart(world: World, name: AccountName, part: bigint): Promise<void> {
  await requestRedeem(depositorOf(world, name), (await sharesOf(world, name)) / part);
}

async function leaveInKind(world: World, name: AccountName, part: bigint): Promise<void> {
  await redeemInKind(depositorOf(world, name), (await sharesOf(world, name)) / part);
}

async function takeBack(world: World, name: AccountName): Promise<void> {
  const depositor = depositorOf(world, name);
  for (const open of await fetchOpenRequests(depositor, depositor.wallet.account.address)) {
    await cancelRequest(depositor, open);
  }
}

async function raiseFees(world: World): Promise<void> {
  const { vault } = contractsOf(world.fund.deployment());
  const args = [200, 50, world.market.chain.accounts.owner.address];
  await send(senderOf(world, "owner"), { ...vault, functionName: "raiseFees", args, action: "raise the fees" });
}

/** Outside of the ledger's lines. */
async function giveShares(world: World, from: AccountName, to: AccountName): Promise<void> {
  const { vault } = contractsOf(world.fund.deployment());
  const args = [world.market.chain.accounts[to].address, (await sharesOf(world, from)) / 10n];
  await send(senderOf(world, from), { ...vault, functionName: "transfer", args, action: "give shares away" });
}

/** Through the gateway, which deposits and redeems in its own name. */
async function comeAndGoAtOnce(world: World, done: number): Promise<void> {
  const carol = depositorOf(world, "carol");
  await giveCash(world, "carol", 5_000n * USDC + BigInt(done));
  await depositAtOnce(carol, 5_000n * USDC + BigInt(done));
  const { vault } = contractsOf(carol.deployment);
  const { gateway } = carol.deployment.addresses;
  const shares = (await sharesOf(world, "carol")) / 9n;
  await send(carol, { ...vault, functionName: "approve", args: [gateway, shares], action: "approve" });
  const args = [shares, carol.wallet.account.address, 0n];
  await send(carol, {
    address: gateway,
    abi: depositGatewayAbi,
    functionName: "redeem",
    args,
    action: "leave at once",
  });
}

/** Two probes an hour apart begin the quarantine. */
async function freeze(world: Stage): Promise<void> {
  await world.market.freezeToken(world.freezing);
  await probe(world);
  await later(world, 2 * HOUR);
  await probe(world);
}

async function thaw(world: Stage): Promise<void> {
  await world.market.thawToken(world.freezing);
  await probe(world);
}

async function probe(world: Stage): Promise<void> {
  const { rebalancer } = contractsOf(world.fund.deployment());
  const args = [world.fund.indexOf(world.freezing)];
  await send(senderOf(world, "stranger"), { ...rebalancer, functionName: "probe", args, action: "probe the token" });
}

async function later({ market }: World, seconds: number): Promise<UnixSeconds> {
  const time = unixSeconds((await market.chain.now()) + seconds);
  await market.chain.advanceTo(time);
  return time;
}

async function credit(world: World, name: AccountName): Promise<void> {
  const { vault } = contractsOf(world.fund.deployment());
  const args = [world.market.chain.accounts[name].address];
  await send(senderOf(world, "stranger"), { ...vault, functionName: "creditInKind", args, action: "credit the units" });
}

async function takeUnits(world: Stage, name: AccountName): Promise<void> {
  await claimInKind(depositorOf(world, name), world.fund.indexOf(world.freezing));
}

/** Nobody trades for 22 days; then a stranger sells coins, one after the other, as anybody may. */
export async function abandon(world: World, coinIds: readonly string[]): Promise<void> {
  const { market, fund } = world;
  const at = unixSeconds((await market.chain.now()) + 22 * DAY);
  await market.moveTo({ prices: new Map(), at, steps: 1 });
  const { rebalancer } = contractsOf(fund.deployment());
  for (const coinId of coinIds) {
    const call = { ...rebalancer, functionName: "exitAbandoned", args: [market.coin(coinId).token] };
    await send(senderOf(world, "stranger"), { ...call, action: `sell ${coinId}` });
  }
}
