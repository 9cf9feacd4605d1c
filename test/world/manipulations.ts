// Kinds of manipulation of a fund's log, each with the names under which it is found.

import { unixSeconds } from "../../src/core/units.ts";
import { FIRST_HEAD, headAfter } from "../../src/record/head.ts";
import type { Ledger } from "../../src/record/ledger-file.ts";
import type { LedgerLine, LineEvent, LineValue } from "../../src/record/lines.ts";

/** How a manipulated log is named by three readers. */
type Named = {
  /** By whoever has the file alone and the header's head: what is wrong with the first wrong line. */
  readonly heads: string | undefined;
  /** When the forger computed all heads anew: what the lines contradict each other in; `undefined` when in nothing. */
  readonly forged?: string | undefined;
  /** Beside the node's lines, forged or not: the field, or what is wrong with the line. */
  readonly chain: string;
};

type Lines = readonly LedgerLine[];

type Kind = readonly [kind: string, change: (lines: Lines) => Lines, named: Named];

/** The place of the last line of an event. */
function placeOf(lines: readonly LedgerLine[], event: LineEvent): number {
  const place = lines.findLastIndex((line) => line.event === event);
  if (place < 0) throw new TypeError(`the life has no ${event}`);
  return place;
}

/** Changes one argument of the last line of an event. */
function argument(event: LineEvent, name: string, change: (value: string) => LineValue) {
  return (lines: readonly LedgerLine[]): readonly LedgerLine[] => {
    const place = placeOf(lines, event);
    const line = lines[place] as LedgerLine;
    const value = line.args[name];
    const changed = Array.isArray(value)
      ? [String(change(String(value[0]))), ...value.slice(1).map(String)]
      : change(String(value));
    return lines.with(place, { ...line, args: { ...line.args, [name]: changed } });
  };
}

/** Changes what no head covers of the last leg. */
function beside(change: Partial<LedgerLine>) {
  return (lines: readonly LedgerLine[]): readonly LedgerLine[] => {
    const place = placeOf(lines, "LegExecuted");
    return lines.with(place, { ...(lines[place] as LedgerLine), ...change });
  };
}

const plus = (amount: bigint) => (value: string) => String(BigInt(value) + amount);
const times = (factor: bigint) => (value: string) => String(BigInt(value) * factor);
const otherHash = (value: string): string => value.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
const otherRegime = (value: string): string => (value === "bull" ? "bear" : "bull");

/** A leg with another one after it. */
const firstOfTwo = (lines: readonly LedgerLine[]): number =>
  lines.findIndex((line, i) => line.event === "LegExecuted" && lines[i + 1]?.event === "LegExecuted");

/** The last leg, as if it had been written at another place. */
export function strange(place: Partial<Ledger["place"]>) {
  return (lines: readonly LedgerLine[], own: Ledger["place"]): readonly LedgerLine[] => {
    const at = placeOf(lines, "LegExecuted");
    const line = lines[at] as LedgerLine;
    return lines.with(at, { ...line, head: headAfter(lines[at - 1]?.head ?? FIRST_HEAD, line, { ...own, ...place }) });
  };
}

const ALTERED = { heads: "altered" } as const;

