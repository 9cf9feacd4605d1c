// Turns the fees of the last blocks into what a transaction offers, within what its urgency and its budget allow.
import type { PublicClient } from "viem";

import { AppError } from "../core/errors.ts";
import type { SendingSettings } from "./sending-settings.ts";
import type { Urgency } from "./send.ts";

/** {wei/gas} What a transaction offers (EIP-1559). */
export type Fees = { readonly maximum: bigint; readonly tip: bigint };

/** {wei/gas} What the next block takes, and what was tipped lately. */
export type FeeMarket = { readonly baseFee: bigint; readonly tip: bigint };

/** {wei/gas} The most that may be offered. */
export type FeeCaps = Fees;

/** The next block is dearer than this transaction may be. */
export class FeesAboveCapError extends AppError {
  readonly code = "FEES_ABOVE_CAP";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(action: string, { baseFee }: FeeMarket, { maximum }: FeeCaps) {
    super(
      `Expected to ${action} for at most ${gweiText(maximum)} gwei a unit of gas, but the next block takes ` +
        `${gweiText(baseFee)} gwei. Wait until fees fall, or raise the cap.`,
    );
  }
}

/** Blocks whose fees are looked at. */
const HISTORY = 20;
/** Percentile of the tips of a block that is offered, by urgency. */
const PERCENTILE: Readonly<Record<Urgency, number>> = { exit: 75, trade: 50, routine: 25 };
/** {wei/gas} Tip where nothing was tipped lately. */
const LEAST_TIP = 10n ** 6n;
/** The base fee grows by at most an eighth a block: after six blocks it has doubled. */
const HEADROOM = 2n;
/** Nodes take a replacement that offers at least a tenth more; some ask for an eighth. {1/1000} */
const BUMP = 1125n;

/** What the next block takes now, by eth_feeHistory. */
export async function readFeeMarket(client: PublicClient, urgency: Urgency): Promise<FeeMarket> {
  const history = await client.getFeeHistory({ blockCount: HISTORY, rewardPercentiles: [PERCENTILE[urgency]] });
  const tips = (history.reward ?? []).flatMap(([tip]) => (tip === undefined || tip === 0n ? [] : [tip]));
  return { baseFee: history.baseFeePerGas.at(-1) ?? 0n, tip: medianOf(tips) ?? LEAST_TIP };
}

/**
 * The caps of an urgency, lowered to what the budget allows.
 *
 * @param room {wei} What may still be spent.
 * @param gas {gas} The limit of the transaction.
 */
export function capsOf(
  settings: Pick<SendingSettings, "fees">,
  urgency: Urgency,
  { room, gas }: { readonly room: bigint; readonly gas: bigint },
): FeeCaps {
  const { maximumGwei, tipGwei } = settings.fees[urgency];
  // {wei/gas} = {wei} / {gas}, rounded down: the whole limit at this price costs no more than the room.
  const affordable = room / gas;
  const maximum = min(maximumGwei, affordable);
  return { maximum, tip: min(tipGwei, maximum) };
}

/**
 * What to offer first: twice the base fee and the usual tip, within the caps; of the tip's cap no more than half, so that
 * a replacement can tip more. Undefined when the next block is above the
 * cap, unless it is an exit: that offers its cap and waits in the pool for the first block that takes it.
 */
export function firstFees({ baseFee, tip }: FeeMarket, caps: FeeCaps, urgency: Urgency): Fees | undefined {
  const offered = min(tip, caps.tip / 2n);
  const fits = baseFee + offered <= caps.maximum;
  if (!fits && urgency !== "exit") return undefined;
  const maximum = fits ? min(baseFee * HEADROOM + offered, caps.maximum) : caps.maximum;
  return { maximum, tip: min(offered, maximum) };
}

/** What to offer instead, an eighth more at least on both fees; undefined when the caps leave no room for that. */
export function replacementFees(present: Fees, market: FeeMarket, caps: FeeCaps): Fees | undefined {
  const least = { maximum: bumped(present.maximum), tip: bumped(present.tip) };
  if (least.maximum > caps.maximum || least.tip > caps.tip) return undefined;
  const tip = max(least.tip, min(market.tip, caps.tip));
  const maximum = max(least.maximum, min(market.baseFee * HEADROOM + tip, caps.maximum));
  return { maximum, tip: min(tip, maximum) };
}

/** Rounded up. */
function bumped(fee: bigint): bigint {
  return (fee * BUMP + 999n) / 1000n;
}

/** The lower one of the two in the middle. */
function medianOf(values: readonly bigint[]): bigint | undefined {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** For words only. */
function gweiText(wei: bigint): string {
  return (Number(wei) / 1e9).toFixed(3);
}
