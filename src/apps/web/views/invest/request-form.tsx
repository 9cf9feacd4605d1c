// Turns the terms of an exchange into a form: an amount, every cost of it, and a request or an exchange at once.
import { type ReactElement, useState } from "react";

import { decimalString } from "../../../../core/units.ts";
import type { Call } from "../../../../execute/send.ts";
import { type Fact, Facts } from "../../ui/parts.tsx";
import { ChoiceField } from "../../ui/search-field.tsx";
import type { Action } from "../../wallet/act.ts";
import type { Units } from "../../wallet/words.ts";
import { type Desk, gasFact, goalFact, leastOf, shown } from "./desk.ts";
import { AmountField, SendButton } from "./form-parts.tsx";
import { RiskCheck } from "./risks.tsx";
import { useRequest } from "./use-request.ts";

/** {gas} As measured, with some room: permit and exchange. See docs/gas.md. */
const AT_ONCE_GAS = 650_000n;

const WAYS = [
  ["once", "At once, in one transaction"],
  ["request", "By request, priced at the next rebalance"],
] as const;

/** What is given, what it brings, and how. */
export type Terms = {
  readonly label: string;
  readonly given: Units;
  /** Of what is given, in the account. */
  readonly all: bigint;
  readonly taken: Units;
  /** Of what is taken, for an amount of what is given, at today's price. */
  readonly bringsOf: (amount: bigint) => bigint;
  readonly hindranceOf: (amount: bigint) => string | undefined;
  /** What the exchange costs beside gas. */
  readonly costsOf: (amount: bigint) => readonly Fact[];
  readonly request: {
    readonly button: string;
    /** {gas} As measured. */
    readonly gas: bigint;
    /** When it is priced, in words. */
    readonly priced: string;
    readonly callOf: (amount: bigint) => Call;
    readonly actionOf: (amount: bigint) => Action;
  };
  readonly atOnce: { readonly button: string; readonly actionOf: (amount: bigint) => Action };
};

/** The form. While the fund is in stablecoins the exchange can be made at once. */
export function RequestForm({ desk, terms }: { readonly desk: Desk; readonly terms: Terms }): ReactElement {
  const { label, given, all, hindranceOf, request } = terms;
  const [way, setWay] = useState<string>("once");
  const isInStablecoins = desk.at.regime === "bear";
  const isAtOnce = isInStablecoins && way === "once";
  const form = useRequest(desk, {
    units: given,
    hindranceOf,
    callOf: (amount) => (isAtOnce ? undefined : request.callOf(amount)),
  });
  const { amount, gas } = form;
  const chosen = isAtOnce ? terms.atOnce : request;
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        form.send(chosen.actionOf);
      }}
    >
      <AmountField
        label={label}
        value={form.text}
        all={decimalString(all, given.decimals)}
        allWords={`All: ${shown(all, given)}`}
        fault={form.fault}
        onChange={form.setText}
      />
      {isInStablecoins ? <ChoiceField label="How" value={way} choices={WAYS} onChange={setWay} /> : null}
      {amount === undefined ? null : <Facts of={factsOf(desk, terms, { amount, isAtOnce, gas })} />}
      <RiskCheck />
      <SendButton label={chosen.button} of={form} />
    </form>
  );
}

type Wanted = { readonly amount: bigint; readonly isAtOnce: boolean; readonly gas: bigint | undefined };

function factsOf(desk: Desk, terms: Terms, { amount, isAtOnce, gas }: Wanted): readonly Fact[] {
  const { taken, request } = terms;
  const brings = terms.bringsOf(amount);
  const least = isAtOnce ? [["At least, or nothing happens", shown(leastOf(brings), taken)] as const] : [];
  return [
    ["You get about", shown(brings, taken)],
    ...least,
    ...terms.costsOf(amount),
    gasFact(desk, gas, isAtOnce ? AT_ONCE_GAS : request.gas),
    goalFact(desk, isAtOnce ? "gateway" : "vault"),
    ["Priced", isAtOnce ? "in the same transaction" : request.priced],
  ];
}
