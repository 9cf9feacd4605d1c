// Turns a line of the ledger into one sentence with symbols and whole units.
import type { Deployment } from "../execute/deployment.ts";
import { CASH } from "../plan/holdings.ts";
import type { LedgerLine, LineEvent, LineValue } from "../record/lines.ts";
import { SHARE, formatAmount, formatTime, formatUsd } from "./amounts.ts";

/** How an amount of a token is written. */
type Coin = { readonly symbol: string; readonly decimals: number };

/** Coins by token in lower case; the empty key stands for the deposit coin. */
export type Coins = ReadonlyMap<string, Coin>;

type Args = LedgerLine["args"];

/** The coins of a deployment, and of a ledger's own lines where the deployment does not know them. */
export function coinsOf({ assets }: Pick<Deployment, "assets">, lines: readonly LedgerLine[]): Coins {
  const listed = lines.filter(({ event }) => event === "AssetListed").map(({ args }) => args);
  const known = assets.map((asset): [string, Coin] => [asset.token.toLowerCase(), asset]);
  const first = listed.find((args) => args["asset"] === String(CASH));
  const cash =
    assets.find(({ index }) => index === CASH) ??
    (first && { symbol: text(first["coinId"]), decimals: Number(first["decimals"]) });
  return new Map<string, Coin>([
    ...listed.map((args): [string, Coin] => [
      text(args["token"]),
      { symbol: text(args["coinId"]), decimals: Number(args["decimals"]) },
    ]),
    ...known,
    ...(cash === undefined ? [] : [["", cash] as const]),
  ]);
}

/** What happened, in words. */
export function wordsOfLine({ event, args }: LedgerLine, coins: Coins): string {
  return WORDS[event](args, coins);
}

const WORDS: Readonly<Record<LineEvent, (args: Args, coins: Coins) => string>> = {
  AssetListed: (args) => `listed ${text(args["coinId"])} as asset ${text(args["asset"])}`,
  AssetDelisted: (args, coins) => `delisted ${symbolOf(args["token"], coins)}, asset ${text(args["asset"])}`,
  TargetPublished: (args) =>
    `target ${text(args["id"])}, ${text(args["regime"])}, ${list(args["assets"]).length} assets, ` +
    `may start from ${formatTime(Number(args["executableAt"]))}`,
  LevelPublished: (args) =>
    `week ${text(args["week"])} in ${text(args["regime"])} without a rebalance, twin level ${ratio(args["twinLevel"])}`,
  TargetVetoed: (args) => `target ${text(args["id"])} withdrawn by guardian ${short(args["guardian"])}`,
  ExitBudgetRaised: (args) => `guardian ${short(args["guardian"])} raised the budget of exit ${text(args["id"])}`,
  RebalanceStarted: (args) =>
    `rebalance ${text(args["id"])} to ${text(args["regime"])} began at NAV ${usd(args["nav"])}`,
  LegExecuted: (args, coins) =>
    `leg ${text(args["position"])}: ${amountOf(args["amountSold"], args["sold"], coins)} -> ` +
    amountOf(args["amountBought"], args["bought"], coins),
  LegSkipped: (args, coins) =>
    `leg ${text(args["position"])} left out, ${symbolOf(args["sold"], coins)} for ` +
    `${symbolOf(args["bought"], coins)}: ${text(args["reason"])}`,
  RebalanceFinished: (args) =>
    `rebalance ${text(args["id"])} ended at NAV ${usd(args["nav"])}, cost ${text(args["costBps"])} bps without gas, ` +
    `${text(args["legs"])} legs, ${text(args["skips"])} left out`,
  RebalanceClosed: (args) =>
    `rebalance ${text(args["id"])} closed unfinished: ${text(args["reason"])}, ${list(args["outside"]).length} assets off target`,
  RewardPaid: (args, coins) =>
    `${short(args["receiver"])} got ${amountOf(args["amount"], args["token"], coins)} for a part of an abandoned exit`,
  RoundTripCompleted: (args) =>
    `out with ${text(args["exitId"])} and back with ${text(args["entryId"])}: NAV per share ` +
    `${ratio(args["exitNavPerShare"])} -> ${ratio(args["entryNavPerShare"])}, twin level ` +
    `${ratio(args["exitTwinLevel"])} -> ${ratio(args["entryTwinLevel"])}`,
  DepositRequested: (args, coins) =>
    `${short(args["owner"])} asked to deposit ${cash(args["assets"], coins)} (request ${text(args["epoch"])})`,
  RedemptionRequested: (args) =>
    `${short(args["owner"])} asked to redeem ${shares(args["shares"])} (request ${text(args["epoch"])})`,
  DepositCancelled: (args, coins) =>
    `${short(args["receiver"])} took ${cash(args["assets"], coins)} back (request ${text(args["epoch"])})`,
  RedemptionCancelled: (args) =>
    `${short(args["receiver"])} took ${shares(args["shares"])} back (request ${text(args["epoch"])})`,
  DepositsStruck: (args, coins) =>
    `deposits up to request ${text(args["epoch"])}: ${cash(args["assets"], coins)} became ${shares(args["shares"])}${swing(args)}`,
  RedemptionsStruck: (args, coins) =>
    `redemptions up to request ${text(args["epoch"])}: ${shares(args["shares"])} became ${cash(args["assets"], coins)}${swing(args)}`,
  RedeemedUnitsSetAside: (args, coins) =>
    `redemptions up to request ${text(args["epoch"])} get units that had no price: ${unitsOf(args, coins)}`,
  RedeemedUnitsCredited: (args, coins) => `${short(args["controller"])} can take ${unitsOf(args, coins)}`,
  DepositClaimed: (args) => `${short(args["receiver"])} took ${shares(args["shares"])}`,
  RedemptionClaimed: (args, coins) => `${short(args["receiver"])} took ${cash(args["assets"], coins)}`,
  RedeemedInKind: (args) => {
    const held = list(args["delivered"]);
    const kept = held.filter((isDelivered) => isDelivered === false).length;
    const note = kept === 0 ? "" : `, ${kept} not delivered`;
    return `${short(args["owner"])} left in kind with ${shares(args["shares"])}: ${held.length} holdings${note}`;
  },
  InKindClaimed: (args, coins) =>
    `${short(args["receiver"])} took ${amountOf(args["amount"], args["token"], coins)} of an earlier exit in kind`,
  FeeAccrued: (args) =>
    `${short(args["recipient"])} got ${shares(args["shares"])} as the management fee of ${text(args["rate"])} bps a year`,
  AssetQuarantined: (args, coins) => `${symbolOf(args["token"], coins)} in quarantine: ${text(args["reason"])}`,
  AssetReleased: (args, coins) => `${symbolOf(args["token"], coins)} out of quarantine: ${text(args["reason"])}`,
  BooksWrittenDown: (args, coins) =>
    `books written down from ${amountOf(args["booked"], args["token"], coins)} to ` +
    amountOf(args["left"], args["token"], coins),
  SurplusSwept: (args, coins) => `${amountOf(args["amount"], args["token"], coins)} swept into the books`,
};

