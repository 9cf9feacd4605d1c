// Turns limits and guards into bars of how much is used, and into moments.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { floatOf, formatPercent, formatTime } from "../../format.ts";
import { Card, Facts, Meter, Notice } from "../../ui/parts.tsx";

type Answered = Answer<"rules">;

const LOSSES = [
  ["rebalance", "The rebalance under way", "what one rebalance may lose to trading"],
  ["window", "All rebalances of 30 days", "together, exits apart"],
  ["exit", "The exit under way", "the way to stablecoins has a budget of its own"],
] as const;

/** Budgets with what is used, and what happens when. */
export function Limits({ limits, guards, assets }: Pick<Answered, "limits" | "guards" | "assets">): ReactElement {
  const symbols = new Map(assets.map(({ index, symbol }) => [index, symbol]));
  const named = (indexes: readonly number[]): string =>
    indexes.length === 0 ? "none" : indexes.map((index) => symbols.get(index) ?? `asset ${index}`).join(", ");
  const stale = limits.prices.filter(({ isFresh }) => !isFresh).map(({ index }) => index);
  return (
    <>
      <Card title="What trading may lose" className="span-6" note="of the value before, at the oracle's prices">
        <div className="stack">
          {LOSSES.map(([key, name, about]) => (
            <Budget key={key} name={name} about={about} loss={limits.losses[key]} />
          ))}
        </div>
      </Card>
      <Card title="Moments and guards" className="span-6">
        <Facts
          of={[
            ["This week's requests close", formatTime(limits.cutoff)],
            ["Back into the market from", formatTime(limits.returnFrom)],
            [
              "Anyone may carry out the exit",
              limits.exitOpenToAll === null ? "no exit waits" : `from ${formatTime(limits.exitOpenToAll)}`,
            ],
            [
              "Anyone may sell, if nothing finishes",
              guards.abandonedFrom === null ? "not in the market" : `from ${formatTime(guards.abandonedFrom)}`,
            ],
            [
              "Buying",
              guards.buyingPausedUntil === null ? "open" : `paused until ${formatTime(guards.buyingPausedUntil)}`,
            ],
            ["Closed by the guardian", named(guards.closed)],
            ["In quarantine", named(guards.quarantined)],
            ["Prices", `${limits.prices.length - stale.length} of ${limits.prices.length} fresh`],
          ]}
        />
        {stale.length === 0 ? null : <Notice mood="warn">No fresh price: {named(stale)}.</Notice>}
      </Card>
    </>
  );
}

function Budget(props: {
  readonly name: string;
  readonly about: string;
  readonly loss: Answered["limits"]["losses"]["exit"];
}): ReactElement {
  const { name, about, loss } = props;
  const [used, limit] = [floatOf(loss.used), floatOf(loss.limit)];
  const words = `${formatPercent(used)} of ${formatPercent(limit)} used`;
  return (
    <div>
      <div className="budget">
        <span>{name}</span>
        <span>{words}</span>
      </div>
      <p className="muted small">{about}</p>
      <Meter label={name} part={limit === 0 ? 0 : used / limit} words={words} />
    </div>
  );
}