export const KINDS: readonly Kind[] = [
  ["a changed amount bought", argument("LegExecuted", "amountBought", plus(1n)), { ...ALTERED, chain: "amountBought" }],
  [
    "an amount sold that was never held",
    argument("LegExecuted", "amountSold", times(1000n)),
    { ...ALTERED, forged: "amount", chain: "amountSold" },
  ],
  [
    "a removed line",
    (lines: Lines): Lines => lines.toSpliced(firstOfTwo(lines), 1),
    { heads: "missing", forged: "position", chain: "position" },
  ],
  [
    "an inserted line",
    (lines: Lines): Lines => {
      const at = firstOfTwo(lines);
      const made = {
        ...(lines[at] as LedgerLine),
        args: { ...(lines[at] as LedgerLine).args, amountBought: "1", minimum: "0" },
      };
      return lines.toSpliced(at, 0, made);
    },
    { heads: "altered", forged: "position", chain: "amountBought" },
  ],
  [
    "swapped lines",
    (lines: Lines): Lines => {
      const at = firstOfTwo(lines);
      return lines.with(at, lines[at + 1] as LedgerLine).with(at + 1, lines[at] as LedgerLine);
    },
    { heads: "reordered", forged: "position", chain: "position" },
  ],
  [
    "a repeated line",
    (lines: Lines): Lines => lines.toSpliced(firstOfTwo(lines), 0, lines[firstOfTwo(lines)] as LedgerLine),
    { heads: "inserted", forged: "position", chain: "position" },
  ],
  ["a truncated end", (lines: Lines): Lines => lines.slice(0, -3), { heads: "missing", chain: "missing" }],
  [
    "a changed head",
    (lines: Lines): Lines => {
      const at = placeOf(lines, "LegExecuted");
      return lines.with(at, { ...(lines[at] as LedgerLine), head: `0x${"ab".repeat(26)}` });
    },
    { ...ALTERED, chain: "head" },
  ],
  ["a changed block", beside({ block: 1 }), { heads: undefined, forged: "time", chain: "block" }],
  [
    "a changed transaction",
    beside({ transaction: `0x${"12".repeat(32)}` }),
    { heads: undefined, chain: "transaction" },
  ],
  ["a changed time", beside({ time: unixSeconds(1) }), { heads: undefined, forged: "time", chain: "time" }],
  [
    "a changed regime",
    argument("RebalanceStarted", "regime", otherRegime),
    { ...ALTERED, forged: "regime", chain: "regime" },
  ],
  ["a changed reason of a skip", argument("LegSkipped", "reason", () => "paused"), { ...ALTERED, chain: "reason" }],
  [
    "a changed weight",
    argument("TargetPublished", "partsPerMillion", plus(1n)),
    { ...ALTERED, forged: "weights", chain: "partsPerMillion" },
  ],
  [
    "weights that changed places",
    (lines: Lines): Lines => {
      const at = placeOf(lines, "TargetPublished");
      const line = lines[at] as LedgerLine;
      const parts = [...(line.args["partsPerMillion"] as readonly string[])].reverse();
      return lines.with(at, { ...line, args: { ...line.args, partsPerMillion: parts } });
    },
    { ...ALTERED, chain: "partsPerMillion" },
  ],
  [
    "a changed decision hash",
    argument("RebalanceStarted", "decisionHash", otherHash),
    { ...ALTERED, forged: "decision", chain: "decisionHash" },
  ],
  [
    "a changed membership root",
    argument("RebalanceStarted", "membershipRoot", otherHash),
    { ...ALTERED, forged: "members", chain: "membershipRoot" },
  ],
  [
    "a changed supply",
    argument("RebalanceFinished", "supply", plus(1n)),
    { ...ALTERED, forged: "supply", chain: "supply" },
  ],
  [
    "a changed NAV behind a strike",
    argument("DepositsStruck", "nav", times(2n)),
    { ...ALTERED, forged: "price", chain: "nav" },
  ],
  ["a changed NAV of a finish", argument("RebalanceFinished", "nav", plus(1n)), { ...ALTERED, chain: "nav" }],
  ["a changed fee", argument("FeeAccrued", "shares", plus(1n)), { ...ALTERED, forged: "supply", chain: "shares" }],
  [
    "a changed epoch",
    argument("DepositRequested", "epoch", () => "1"),
    { ...ALTERED, forged: "epoch", chain: "epoch" },
  ],
  [
    "a changed amount of a request",
    argument("DepositCancelled", "assets", plus(-1n)),
    { ...ALTERED, forged: "request", chain: "assets" },
  ],
  [
    "swapped accounts",
    (lines: Lines): Lines => {
      const at = placeOf(lines, "DepositClaimed");
      const line = lines[at] as LedgerLine;
      const other = lines.find(
        ({ args }) => args["controller"] !== undefined && args["controller"] !== line.args["controller"],
      );
      const controller = other?.args["controller"] ?? "";
      return lines.with(at, { ...line, args: { ...line.args, controller } });
    },
    { ...ALTERED, forged: "claim", chain: "controller" },
  ],
  ["a changed receiver", argument("DepositClaimed", "receiver", otherHash), { ...ALTERED, chain: "receiver" }],
  ["a changed price", argument("LegExecuted", "fair", plus(1n)), { ...ALTERED, chain: "fair" }],
  [
    "a minimum that was not reached",
    argument("LegExecuted", "minimum", times(2n)),
    { ...ALTERED, forged: "minimum", chain: "minimum" },
  ],
  ["another token", argument("LegExecuted", "bought", otherHash), { ...ALTERED, forged: "asset", chain: "bought" }],
  [
    "a changed level of the twin",
    argument("RebalanceFinished", "twinLevel", plus(1n)),
    { ...ALTERED, forged: "twin", chain: "twinLevel" },
  ],
  [
    "a changed count of legs",
    argument("RebalanceFinished", "legs", plus(1n)),
    { ...ALTERED, forged: "counts", chain: "legs" },
  ],
  [
    "a changed claim",
    argument("RedemptionClaimed", "assets", plus(1n)),
    { ...ALTERED, forged: "claim", chain: "assets" },
  ],
  [
    "changed units of a redemption",
    argument("RedeemedUnitsCredited", "amounts", plus(1n)),
    { ...ALTERED, forged: "units", chain: "amounts" },
  ],
  [
    "a changed exit in kind",
    argument("RedeemedInKind", "amounts", plus(1n)),
    { ...ALTERED, forged: "amount", chain: "amounts" },
  ],
  ["another event", (lines: Lines): Lines => otherEvent(lines), { ...ALTERED, forged: "counts", chain: "event" }],
];

/** The last leg becomes a skip. */
function otherEvent(lines: readonly LedgerLine[]): readonly LedgerLine[] {
  const at = placeOf(lines, "LegExecuted");
  const line = lines[at] as LedgerLine;
  const { id, position, sold, bought } = line.args as Readonly<Record<string, string>>;
  const args = { id: id ?? "", position: position ?? "", sold: sold ?? "", bought: bought ?? "", reason: "paused" };
  return lines.with(at, { ...line, event: "LegSkipped", args });
}
