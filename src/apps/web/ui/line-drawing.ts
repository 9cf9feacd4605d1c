// Turns series over time into the drawing of lines with a tooltip in plain text, on bands that show the regime.
import type { EChartsCoreOption } from "echarts/core";

import { formatDate } from "../format.ts";
import type { Palette } from "./palette.ts";

/** One line: points of time {s} and value; the color by its name in the palette. */
export type Line = {
  readonly name: string;
  readonly color: keyof Palette;
  readonly points: readonly (readonly [number, number | null])[];
  readonly isDashed?: boolean;
  readonly isArea?: boolean;
};

/** A span of time {s} in a regime. */
export type Band = { readonly regime: string; readonly from: number; readonly to: number };

/** What is drawn, and how values read. */
export type Lines = {
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly format: (value: number) => string;
  /** True for levels, which are compared by ratio. */
  readonly isLog?: boolean;
};

type Hovered = {
  readonly seriesName: string;
  readonly value: readonly [number, number | null];
  readonly marker: string;
};

/** The drawing of lines over time. */
export function lineDrawing(what: Lines, palette: Palette): EChartsCoreOption {
  return {
    grid: { left: 8, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "time",
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.muted, hideOverlap: true, formatter: "{yyyy}-{MM}-{dd}" },
      splitNumber: 4,
    },
    yAxis: {
      type: what.isLog === true ? "log" : "value",
      scale: true,
      splitNumber: 4,
      axisLabel: { color: palette.muted, formatter: what.format },
      splitLine: { lineStyle: { color: palette.line } },
    },
    tooltip: tooltipOf(what, palette),
    series: what.lines.map((line, place) => seriesOf(line, palette, place === 0 ? (what.bands ?? []) : [])),
  };
}

function tooltipOf({ format }: Lines, palette: Palette): EChartsCoreOption {
  return {
    trigger: "axis",
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontSize: 13 },
    axisPointer: { lineStyle: { color: palette.muted } },
    formatter: (hovered: readonly Hovered[]) => {
      const [first] = hovered;
      if (first === undefined) return "";
      const rows = hovered.map(
        ({ seriesName, value }) => `${seriesName}  ${value[1] === null ? "–" : format(value[1])}`,
      );
      return [formatDate(first.value[0] / 1000), ...rows].join("\n");
    },
  };
}

function seriesOf(line: Line, palette: Palette, bands: readonly Band[]): EChartsCoreOption {
  const color = palette[line.color];
  return {
    type: "line",
    name: line.name,
    data: line.points.map(([time, value]) => [time * 1000, value]),
    showSymbol: line.points.length === 1,
    symbolSize: 5,
    connectNulls: true,
    itemStyle: { color },
    lineStyle: { color, width: line.isDashed === true ? 1.5 : 2, type: line.isDashed === true ? "dashed" : "solid" },
    ...(line.isArea === true ? { areaStyle: { color, opacity: 0.15 } } : {}),
    ...(bands.length === 0 ? {} : { markArea: { silent: true, data: bands.map((band) => areaOf(band, palette)) } }),
  };
}

function areaOf({ regime, from, to }: Band, palette: Palette): readonly EChartsCoreOption[] {
  const color = regime === "bull" ? palette.bullSoft : palette.bearSoft;
  return [{ xAxis: from * 1000, itemStyle: { color, opacity: 0.5 } }, { xAxis: to * 1000 }];
}
