// Turns an amount of the deposit coin into a request, or into shares at once, after every cost was shown.
import { type ReactElement, useState } from "react";

import { decimalString } from "../../../../core/units.ts";
import { depositRequestCall, requestDeposit } from "../../../../execute/depositor.ts";
import { formatBps, formatTime } from "../../format.ts";
import { type Fact, Facts } from "../../ui/parts.tsx";
import { type Action, useAct } from "../../wallet/act.ts";
import { approve, exchangeAtOnce } from "../../wallet/at-once.ts";
import { useGas } from "../../wallet/use-gas.ts";
import { ChoiceField } from "../../ui/search-field.tsx";
import { amountTyped } from "./amount.ts";
import {
  type Desk,
  depositHindrance,
  depositorOf,
  gasFact,
  goalFact,
  leastOf,
  sharesFor,
  shown,
  shownUsd,
  swingOf,
  valueIn,
} from "./desk.ts";
import { AmountField, ProgressWords } from "./form-parts.tsx";
import { RiskCheck, useRisksRead } from "./risks.tsx";

/** {gas} As measured: approval and request, permit and exchange. */
const REQUEST_GAS = 165_000n;
const AT_ONCE_GAS = 900_000n;

const WAYS = [
  ["once", "At once, in one transaction"],
  ["request", "By request, priced at the next rebalance"],
] as const;

/** The form. */
export function DepositForm({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, at } = desk;
  const [text, setText] = useState("");
  const [way, setWay] = useState<string>("once");
  const isRead = useRisksRead();
  const { progress, run } = useAct(site.coin);
  const isAtOnce = at.regime === "bear" && way === "once";
  const typed = amountTyped(text, site.coin);
  const fault = typed.fault ?? depositHindrance(desk, typed.amount);
  const { amount } = typed;
  const isAsked = amount !== undefined && fault === undefined && !isAtOnce;
  const gas = useGas(desk.sender, isAsked ? depositRequestCall(depositorOf(desk), amount) : undefined);
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
        label={`Amount of ${site.coin.symbol}`}
        value={text}
        all={decimalString(at.account.coins, site.coin.decimals)}
        allWords={`All: ${shown(at.account.coins, site.coin)}`}
        fault={fault}
        onChange={setText}
      />
      {at.regime === "bear" ? <ChoiceField label="How" value={way} choices={WAYS} onChange={setWay} /> : null}
      {amount === undefined ? null : <Facts of={costFacts(desk, { amount, isAtOnce, gas })} />}
      <RiskCheck />
      <button type="submit" className="button primary" disabled={!isReady}>
        {isAtOnce ? "Deposit now" : "Request the deposit"}
      </button>
      <ProgressWords progress={progress} />
    </form>
  );
}

type Wanted = { readonly amount: bigint; readonly isAtOnce: boolean; readonly gas: bigint | undefined };

function costFacts(desk: Desk, { amount, isAtOnce, gas }: Wanted): readonly Fact[] {
  const { costs, cutoff } = desk.at;
  const value = valueIn(desk, amount);
  const shares = sharesFor(desk, amount);
  const least = isAtOnce ? [["At least, or nothing happens", shown(leastOf(shares), desk.site.share)] as const] : [];
  const measured =
    costs.measured === undefined ? "not measured yet" : `${formatBps(costs.measured.mean)}, in the swing`;
  return [
    ["You get about", shown(shares, desk.site.share)],
    ...least,
    ["Swing, kept by the fund", `${formatBps(costs.swing.deposit)}: ${shownUsd(swingOf(value, costs.swing.deposit))}`],
    ["Expected trading cost", measured],
    ["Management fee", `${formatBps(costs.fee.now)} a year: ${shownUsd(swingOf(value, costs.fee.now))}`],
    gasFact(desk, gas, isAtOnce ? AT_ONCE_GAS : REQUEST_GAS),
    goalFact(desk, isAtOnce ? "gateway" : "vault"),
    isAtOnce
      ? ["Priced", "in the same transaction"]
      : ["Priced", `at the first rebalance after ${formatTime(cutoff)}; until then you can take it back`],
  ];
}

function requestAction(desk: Desk, amount: bigint): Action {
  return async (onStep) => {
    const { sender, at, site } = desk;
    const spender = at.fund.deployment.addresses.vault;
    await approve(sender, { token: site.coin.token as `0x${string}`, spender, amount }, onStep);
    onStep("Confirm the request in your wallet");
    const receipt = await requestDeposit(depositorOf(desk), amount);
    const words = `You asked to deposit ${shown(amount, site.coin)}. It is priced at the first rebalance after ${formatTime(at.cutoff)}; then you can claim your shares here.`;
    return { words, transaction: receipt.transactionHash };
  };
}

function atOnceAction(desk: Desk, amount: bigint): Action {
  return async (onStep) => {
    const { sender, at, site } = desk;
    const minimum = leastOf(sharesFor(desk, amount));
    const order = { kind: "deposit", token: site.coin.token as `0x${string}`, amount, minimum } as const;
    const transaction = await exchangeAtOnce(sender, at.fund.deployment, { order, onStep });
    return { words: `You deposited ${shown(amount, site.coin)}. The shares are in your account.`, transaction };
  };
}
