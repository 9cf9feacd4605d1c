// Turns the methodology into its rules in short, with the parameters that are in force.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { Card } from "../../ui/parts.tsx";

const RULES = [
  [
    "Decide",
    "Every Monday at 00:30 UTC, from closes up to Sunday 24:00 and nothing later. One function decides, in the backtest as here.",
  ],
  [
    "Who is in",
    "The 100 largest coins by 7-day average market cap. Stable, wrapped, staked and pegged coins are out, each with its reason; in at rank 90, out below 110.",
  ],
  [
    "How much",
    "By market cap, within caps on chain: bitcoin 80 %, ether 40 %, any other with a feed 15 %, without one 1 % and 10 % together.",
  ],
  [
    "Regime",
    "Five votes: the index above its 10, 20 and 40 week mean, and above its level 12 and 26 weeks ago. Bull at 0.6 or more, bear at 0.4 or less, in between as before.",
  ],
  ["In a bear regime", "Only stablecoins, each at most 60 % while two of them hold their peg."],
  [
    "Trade",
    "Towards stablecoins at once, on any day, never delayed. Anything else at Monday 12:00, so that it can be looked at and withdrawn.",
  ],
  [
    "Strike",
    "Requests close on Sunday 24:00 UTC. Deposits are priced at the start of the next rebalance, redemptions at its finish.",
  ],
] as const;

/** The rules in short, and the parameters as they are. */
export function Methodology({
  answer,
  isOfChain,
}: {
  readonly answer: Answer<"rules">;
  readonly isOfChain: boolean;
}): ReactElement {
  return (
    <Card title={`Methodology ${answer.methodology}`} note="in short; docs/methodology.md has all of it">
      <dl className="facts wide rules-list">
        {RULES.map(([name, words]) => (
          <RuleRow key={name} name={name} words={words} />
        ))}
      </dl>
      <details>
        <summary>Parameters in force</summary>
        {isOfChain ? (
          <p className="muted small">
            Unknown: the chain does not hold them. They are back with this page&apos;s server.
          </p>
        ) : (
          <pre className="document" tabIndex={0}>
            {JSON.stringify(answer.parameters, null, 2)}
          </pre>
        )}
      </details>
    </Card>
  );
}

function RuleRow({ name, words }: { readonly name: string; readonly words: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}
