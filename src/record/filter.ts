// Turns a ledger into the lines that a reader asks for: by number, time, event, regime, asset and account.
import { weekOf } from "../core/time.ts";
import type { UnixSeconds } from "../core/units.ts";
import type { LedgerLine, LineEvent, LineValue } from "./lines.ts";

/** Which lines are wanted; a field that is left out lets all through. */
export type LineFilter = {
  readonly events?: ReadonlySet<LineEvent> | undefined;
  readonly fromSequence?: number | undefined;
  /** Included. */
  readonly toSequence?: number | undefined;
  readonly from?: UnixSeconds | undefined;
  /** Not included. */
  readonly to?: UnixSeconds | undefined;
  /** Number of the week, counted from Monday 1970-01-05. */
  readonly week?: number | undefined;
  /** The regime in force after the line. */
  readonly regime?: string | undefined;
  /** Tokens in lower case: lines that name one of them, by its address or by the index that it has then. */
  readonly tokens?: ReadonlySet<string> | undefined;
  /** An address in lower case: lines that name it in any part but as a token or a pool. */
  readonly account?: string | undefined;
};

/** Events by what they are about, for readers that do not know each name. */
export const EVENT_KINDS = {
  assets: [
    "AssetListed",
    "AssetDelisted",
    "AssetQuarantined",
    "AssetReleased",
    "BooksWrittenDown",
    "SurplusSwept",
  ] as const,
  targets: ["TargetPublished", "LevelPublished", "TargetVetoed", "ExitBudgetRaised"] as const,
  rebalances: ["RebalanceStarted", "RebalanceFinished", "RebalanceClosed", "RoundTripCompleted", "RewardPaid"] as const,
  trades: ["LegExecuted", "LegSkipped"] as const,
  requests: ["DepositRequested", "RedemptionRequested", "DepositCancelled", "RedemptionCancelled"] as const,
  strikes: ["DepositsStruck", "RedemptionsStruck", "RedeemedUnitsSetAside", "RedeemedUnitsCredited"] as const,
  claims: ["DepositClaimed", "RedemptionClaimed", "RedeemedInKind", "InKindClaimed"] as const,
  fees: ["FeeAccrued"] as const,
} satisfies Readonly<Record<string, readonly LineEvent[]>>;

const ACCOUNTS = ["controller", "owner", "receiver", "recipient", "guardian"] as const;
const TOKENS = ["token", "sold", "bought", "tokens"] as const;
const INDEXES = ["asset", "soldAsset", "boughtAsset", "assets", "outside"] as const;
/** Events whose `assets` is an amount of the deposit coin. */
const AMOUNT_EVENTS: ReadonlySet<LineEvent> = new Set([
  ...EVENT_KINDS.requests,
  "DepositsStruck",
  "RedemptionsStruck",
  "DepositClaimed",
  "RedemptionClaimed",
]);

/** The lines that a filter lets through, in their order. @param lines The whole ledger: what holds at a line depends on those before it. */
export function filterLines(lines: readonly LedgerLine[], filter: LineFilter): LedgerLine[] {
  let regime = "bear";
  const indexes = new Map<string, string>();
  return lines.filter((line) => {
    const { event, args } = line;
    if (event === "AssetListed") indexes.set(String(args["asset"]), String(args["token"]));
    if (event === "RebalanceStarted") regime = String(args["regime"]);
    return (
      isInRange(line, filter) &&
      (filter.events?.has(event) ?? true) &&
      (filter.regime === undefined || filter.regime === regime) &&
      (filter.account === undefined || ACCOUNTS.some((name) => args[name] === filter.account)) &&
      (filter.tokens === undefined || namesToken(line, filter.tokens, indexes))
    );
  });
}

function isInRange({ sequence, time }: LedgerLine, filter: LineFilter): boolean {
  const { fromSequence = 1, toSequence = Number.MAX_SAFE_INTEGER, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
  const isOfWeek = filter.week === undefined || weekOf(time) === filter.week;
  return isOfWeek && sequence >= fromSequence && sequence <= toSequence && time >= from && time < to;
}

function namesToken(
  { event, args }: LedgerLine,
  tokens: ReadonlySet<string>,
  indexes: ReadonlyMap<string, string>,
): boolean {
  if (TOKENS.some((name) => membersOf(args[name]).some((token) => tokens.has(token)))) return true;
  if (AMOUNT_EVENTS.has(event)) return false;
  return INDEXES.some((name) => membersOf(args[name]).some((index) => tokens.has(indexes.get(index) ?? "")));
}

function membersOf(value: LineValue | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
