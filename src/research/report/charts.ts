// Turns series into charts: SVG text that stands in a page by itself, without a script.
import { type EChartsCoreOption, init, use } from "echarts/core";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkAreaComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { escaped } from "./page.ts";

use([LineChart, GridComponent, LegendComponent, MarkAreaComponent, SVGRenderer]);

/** One line of a chart; NaN leaves a hole. */
export type Line = { readonly name: string; readonly values: readonly number[] };

/** What a chart shows. */
export type Chart = {
  readonly title: string;
  /** What stands at the bottom, one a value. */
  readonly labels: readonly string[];
  readonly lines: readonly Line[];
  /** Unit of the values, in words. */
  readonly unit: string;
  readonly scale: "linear" | "log";
  /** Stretches of labels, both ends included, that are shaded: time in stablecoins. */
  readonly shaded: readonly (readonly [string, string])[];
};

const WIDTH = 1040;
const HEIGHT = 380;
const COLORS = ["#1f5fa8", "#7a7a7a", "#d98e04", "#3f9b6d", "#a04a9c"];
/** {1} Digits of what is drawn: more would only make the page larger. */
const DIGITS = 5;

/** A chart as SVG under its title. The same chart gives the same bytes. */
export function chartSvg(chart: Chart): string {
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  drawing.setOption(optionOf(chart));
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return `<h3>${escaped(chart.title)}</h3>\n${withStableIds(svg, chart.title)}`;
}

function optionOf({ labels, lines, unit, scale, shaded }: Chart): EChartsCoreOption {
  return {
    animation: false,
    color: COLORS,
    legend: { show: lines.length > 1, top: 0, left: "center", data: lines.map(({ name }) => name) },
    grid: { left: 64, right: 16, top: 48, bottom: 32 },
    xAxis: { type: "category", data: [...labels], boundaryGap: false, axisLine: { onZero: false } },
    yAxis: { type: scale === "log" ? "log" : "value", name: unit, scale: true },
    series: lines.map(({ name, values }, i) => ({
      name,
      type: "line",
      showSymbol: false,
      lineStyle: { width: i === 0 ? 2 : 1 },
      data: values.map((value) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null)),
      ...(i === 0 ? { markArea: shading(shaded) } : {}),
    })),
  };
}

function shading(shaded: Chart["shaded"]): object {
  return {
    silent: true,
    itemStyle: { color: "rgba(200, 60, 60, 0.10)" },
    data: shaded.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
  };
}

/** Names within a drawing count up over the life of the process: here they count from the title instead. */
function withStableIds(svg: string, title: string): string {
  const prefix = title.toLowerCase().replace(/[^a-z]+/g, "-");
  const names = new Map<string, string>();
  const plain = svg.replace(/ ecmeta_[a-z_]+="[^"]*"/g, "");
  return plain.replace(/\bzr\d+-(?:[a-z]+-)?[a-z]*\d+/g, (name) => {
    const stable = names.get(name) ?? `${prefix}-${names.size}`;
    names.set(name, stable);
    return stable;
  });
}
