// Turns the regimes since the start into one band of colors, with the same in words.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatDate, secondsOf } from "../../format.ts";
import { RegimePill } from "../../ui/parts.tsx";

type Span = Answer<"performance">["ribbon"][number];

/** The band, and a list of the switches. */
export function Ribbon({
  ribbon,
  end,
}: {
  readonly ribbon: readonly Span[];
  readonly end: string;
}): ReactElement | null {
  const [first] = ribbon;
  if (first === undefined) return null;
  const [from, to] = [secondsOf(first.from), secondsOf(end)];
  const width = Math.max(1, to - from);
  const place = (time: string): number => ((secondsOf(time) - from) / width) * 100;
  return (
    <>
      <svg
        className="ribbon"
        viewBox="0 0 100 10"
        preserveAspectRatio="none"
        role="img"
        aria-label="Regimes over time, listed below"
      >
        {ribbon.map((span) => (
          <rect
            key={span.targetId}
            className={span.regime === "bull" ? "bull" : "bear"}
            x={place(span.from)}
            width={Math.max(0.2, place(span.to ?? end) - place(span.from))}
            height="10"
          />
        ))}
      </svg>
      <details className="small">
        <summary>{ribbon.length} regimes</summary>
        <ul className="stack-small">
          {ribbon.map((span) => (
            <li key={span.targetId} className="row">
              <RegimePill regime={span.regime} /> {formatDate(span.from)} to{" "}
              {span.to === null ? "now" : formatDate(span.to)}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
