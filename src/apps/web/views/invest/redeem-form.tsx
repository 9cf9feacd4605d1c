// Turns shares into a request for the deposit coin, or into the coin at once, after every cost was shown.
import type { ReactElement } from "react";

import { redemptionRequestCall, requestRedeem } from "../../../../execute/depositor.ts";
import { formatBps, formatTime } from "../../format.ts";
import type { Action } from "../../wallet/act.ts";
import { exchangeAtOnce } from "../../wallet/at-once.ts";
import { type Desk, coinsFor, depositorOf, leastOf, redeemHindrance, shown } from "./desk.ts";
import { RequestForm } from "./request-form.tsx";

/** {gas} As measured, with some room. See docs/gas.md. */
const REQUEST_GAS = 110_000n;

/** The form. */
export function RedeemForm({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, at } = desk;
  return (
    <RequestForm
      desk={desk}
      terms={{
        label: "Shares to give",
        given: site.share,
        all: at.account.shares,
        taken: site.coin,
        bringsOf: (shares) => coinsFor(desk, shares),
        hindranceOf: (shares) => redeemHindrance(desk, shares),
        costsOf: () => [["Swing, kept by the fund", formatBps(at.costs.swing.redemption)]],
        request: {
          button: "Request the redemption",
          gas: REQUEST_GAS,
          priced: `at the finish of the first rebalance after ${formatTime(at.cutoff)}; your shares move with the market until then`,
          callOf: (shares) => redemptionRequestCall(depositorOf(desk), shares),
          actionOf: (shares) => requestAction(desk, shares),
        },
        atOnce: { button: "Redeem now", actionOf: (shares) => atOnceAction(desk, shares) },
      }}
    />
  );
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
