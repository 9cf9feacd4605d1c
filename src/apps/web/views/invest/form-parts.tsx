// Turns amounts, costs and progress into the parts that all three forms share.
import { type ReactElement, type ReactNode, useId } from "react";

import { Notice, TransactionLink } from "../../ui/parts.tsx";
import type { Progress } from "../../wallet/act.ts";

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

/** Where the action stands, announced. */
export function ProgressWords({ progress }: { readonly progress: Progress }): ReactElement {
  return (
    <div aria-live="polite" data-progress={progress.kind}>
      {bodyOf(progress)}
    </div>
  );
}

function bodyOf(progress: Progress): ReactNode {
  switch (progress.kind) {
    case "idle":
      return null;
    case "working":
      return <Notice>{progress.step}…</Notice>;
    case "failed":
      return <Notice mood="bad">{progress.words}</Notice>;
    case "done":
      return (
        <Notice mood="good">
          {progress.words} {progress.transaction === undefined ? null : <TransactionLink hash={progress.transaction} />}
        </Notice>
      );
  }
}
