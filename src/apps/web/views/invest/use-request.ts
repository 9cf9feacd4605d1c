// Turns what is typed into an amount that may be sent, with the gas that it takes and how its action stands.
import { useState } from "react";

import type { Call } from "../../../../execute/send.ts";
import { type Action, type Progress, useAct } from "../../wallet/act.ts";
import { useGas } from "../../wallet/use-gas.ts";
import type { Units } from "../../wallet/words.ts";
import { amountTyped } from "./amount.ts";
import type { Desk } from "./desk.ts";
import { useRisksRead } from "./risks.tsx";

/** What a form asks for. */
export type Asked = {
  /** What the amount is of. */
  readonly units: Units;
  /** Why an amount cannot be sent now; undefined when it can. */
  readonly hindranceOf: (amount: bigint) => string | undefined;
  /** What would be sent; undefined where its gas cannot be estimated before something is signed. */
  readonly callOf: (amount: bigint) => Call | undefined;
};

/** What stands in a form. */
export type Request = {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly amount: bigint | undefined;
  readonly fault: string | undefined;
  /** {gas} By the estimate of the wallet's node. */
  readonly gas: bigint | undefined;
  readonly progress: Progress;
  readonly isReady: boolean;
  /** Sends it when everything is ready for it. */
  readonly send: (actionOf: (amount: bigint) => Action) => void;
};

/** The state of a form with one amount. */
export function useRequest(desk: Desk, { units, hindranceOf, callOf }: Asked): Request {
  const [text, setText] = useState("");
  const isRead = useRisksRead();
  const { progress, run } = useAct(units);
  const typed = amountTyped(text, units);
  const fault = typed.fault ?? hindranceOf(typed.amount);
  const { amount } = typed;
  const gas = useGas(desk.sender, amount === undefined || fault !== undefined ? undefined : callOf(amount));
  const isReady = amount !== undefined && fault === undefined && isRead && progress.kind !== "working";
  const send = (actionOf: (amount: bigint) => Action): void => {
    if (isReady) run(actionOf(amount));
  };
  return { text, setText, amount, fault, gas, progress, isReady, send };
}
