// Turns what can go wrong into a statement that is read before anything is signed.
import { type ReactElement, useId } from "react";

import { Card } from "../../ui/parts.tsx";
import { type Store, createStore, useStore } from "../../data/store.ts";

const RISKS = [
  [
    "You can lose everything.",
    "Crypto assets have fallen by 80 % and more, some to nothing. The signal can be late or wrong, and it can miss a rise while the fund waits in stablecoins.",
  ],
  [
    "The price is not known when you ask.",
    "A request is priced at the next rebalance. Until its week ends you can take it back; afterwards it moves with the market.",
  ],
  [
    "Contracts can fail.",
    "They are not audited. They are immutable: nobody can mend them in place. An exit in kind works without oracle, operator or pause, as far as each token itself moves.",
  ],
  [
    "Stablecoins can lose their peg.",
    "In a bear regime the fund is worth what they are worth. A coin outside 0.985 to 1.015 USD is not bought.",
  ],
  [
    "Prices come from feeds and pools.",
    "Both can be wrong for a while. Bounds, budgets and waiting times limit what that costs; they do not make it nothing.",
  ],
  ["A token can stop moving.", "Then your part of it waits for you, and may be worth nothing when it moves again."],
  ["Past figures say little.", "Whatever is marked as a backtest was never traded."],
] as const;

/** What is ticked before the first signature. */
export const RISKS_READ = "I have read what can go wrong, and I can bear to lose what I put in.";

const isRead: Store<boolean> = createStore(false);

/** True once the visitor has said so, on this visit. */
export function useRisksRead(): boolean {
  return useStore(isRead);
}

/** The statement. */
export function Risks(): ReactElement {
  return (
    <Card title="What can go wrong">
      <dl className="risks">
        {RISKS.map(([title, words]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd className="muted">{words}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** The word that is needed before the first signature. */
export function RiskCheck(): ReactElement {
  const checked = useRisksRead();
  const id = useId();
  return (
    <p className="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={({ target }) => {
          isRead.set(target.checked);
        }}
      />
      <label htmlFor={id}>{RISKS_READ}</label>
    </p>
  );
}
