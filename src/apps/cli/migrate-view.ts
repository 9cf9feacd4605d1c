// Turns the next step of a move between two funds into words and into a document.
import type { Address } from "viem";

import { decimalString } from "../../core/units.ts";
import { MOVE_STEPS, type MovePlan, type MoveStep } from "../../execute/move/plan-move.ts";
import type { AccountStatus } from "../../execute/read-position.ts";
import type { MoveCost, Staying } from "../../execute/move/order.ts";
import { SHARE, formatAmount, formatNumber, formatUsd, usdString } from "../../site/amounts.ts";
import type { Money } from "../../site/money.ts";
import { strikeText } from "./depositor-view.ts";
import { type JsonObject, formatTable } from "./output.ts";

/** A batch as it was written. */
export type WrittenBatch = { readonly file: string; readonly title: string; readonly gas: bigint }; // {gas}

/** A plan, its files, and for whom it was made. */
export type ShownMove = {
  readonly plan: MovePlan;
  readonly written: readonly WrittenBatch[];
  readonly holder: Address;
  readonly slippage: number; // {bps}
};

const STEP_WORDS: Readonly<Record<MoveStep, string>> = {
  leave: "leave the old fund",
  sell: "sell what is not the deposit coin",
  deposit: "deposit in the new fund",
  wait: "wait for the strike",
  claim: "claim the new fund's shares",
  done: "done",
};

/** What was done, what is next with its files and cost, and what stays. */
export function moveText(shown: ShownMove, coin: Money): string {
  const { plan, written, holder } = shown;
  const { before, after } = plan.state;
  const shares = (amount: bigint): string => `${formatAmount(amount, SHARE.decimals)} ${SHARE.symbol}`;
  const held = `${shares(sharesOf(before))} of the old fund and ${shares(sharesOf(after))} of the new one`;
  const at = MOVE_STEPS.indexOf(plan.step);
  const steps = MOVE_STEPS.slice(0, -1).map((step, i) => {
    return `${i + 1}. ${STEP_WORDS[step]}: ${i < at ? "done" : i === at ? nextWords(plan) : "later"}`;
  });
  return [
    `${holder} holds ${held}.`,
    ...steps,
    ...written.map(({ file, title, gas }) => `   ${file}: ${title}, at most ${formatNumber(Number(gas), 0)} gas`),
    ...waitLines(plan),
    ...(plan.cost === undefined ? [] : costLines(plan.cost, coin, shown.slippage)),
    ...stayLines(plan.stays),
    ...endLines(plan, written.length),
  ].join("\n");
}

/** The same for a program. Amounts in whole units, values in USD. */
export function moveJson({ plan, written, holder }: ShownMove, coin: Money): JsonObject {
  const { cost, stays, step, way, state } = plan;
  return {
    holder,
    step,
    way: way ?? null,
    oldShares: decimalString(sharesOf(state.before), SHARE.decimals),
    newShares: decimalString(sharesOf(state.after), SHARE.decimals),
    batches: written.map(({ file, title, gas }) => ({ file, title, gas: String(gas) })),
    cost: cost === undefined ? null : costJson(cost, coin),
    stays: stays.map(({ symbol, decimals, amount, value, reason }) => {
      return { symbol, amount: decimalString(amount, decimals), valueUsd: usdString(value), reason };
    }),
  };
}

/** {share} With those that only have to be claimed. */
function sharesOf({ view, claimable }: Pick<AccountStatus, "view" | "claimable">): bigint {
  return view.shares + claimable.depositShares;
}

function nextWords({ way }: MovePlan): string {
  return way === undefined ? "next" : `next, ${way}`;
}

function waitLines({ step, state }: MovePlan): string[] {
  const request = state.after.requests.find(({ kind, pending }) => kind === "deposit" && pending > 0n);
  return step === "wait" && request !== undefined ? [strikeText(request.requestedAt, "start")] : [];
}

function costLines(cost: MoveCost, coin: Money, slippage: number): string[] {
  const { value, cash, tradingBps, swingBps, gas, gasValue } = cost;
  const trading = tradingBps === 0 ? "nothing" : `${tradingBps} bps`;
  return [
    `Expected: ${formatUsd(value)} USD at the oracle's prices become ${formatAmount(cash, coin.decimals)} ${coin.symbol}. ` +
      `Trading costs ${trading}, the new fund keeps ${swingBps} bps of the deposit, and ` +
      `${formatNumber(Number(gas), 0)} gas are worth ${formatUsd(gasValue)} USD today.`,
    `No sale brings less than the oracle's price less ${slippage} bps.`,
  ];
}

function costJson({ value, cash, tradingBps, swingBps, gas, gasValue }: MoveCost, coin: Money): JsonObject {
  return {
    valueUsd: usdString(value),
    [coin.symbol]: decimalString(cash, coin.decimals),
    tradingBps,
    swingBps,
    gas: String(gas),
    gasUsd: usdString(gasValue),
  };
}

function stayLines(stays: readonly Staying[]): string[] {
  if (stays.length === 0) return [];
  const columns = [
    { header: "stays", align: "left" },
    { header: "amount", align: "right" },
    { header: "value [USD]", align: "right" },
    { header: "why", align: "left" },
  ] as const;
  const rows = stays.map(({ symbol, decimals, amount, value, reason }) => {
    return [symbol, formatAmount(amount, decimals), value === 0n ? "-" : formatUsd(value), reason];
  });
  return ["", formatTable(columns, rows)];
}

function endLines({ step }: MovePlan, batches: number): string[] {
  if (step === "done") return ["Nothing is left to do."];
  if (batches === 0) return ["Run this again after the strike."];
  const order = batches === 1 ? "the batch is" : "all batches are, in this order,";
  return [`Run this again once ${order} carried out.`];
}
