// Turns an amount of the deposit coin into a request, or into shares at once, after every cost was shown.
import type { ReactElement } from "react";

import { depositRequestCall } from "../../../../execute/depositor.ts";
import { send } from "../../../../execute/send.ts";
import { formatBps, formatTime } from "../../format.ts";
import type { Fact } from "../../ui/parts.tsx";
import type { Action } from "../../wallet/act.ts";
import { approve, exchangeAtOnce } from "../../wallet/at-once.ts";
import {
  type Desk,
  depositHindrance,
  depositorOf,
  leastOf,
  sharesFor,
  shown,
  shownUsd,
  swingOf,
  valueIn,
} from "./desk.ts";
import { RequestForm } from "./request-form.tsx";

/** {gas} As measured, with some room: approval and request. See docs/gas.md. */
const REQUEST_GAS = 165_000n;

/** The form. */
export function DepositForm({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, at } = desk;
  return (
    <RequestForm
      desk={desk}
      terms={{
        label: `Amount of ${site.coin.symbol}`,
        given: site.coin,
        all: at.account.coins,
        taken: site.share,
        bringsOf: (amount) => sharesFor(desk, amount),
        hindranceOf: (amount) => depositHindrance(desk, amount),
        costsOf: (amount) => costFacts(desk, amount),
        request: {
          button: "Request the deposit",
          gas: REQUEST_GAS,
          priced: `at the first rebalance after ${formatTime(at.cutoff)}; until then you can take it back`,
          callOf: (amount) => depositRequestCall(depositorOf(desk), amount),
          actionOf: (amount) => requestAction(desk, amount),
        },
        atOnce: { button: "Deposit now", actionOf: (amount) => atOnceAction(desk, amount) },
      }}
    />
  );
}

function costFacts(desk: Desk, amount: bigint): readonly Fact[] {
  const { costs } = desk.at;
  const value = valueIn(desk, amount);
  const measured =
    costs.measured === undefined ? "not measured yet" : `${formatBps(costs.measured.mean)}, in the swing`;
  return [
    ["Swing, kept by the fund", `${formatBps(costs.swing.deposit)}: ${shownUsd(swingOf(value, costs.swing.deposit))}`],
    ["Expected trading cost", measured],
    ["Management fee", `${formatBps(costs.fee.now)} a year: ${shownUsd(swingOf(value, costs.fee.now))}`],
    ["Pays in", `${desk.site.coin.symbol} ${desk.site.coin.token}`],
  ];
}

function requestAction(desk: Desk, amount: bigint): Action {
  return async (onStep) => {
    const { sender, at, site } = desk;
    const spender = at.fund.deployment.addresses.vault;
    await approve(sender, { token: site.coin.token as `0x${string}`, spender, amount }, onStep);
    onStep("Confirm the request in your wallet");
    const receipt = await send(sender, depositRequestCall(depositorOf(desk), amount));
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
