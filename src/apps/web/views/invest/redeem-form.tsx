// Turns shares into a request for the deposit coin, or into the coin at once, after every cost was shown.
import { type ReactElement, useState } from "react";

import { decimalString } from "../../../../core/units.ts";
import { redemptionRequestCall, requestRedeem } from "../../../../execute/depositor.ts";
import { formatBps, formatTime } from "../../format.ts";
import { type Fact, Facts } from "../../ui/parts.tsx";
import { ChoiceField } from "../../ui/search-field.tsx";
import { type Action, useAct } from "../../wallet/act.ts";
import { exchangeAtOnce } from "../../wallet/at-once.ts";
import { useGas } from "../../wallet/use-gas.ts";
import { amountTyped } from "./amount.ts";
import { type Desk, coinsFor, depositorOf, gasFact, goalFact, leastOf, redeemHindrance, shown } from "./desk.ts";
import { AmountField, ProgressWords } from "./form-parts.tsx";
import { RiskCheck, useRisksRead } from "./risks.tsx";

/** {gas} As measured: the request, permit and exchange. */
const REQUEST_GAS = 110_000n;
const AT_ONCE_GAS = 900_000n;

const WAYS = [
  ["once", "At once, in one transaction"],
  ["request", "By request, priced at the next rebalance"],
] as const;

/** The form. */
export function RedeemForm({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, at } = desk;
  const [text, setText] = useState("");
  const [way, setWay] = useState<string>("once");
  const isRead = useRisksRead();
  const { progress, run } = useAct(site.share);
  const isAtOnce = at.regime === "bear" && way === "once";
  const typed = amountTyped(text, site.share);
  const fault = typed.fault ?? redeemHindrance(desk, typed.amount);
  const { amount } = typed;
  const isAsked = amount !== undefined && fault === undefined && !isAtOnce;
  const gas = useGas(desk.sender, isAsked ? redemptionRequestCall(depositorOf(desk), amount) : undefined);
  const isReady = amount !== undefined && fault === undefined && isRead && progress.kind !== "working";
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) run(isAtOnce ? atOnceAction(desk, amount) : requestAction(desk, amount));
      }}
    >
      <AmountField
        label="Shares to give"
        value={text}
        all={decimalString(at.account.shares, site.share.decimals)}
        allWords={`All: ${shown(at.account.shares, site.share)}`}
        fault={fault}
        onChange={setText}
      />
      {at.regime === "bear" ? <ChoiceField label="How" value={way} choices={WAYS} onChange={setWay} /> : null}
      {amount === undefined ? null : <Facts of={costFacts(desk, { shares: amount, isAtOnce, gas })} />}
      <RiskCheck />
      <button type="submit" className="button primary" disabled={!isReady}>
        {isAtOnce ? "Redeem now" : "Request the redemption"}
      </button>
      <ProgressWords progress={progress} />
    </form>
  );
}

type Wanted = { readonly shares: bigint; readonly isAtOnce: boolean; readonly gas: bigint | undefined };

function costFacts(desk: Desk, { shares, isAtOnce, gas }: Wanted): readonly Fact[] {
  const { costs, cutoff } = desk.at;
  const coins = coinsFor(desk, shares);
  const least = isAtOnce ? [["At least, or nothing happens", shown(leastOf(coins), desk.site.coin)] as const] : [];
  return [
    ["You get about", shown(coins, desk.site.coin)],
    ...least,
    ["Swing, kept by the fund", formatBps(costs.swing.redemption)],
    gasFact(desk, gas, isAtOnce ? AT_ONCE_GAS : REQUEST_GAS),
    goalFact(desk, isAtOnce ? "gateway" : "vault"),
    isAtOnce
      ? ["Priced", "in the same transaction"]
      : [
          "Priced",
          `at the finish of the first rebalance after ${formatTime(cutoff)}; your shares move with the market until then`,
        ],
  ];
}

function requestAction(desk: Desk, shares: bigint): Action {
  return async (onStep) => {
    const { at, site } = desk;
    onStep("Confirm the request in your wallet");
    const receipt = await requestRedeem(depositorOf(desk), shares);
    const words = `You gave ${shown(shares, site.share)}. They are priced at the finish of the next rebalance after ${formatTime(at.cutoff)}; then you can claim your money here.`;
    return { words, transaction: receipt.transactionHash };
  };
}

function atOnceAction(desk: Desk, shares: bigint): Action {
  return async (onStep) => {
    const { sender, at, site } = desk;
    const { deployment } = at.fund;
    const minimum = leastOf(coinsFor(desk, shares));
    const order = { kind: "redeem", token: deployment.addresses.vault, amount: shares, minimum } as const;
    const transaction = await exchangeAtOnce(sender, deployment, { order, onStep });
    return { words: `You redeemed ${shown(shares, site.share)}. The money is in your account.`, transaction };
  };
}
