// Turns the lines of a chart into their names beside a sample of each.
import type { ReactElement } from "react";

import type { Line } from "./line-drawing.ts";

/** The names of a chart's lines. */
export function Legend({
  lines,
}: {
  readonly lines: readonly Pick<Line, "name" | "color" | "isDashed">[];
}): ReactElement {
  return (
    <ul className="legend" aria-hidden="true">
      {lines.map(({ name, color, isDashed }) => (
        <li key={name}>
          <svg viewBox="0 0 22 6">
            <line
              className={`ink-${color}`}
              x1="1"
              x2="21"
              y1="3"
              y2="3"
              strokeWidth="2.5"
              strokeDasharray={isDashed === true ? "4 3" : undefined}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
