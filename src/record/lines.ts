// Turns the vault's logs into lines of the ledger: number, head, event and its arguments in the order of the head.
import { type AbiEvent, type Hex, type Log, concat, decodeAbiParameters, getAbiItem, toEventSelector } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import type { UnixSeconds } from "../core/units.ts";

/** The events that carry `sequence` and `head`. */
export const LINE_EVENTS = [
  "AssetListed",
  "AssetDelisted",
  "TargetPublished",
  "LevelPublished",
  "TargetVetoed",
  "ExitBudgetRaised",
  "RebalanceStarted",
  "LegExecuted",
  "LegSkipped",
  "RebalanceFinished",
  "RebalanceClosed",
  "RewardPaid",
  "RoundTripCompleted",
  "DepositRequested",
  "RedemptionRequested",
  "DepositCancelled",
  "RedemptionCancelled",
  "DepositsStruck",
  "RedemptionsStruck",
  "RedeemedUnitsSetAside",
  "RedeemedUnitsCredited",
  "DepositClaimed",
  "RedemptionClaimed",
  "RedeemedInKind",
  "InKindClaimed",
  "FeeAccrued",
  "AssetQuarantined",
  "AssetReleased",
  "BooksWrittenDown",
  "SurplusSwept",
] as const;

export type LineEvent = (typeof LINE_EVENTS)[number];

/** A value of an event: integers are decimal strings, addresses and hashes lower-case hexadecimal. */
export type LineValue = string | boolean | readonly (string | boolean)[];

/** One line of the ledger. */
export type LedgerLine = {
  readonly sequence: number; // from 1
  readonly head: Hex; // 26 bytes, after this line
  readonly event: LineEvent;
  /** Every argument but sequence and head, by name, in the event's order. */
  readonly args: Readonly<Record<string, LineValue>>;
  readonly block: number;
  readonly transaction: Hex;
  readonly time: UnixSeconds;
};

/** A log of the vault, as a node gives it. */
export type VaultLog = Pick<Log<bigint, number, false>, "topics" | "data" | "blockNumber" | "transactionHash">;

/** A log that is not a line of the ledger as the vault writes it. */
export class LogUnreadableError extends AppError {
  readonly code = "LOG_UNREADABLE";
  readonly kind = "data";
  readonly transaction: Hex;

  constructor(transaction: Hex, found: string, cause?: unknown) {
    super(`Expected a log of the vault in transaction ${transaction}, found ${found}. Read it from another node.`, {
      cause,
    });
    this.transaction = transaction;
  }
}

/** Looked up once: of a long ledger, most of the time went there. */
const ABI: ReadonlyMap<LineEvent, AbiEvent> = new Map(
  LINE_EVENTS.map((event) => [event, getAbiItem({ abi: indexVaultAbi, name: event })]),
);
const FIELDS: ReadonlyMap<LineEvent, AbiEvent["inputs"]> = new Map(
  LINE_EVENTS.map((event) => [
    event,
    abiEventOf(event).inputs.filter(({ name }) => name !== "sequence" && name !== "head"),
  ]),
);
/** Where an event's values stand; those in topics have one word each. */
type Parts = { readonly inTopics: AbiEvent["inputs"]; readonly inData: AbiEvent["inputs"] };
const PARTS: ReadonlyMap<LineEvent, Parts> = new Map(LINE_EVENTS.map((event) => [event, partsOf(event)]));
const EVENTS: ReadonlyMap<Hex, LineEvent> = new Map(
  LINE_EVENTS.map((event) => [toEventSelector(abiEventOf(event)), event]),
);

/** The event's description in the vault's interface. */
export function abiEventOf(event: LineEvent): AbiEvent {
  return ABI.get(event) ?? getAbiItem({ abi: indexVaultAbi, name: event });
}

/** The arguments of an event that its head covers, in their order. */
export function fieldsOf(event: LineEvent): AbiEvent["inputs"] {
  return FIELDS.get(event) ?? [];
}

/** True for a log that carries a line; share transfers and the events of the standards do not. */
export function isLine(log: Pick<VaultLog, "topics">): boolean {
  const [topic] = log.topics;
  return topic !== undefined && EVENTS.has(topic);
}

/**
 * The line in a log.
 *
 * @param time Of the log's block.
 * @throws LogUnreadableError when the log is none of the ledger's events.
 */
export function lineOf(log: VaultLog, time: UnixSeconds): LedgerLine {
  const event = EVENTS.get(log.topics[0] ?? "0x");
  if (event === undefined) throw new LogUnreadableError(log.transactionHash, `topic ${log.topics[0] ?? "missing"}`);
  const decoded = decodeArguments(event, log);
  const args = Object.fromEntries(fieldsOf(event).map(({ name = "", type }) => [name, plain(type, decoded[name])]));
  return {
    sequence: Number(decoded["sequence"]),
    head: decoded["head"] as Hex,
    event,
    args,
    block: Number(log.blockNumber),
    transaction: log.transactionHash,
    time,
  };
}

/** As viem's `decodeEventLog`, which hashes the event's name for each line anew to find it. */
function decodeArguments(
  event: LineEvent,
  { topics, data, transactionHash }: VaultLog,
): Readonly<Record<string, unknown>> {
  const { inTopics, inData } = PARTS.get(event) ?? partsOf(event);
  const found = topics.slice(1);
  try {
    if (found.length !== inTopics.length) throw new TypeError(`${found.length} topics, not ${inTopics.length}`);
    const values = [...decodeAbiParameters(inTopics, concat(found)), ...decodeAbiParameters(inData, data)];
    return Object.fromEntries([...inTopics, ...inData].map(({ name = "" }, i) => [name, values[i]]));
  } catch (cause) {
    throw new LogUnreadableError(transactionHash, `a ${event} that does not decode`, cause);
  }
}

function partsOf(event: LineEvent): Parts {
  const { inputs } = abiEventOf(event);
  return {
    inTopics: inputs.filter(({ indexed }) => indexed === true),
    inData: inputs.filter(({ indexed }) => indexed !== true),
  };
}

function plain(type: string, value: unknown): LineValue {
  if (Array.isArray(value)) return value.map((member: unknown) => scalar(type, member));
  return scalar(type, value);
}

function scalar(type: string, value: unknown): string | boolean {
  if (typeof value === "boolean") return value;
  const text = String(value);
  return /^(address|bytes)/.test(type) ? text.toLowerCase() : text;
}
