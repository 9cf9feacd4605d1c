// Turns what is typed into an amount that may be sent, with the gas that it takes and how its action stands.
import { useState } from "react";

import type { Call } from "../../../../execute/send.ts";
import { type Action, type Progress, useAct } from "../../wallet/act.ts";
import { useGas } from "../../wallet/use-gas.ts";
import type { Units } from "../../wallet/words.ts";
import { amountTyped } from "./amount.ts";
import type { Desk } from "./desk.ts";
import { RISKS_READ, useRisksRead } from "./risks.tsx";

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
  /** What lacks, once it was tried to be sent without that. */
  readonly missing: string | undefined;
  /** Sends it when everything is ready for it. */
  readonly send: (actionOf: (amount: bigint) => Action) => void;
};

/** The state of a form with one amount. */
export function useRequest(desk: Desk, { units, hindranceOf, callOf }: Asked): Request {
  const [text, setText] = useState("");
  const [isTried, setTried] = useState(false);
  const isRead = useRisksRead();
  const { progress, run } = useAct(units);
  const typed = amountTyped(text, units);
  const fault = typed.fault ?? hindranceOf(typed.amount);
  const { amount } = typed;
  const gas = useGas(desk.sender, amount === undefined || fault !== undefined ? undefined : callOf(amount));
  const lacking = fault ?? (isRead ? undefined : `Tick first: “${RISKS_READ}”`);
  const isReady = lacking === undefined && progress.kind !== "working";
  const send = (actionOf: (amount: bigint) => Action): void => {
    setTried(lacking !== undefined);
    if (isReady && amount !== undefined) run(actionOf(amount));
  };
  return { text, setText, amount, fault, gas, progress, isReady, missing: isTried ? lacking : undefined, send };
}
