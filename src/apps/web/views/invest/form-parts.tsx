// Turns amounts, costs and progress into the parts that all three forms share.
import { type ReactElement, type ReactNode, useId } from "react";

import { TransactionLink } from "../../ui/parts.tsx";
import type { Progress } from "../../wallet/act.ts";
import type { Request } from "./use-request.ts";

/** A field for an amount with a button for all of it. */
export function AmountField(props: {
  readonly label: string;
  readonly value: string;
  readonly all: string;
  readonly allWords: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const { label, value, all, allWords, fault, onChange } = props;
  const id = useId();
  return (
    <div className="field">
      <div className="row row-between">
        <label htmlFor={id} className="label">
          {label}
        </label>
        <button
          type="button"
          className="link-button small"
          onClick={() => {
            onChange(all);
          }}
        >
          {allWords}
        </button>
      </div>
      <input
        id={id}
        className="input amount"
        inputMode="decimal"
        autoComplete="off"
        placeholder="0.00"
        value={value}
        aria-invalid={fault !== undefined && value !== ""}
        aria-describedby={`${id}-fault`}
        onChange={({ target }) => {
          onChange(target.value);
        }}
      />
      <span id={`${id}-fault`} className="fall small" role="status">
        {value === "" ? "" : fault}
      </span>
    </div>
  );
}

/**
 * Sends a form. It keeps the focus while it cannot be pressed, and whoever presses it all the same, or Enter in a field,
 * hears what is missing.
 */
export function SendButton(props: {
  readonly label: string;
  readonly of: Pick<Request, "isReady" | "missing" | "progress">;
}): ReactElement {
  const { isReady, missing, progress } = props.of;
  return (
    <>
      <button type="submit" className="button primary" aria-disabled={!isReady}>
        {props.label}
      </button>
      <ProgressWords progress={progress} missing={missing} />
    </>
  );
}

/** Where the action stands, or what it lacks to begin, announced. */
export function ProgressWords(props: {
  readonly progress: Progress;
  readonly missing?: string | undefined;
}): ReactElement {
  const { progress, missing } = props;
  return (
    <div aria-live="polite" data-progress={progress.kind}>
      {missing === undefined ? bodyOf(progress) : <div className="notice warn">{missing}</div>}
    </div>
  );
}

function bodyOf(progress: Progress): ReactNode {
  switch (progress.kind) {
    case "idle":
      return null;
    case "working":
      return <div className="notice">{progress.step}…</div>;
    case "failed":
      return <div className="notice bad">{progress.words}</div>;
    case "done":
      return (
        <div className="notice good">
          {progress.words} {progress.transaction === undefined ? null : <TransactionLink hash={progress.transaction} />}
        </div>
      );
  }
}
