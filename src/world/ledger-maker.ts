// Turns a number of weeks and legs into the logs of a vault that had lived through them, each with the head it would have.
import { type Address, type Hex, encodeAbiParameters, encodeEventTopics, keccak256, numberToHex, toHex } from "viem";

import { WEEK } from "../core/time.ts";
import { FIRST_HEAD, type LedgerPlace, headAfter } from "../record/head.ts";
import { type LedgerLine, type LineEvent, type LineValue, abiEventOf } from "../record/lines.ts";

/** What is to be made up. */
export type MadeLedger = {
  readonly place: LedgerPlace;
  /** The fund's assets by ascending index, the deposit coin first. */
  readonly assets: readonly {
    readonly token: Address;
    readonly coinId: string;
    readonly decimals: number;
    readonly pool: Address;
  }[];
  readonly weeks: number;
  readonly legsPerWeek: number;
  /** {s} Of the first Monday. */
  readonly firstMonday: number;
  /** Block of the first line. */
  readonly firstBlock: number;
};

/** A log as a node gives it. */
export type RawLog = {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly blockTimestamp: Hex;
  readonly transactionHash: Hex;
  readonly transactionIndex: Hex;
  readonly logIndex: Hex;
  readonly removed: false;
};

/** Logs in the order of the chain, and where the ledger ends. */
export type MadeLogs = {
  readonly logs: readonly RawLog[];
  readonly end: { readonly sequence: number; readonly head: Hex };
  readonly lastBlock: number;
};

type Entry = { readonly event: LineEvent; readonly args: Readonly<Record<string, LineValue>> };

/** {s} Of a Monday. */
const NOON = 43_200;
const HASH = keccak256("0x01");
/** Lines of one transaction at most, as a rebalance's batches are. */
const BATCH = 100;
/** D18{USD} */
const NAV = 10n ** 24n;
/** D18{1} */
const LEVEL = 10n ** 21n;

/** Makes up the whole ledger. Two in a hundred legs are left out; the regime changes every 26 weeks. */
export function makeLedger(made: MadeLedger): MadeLogs {
  const logs: RawLog[] = [];
  let [head, sequence, block] = [FIRST_HEAD, 0, made.firstBlock];
  const write = (entries: readonly Entry[], time: number): void => {
    for (let start = 0; start < entries.length; start += BATCH, block++) {
      entries.slice(start, start + BATCH).forEach(({ event, args }, position) => {
        sequence++;
        head = headAfter(head, { event, args, sequence }, made.place);
        logs.push(rawLog(made.place.vault, { event, args, sequence, head }, { block, time, position }));
      });
    }
  };
  write(made.assets.map(listing), made.firstMonday - WEEK);
  for (let week = 0; week < made.weeks; week++) write(weekOf(made, week), made.firstMonday + week * WEEK + NOON);
  return { logs, end: { sequence, head }, lastBlock: block - 1 };
}

function listing({ token, coinId, decimals }: MadeLedger["assets"][number], index: number): Entry {
  const args = { asset: String(index), token: lower(token), coinId, decimals: String(decimals), isStable: index === 0 };
  return { event: "AssetListed", args };
}

function weekOf({ assets, legsPerWeek }: MadeLedger, week: number): Entry[] {
  const id = String(8 * (2760 + week));
  const regime = Math.floor(week / 26) % 2 === 0 ? "bull" : "bear";
  const decision = { decisionHash: keccak256(numberToHex(week)), membershipRoot: HASH };
  const twinLevel = String(LEVEL + BigInt(week) * 10n ** 18n);
  const times = { validFrom: "0", executableAt: "0", validUntil: "9" };
  const weights = { assets: ["0", "1"], partsPerMillion: ["400000", "600000"] };
  const nav = String(NAV + BigInt(week) * 10n ** 20n);
  const legs = Array.from({ length: legsPerWeek }, (_, position) => leg(assets, { id, position, week }));
  const skips = legs.filter(({ event }) => event === "LegSkipped").length;
  const counts = { costBps: "12", legs: String(legsPerWeek - skips), skips: String(skips) };
  return [
    { event: "TargetPublished", args: { id, regime, ...decision, twinLevel, ...times, ...weights } },
    { event: "RebalanceStarted", args: { id, regime, ...decision, nav, supply: String(NAV) } },
    ...legs,
    { event: "RebalanceFinished", args: { id, regime, nav, supply: String(NAV), ...counts, twinLevel } },
  ];
}

function leg(
  assets: MadeLedger["assets"],
  { id, position, week }: { readonly id: string; readonly position: number; readonly week: number },
): Entry {
  const other = 1 + ((position + week) % (assets.length - 1));
  const [cash, coin] = [assets[0], assets[other]] as [MadeLedger["assets"][number], MadeLedger["assets"][number]];
  const isSale = week % 2 === 1;
  const [sold, bought] = isSale ? [coin, cash] : [cash, coin];
  const pair = { sold: lower(sold.token), bought: lower(bought.token) };
  if ((position + 7 * week) % 50 === 49) {
    return { event: "LegSkipped", args: { id, position: String(position), ...pair, reason: "no fresh price" } };
  }
  const fair = 10n ** BigInt(bought.decimals) * BigInt(100 + position);
  return {
    event: "LegExecuted",
    args: {
      ...{ id, position: String(position), soldAsset: isSale ? String(other) : "0" },
      ...{ boughtAsset: isSale ? "0" : String(other), ...pair },
      amountSold: String(10n ** BigInt(sold.decimals) * BigInt(90 + position)),
      amountBought: String(fair - fair / 1000n),
      ...{ fair: String(fair), minimum: String(fair - fair / 50n), pool: lower(coin.pool) },
    },
  };
}

function rawLog(
  address: Address,
  { event, args, sequence, head }: Pick<LedgerLine, "event" | "args" | "sequence" | "head">,
  { block, time, position }: { readonly block: number; readonly time: number; readonly position: number },
): RawLog {
  const abi = [abiEventOf(event)];
  const values: Readonly<Record<string, unknown>> = { ...args, sequence: String(sequence), head };
  const inputs = abi[0]?.inputs ?? [];
  const plain = inputs.filter(({ indexed }) => indexed !== true);
  const topics = encodeEventTopics({
    abi,
    eventName: event,
    args: Object.fromEntries(
      inputs.filter(({ indexed }) => indexed).map(({ name = "", type }) => [name, typed(type, values[name])]),
    ),
  });
  return {
    address,
    topics: topics as Hex[],
    data: encodeAbiParameters(
      plain.map(({ type }) => ({ type })),
      plain.map(({ name = "", type }) => typed(type, values[name])),
    ),
    blockNumber: toHex(block),
    blockHash: blockHashOf(block),
    blockTimestamp: toHex(time),
    transactionHash: keccak256(toHex(`transaction ${block}`)),
    transactionIndex: "0x0",
    logIndex: toHex(position),
    removed: false,
  };
}

/** The hash of a made-up block. */
export function blockHashOf(block: number): Hex {
  return keccak256(toHex(`block ${block}`));
}

function typed(type: string, value: unknown): unknown {
  if (type.endsWith("[]")) return (value as readonly unknown[]).map((member) => typed(type.slice(0, -2), member));
  return type.startsWith("uint") ? BigInt(value as string) : value;
}

function lower(address: Address): Address {
  return address.toLowerCase() as Address;
}