/** What the fund kept; nothing to say when that is nothing. */
function swing(args: Args): string {
  const kept = text(args["swing"]);
  return kept === "" || kept === "0" ? "" : ` less a swing of ${kept} bps`;
}

/** Amounts of parallel arrays, joined. */
function unitsOf(args: Args, coins: Coins): string {
  const [tokens, amounts] = [list(args["tokens"]), list(args["amounts"])];
  return tokens.map((token, place) => amountOf(amounts[place], token, coins)).join(", ");
}

function text(value: LineValue | undefined): string {
  return String(value ?? "");
}

function list(value: LineValue | undefined): readonly (string | boolean)[] {
  return Array.isArray(value) ? (value as readonly (string | boolean)[]) : [];
}

/** `0x1234…abcd` */
function short(value: LineValue | undefined): string {
  const address = text(value);
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function usd(value: LineValue | undefined): string {
  return `${formatUsd(BigInt(text(value)))} USD`;
}

/** A number of 18 decimals, with four of them. */
function ratio(value: LineValue | undefined): string {
  return (Number(text(value)) / 1e18).toFixed(4);
}

function shares(value: LineValue | undefined): string {
  return `${formatAmount(BigInt(text(value)), SHARE.decimals)} ${SHARE.symbol}`;
}

function cash(value: LineValue | undefined, coins: Coins): string {
  return amountOf(value, "", coins);
}

function amountOf(value: LineValue | undefined, token: LineValue | undefined, coins: Coins): string {
  const coin = coins.get(text(token));
  if (coin === undefined) return `${text(value)} units of ${short(token)}`;
  return `${formatAmount(BigInt(text(value)), coin.decimals)} ${coin.symbol}`;
}

function symbolOf(token: LineValue | undefined, coins: Coins): string {
  return coins.get(text(token))?.symbol ?? short(token);
}
