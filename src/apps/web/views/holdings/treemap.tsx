// Turns holdings into a map: the area of each is its weight, the color what its price did in the week.
import type { EChartsCoreOption } from "echarts/core";
import { type ReactElement, useCallback } from "react";

import type { Answer } from "../../data/api.ts";
import { formatChange, formatPpm } from "../../format.ts";
import { Chart } from "../../ui/chart.tsx";
import type { Palette } from "../../ui/palette.ts";

type Holding = Answer<"holdings">["holdings"][number];

/** {1} A week's change from which on the color is full. */
const FULL = 0.15;
/** {1} A change from which on its tenths say little, and take room. */
const LARGE = 0.1;
/** {ppm} Smaller holdings have no room for their name, or for what their price did. */
const ROOM_FOR_NAME = 4000;
const ROOM_FOR_CHANGE = 8000;

/** The map, with its scale. */
export function Treemap({ holdings }: { readonly holdings: readonly Holding[] }): ReactElement {
  const drawing = useCallback((palette: Palette) => drawingOf(holdings, palette), [holdings]);
  return (
    <>
      <Chart
        drawing={drawing}
        className="tall"
        words="Map of the holdings by weight; the table below has every figure"
      />
      <p className="row small muted">
        <Swatch name="fall" /> {formatChange(-FULL, 0)} or less
        <Swatch name="even" /> unchanged or unknown
        <Swatch name="rise" /> {formatChange(FULL, 0)} or more
      </p>
    </>
  );
}

function Swatch({ name }: { readonly name: string }): ReactElement {
  return (
    <svg className={`swatch ${name}`} viewBox="0 0 12 12" aria-hidden="true">
      <rect width="12" height="12" rx="3" />
    </svg>
  );
}

type Hovered = { readonly data: { readonly name: string; readonly words: string } };

function drawingOf(holdings: readonly Holding[], palette: Palette): EChartsCoreOption {
  return {
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 13 },
      formatter: ({ data }: Hovered) => data.words,
    },
    series: [
      {
        type: "treemap",
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        itemStyle: { borderColor: palette.surface, borderWidth: 1, gapWidth: 1 },
        label: {
          color: "#ffffff",
          fontSize: 12,
          lineHeight: 16,
          padding: 1,
          overflow: "truncate",
          formatter: ({ data }: Hovered) => data.name,
        },
        data: holdings.map((holding) => nodeOf(holding)),
      },
    ],
  };
}

function nodeOf({ symbol, weightPpm, weekChange, isStable }: Holding): EChartsCoreOption {
  const change =
    weekChange === null || weightPpm < ROOM_FOR_CHANGE
      ? ""
      : `\n${formatChange(weekChange, Math.abs(weekChange) < LARGE ? 1 : 0)}`;
  const name = weightPpm < ROOM_FOR_NAME ? "" : `${symbol}${change}`;
  const words = `${symbol}\n${formatPpm(weightPpm)} of the fund${weekChange === null ? "" : `\n${formatChange(weekChange)} in the week`}`;
  const color = changeColor(isStable ? null : weekChange);
  return { name, value: weightPpm, words, itemStyle: { color } };
}

type Color = readonly [number, number, number];

/** White text is readable on all of them, in both themes. */
const FALL: Color = [158, 36, 30];
const EVEN: Color = [86, 97, 109];
const RISE: Color = [12, 107, 67];

function changeColor(change: number | null): string {
  if (change === null) return `rgb(${EVEN.join(",")})`;
  const part = Math.min(1, Math.abs(change) / FULL);
  const end = change < 0 ? FALL : RISE;
  return `rgb(${EVEN.map((from, place) => Math.round(from + ((end[place] ?? from) - from) * part)).join(",")})`;
}
