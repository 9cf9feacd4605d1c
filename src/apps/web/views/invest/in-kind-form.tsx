// Turns shares into their part of every holding that the depositor wants, at any moment and whatever the operator does.
import { type ReactElement, useState } from "react";

import { decimalString } from "../../../../core/units.ts";
import { inKindCall, redeemInKind } from "../../../../execute/depositor.ts";
import type { Holding } from "../../../../execute/read-account.ts";
import { formatNumber } from "../../format.ts";
import { Facts } from "../../ui/parts.tsx";
import type { Action } from "../../wallet/act.ts";
import { type Desk, depositorOf, gasFact, goalFact, redeemHindrance, shown, shownUsd } from "./desk.ts";
import { AmountField, SendButton } from "./form-parts.tsx";
import { RiskCheck } from "./risks.tsx";
import { useRequest } from "./use-request.ts";

/** {gas} As measured: the exit itself, and each token that moves. */
const BASE_GAS = 120_000n;
const TOKEN_GAS = 45_000n;

/** The form. */
export function InKindForm({ desk }: { readonly desk: Desk }): ReactElement {
  const { site, at } = desk;
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const form = useRequest(desk, {
    units: site.share,
    hindranceOf: (shares) => (shares > at.account.shares ? redeemHindrance(desk, shares) : undefined),
    callOf: (shares) => inKindCall(depositorOf(desk), shares, { skipped: [...skipped] }),
  });
  const { amount, gas } = form;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        form.send((shares) => leaveAction(desk, shares, [...skipped]));
      }}
    >
      <div className="form stack">
        <AmountField
          label="Shares to give"
          value={form.text}
          all={decimalString(at.account.shares, site.share.decimals)}
          allWords={`All: ${shown(at.account.shares, site.share)}`}
          fault={form.fault}
          onChange={form.setText}
        />
        <Totals desk={desk} shares={amount ?? 0n} skipped={skipped} gas={gas} />
      </div>
      <Parts desk={desk} shares={amount ?? 0n} skipped={skipped} onSkip={setSkipped} />
      <div className="form stack">
        <RiskCheck />
        <SendButton label="Leave in kind" of={form} />
      </div>
    </form>
  );
}

function Totals({
  desk,
  shares,
  skipped,
  gas,
}: {
  readonly desk: Desk;
  readonly shares: bigint;
  readonly skipped: ReadonlySet<number>;
  readonly gas: bigint | undefined;
}): ReactElement {
  const { holdings } = desk.at;
  const sum = (parts: readonly Holding[]): bigint =>
    parts.reduce((total, { value }) => total + partOf(desk, shares, value), 0n);
  const [taken, left] = [
    holdings.filter(({ index }) => !skipped.has(index)),
    holdings.filter(({ index }) => skipped.has(index)),
  ];
  return (
    <Facts
      of={[
        ["You get", `${taken.length} tokens worth about ${shownUsd(sum(taken))}`],
        ["You give up for good", left.length === 0 ? "nothing" : `${shownUsd(sum(left))}, left to those who stay`],
        ["Swing and fees", "none"],
        gasFact(desk, gas, BASE_GAS + TOKEN_GAS * BigInt(taken.length)),
        goalFact(desk, "vault"),
      ]}
    />
  );
}

function Parts(props: {
  readonly desk: Desk;
  readonly shares: bigint;
  readonly skipped: ReadonlySet<number>;
  readonly onSkip: (skipped: ReadonlySet<number>) => void;
}): ReactElement {
  const { desk, shares, skipped, onSkip } = props;
  const toggle = (index: number): void => {
    const next = new Set(skipped);
    if (!next.delete(index)) next.add(index);
    onSkip(next);
  };
  return (
    <fieldset className="parts" tabIndex={0}>
      <legend className="label">
        Take, of {formatNumber(desk.at.holdings.length, 0)} tokens (what you leave out is lost to you)
      </legend>
      <ul>
        {desk.at.holdings.map((holding) => (
          <Part
            key={holding.index}
            holding={holding}
            amount={partOf(desk, shares, holding.amount)}
            value={partOf(desk, shares, holding.value)}
            isTaken={!skipped.has(holding.index)}
            onToggle={toggle}
          />
        ))}
      </ul>
    </fieldset>
  );
}

function Part(props: {
  readonly holding: Holding;
  readonly amount: bigint;
  readonly value: bigint;
  readonly isTaken: boolean;
  readonly onToggle: (index: number) => void;
}): ReactElement {
  const { holding, amount, value, isTaken, onToggle } = props;
  const symbol = holding.asset?.symbol ?? holding.token;
  return (
    <li>
      <label className="check">
        <input
          type="checkbox"
          checked={isTaken}
          onChange={() => {
            onToggle(holding.index);
          }}
        />
        <span className="part">
          <strong>{symbol}</strong>
          <span className="muted small">
            {shown(amount, { symbol: "", decimals: holding.asset?.decimals ?? 0 })}, {shownUsd(value)}
          </span>
        </span>
      </label>
    </li>
  );
}

/** Rounded down, as the vault does. */
function partOf({ at }: Desk, shares: bigint, whole: bigint): bigint {
  return at.account.supply === 0n ? 0n : (whole * shares) / at.account.supply;
}

function leaveAction(desk: Desk, shares: bigint, skipped: readonly number[]): Action {
  const { site } = desk;
  return async (onStep) => {
    onStep("Confirm the exit in your wallet");
    const receipt = await redeemInKind(depositorOf(desk), shares, { skipped });
    const words = `You left with ${shown(shares, site.share)}. The tokens are in your account; what a token did not deliver waits under “To claim”.`;
    return { words, transaction: receipt.transactionHash };
  };
}
