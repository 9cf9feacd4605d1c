// Turns the points of the performance into the chart of a share's price and that of its drawdown.
import { type ReactElement, useMemo } from "react";

import type { Answer } from "../../data/api.ts";
import { formatNumber, formatPercent, secondsOf } from "../../format.ts";
import { Chart } from "../../ui/chart.tsx";
import { Legend } from "../../ui/legend.tsx";
import { type Line, lineDrawing } from "../../ui/line-drawing.ts";
import type { Palette } from "../../ui/palette.ts";
import { bandsOf, levelLines } from "../now/levels.tsx";

type Answered = Answer<"performance">;

/** Fund, twin and bitcoin on the regime's bands. */
export function NavChart({ answer }: { readonly answer: Answered }): ReactElement {
  const lines = useMemo(() => levelLines(answer), [answer]);
  const drawing = useMemo(() => {
    const what = { lines, bands: bandsOf(answer), format: (value: number) => formatNumber(value, 0) };
    return (palette: Palette) => lineDrawing(what, palette);
  }, [answer, lines]);
  return (
    <>
      <Chart
        drawing={drawing}
        words="Price of a share, the twin that never switches and bitcoin, each 1,000 at the start"
      />
      <Legend lines={lines} />
    </>
  );
}

/** How far below its highest price a share stood. */
export function DrawdownChart({ points }: { readonly points: Answered["points"] }): ReactElement {
  const drawing = useMemo(() => {
    const line: Line = {
      name: "Drawdown",
      color: "loss",
      isArea: true,
      points: points.map(({ time, drawdown }) => [secondsOf(time), drawdown]),
    };
    const what = { lines: [line], format: (value: number) => formatPercent(value, 0) };
    return (palette: Palette) => lineDrawing(what, palette);
  }, [points]);
  const deepest = Math.min(0, ...points.map(({ drawdown }) => drawdown));
  return (
    <Chart
      drawing={drawing}
      className="low"
      words={`Drawdown of a share; the deepest was ${formatPercent(deepest, 1)}`}
    />
  );
}
