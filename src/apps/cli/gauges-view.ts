// Turns gauges into JSON, and into lines that say what each reads and how often it was right.
import type { JudgedGauge } from "../../research/gauges.ts";
import { formatTable } from "./output.ts";

/** What the gauges say of the regime, or that the data hold none of them. */
export function gaugeLines(gauges: readonly JudgedGauge[]): string[] {
  if (gauges.some(({ values }) => values.some(Number.isFinite))) {
    return ["Beside the regime, deciding nothing:", gaugeTable(gauges)];
  }
  return [`No ${gauges.map(({ name }) => name).join(", ")} in these data.`];
}

/** A line a gauge, with the latest reading. */
function gaugeTable(gauges: readonly JudgedGauge[]): string {
  return formatTable(
    [
      { header: "gauge", align: "left" },
      { header: "reading", align: "right" },
      { header: "unit", align: "left" },
      { header: "hit rate [%]", align: "right" },
      { header: "of weeks", align: "right" },
      { header: "always up [%]", align: "right" },
    ],
    gauges.map(({ name, unit, values, hitRate }) => {
      const latest = values.at(-1) ?? Number.NaN;
      const share = (value: number): string => (Number.isFinite(value) ? (100 * value).toFixed(1) : "-");
      const reading = Number.isFinite(latest)
        ? latest.toPrecision(3)
        : values.some(Number.isFinite)
          ? "ended"
          : "no data";
      return [name, reading, unit, share(hitRate.hit_rate), String(hitRate.weeks), share(hitRate.always_up)];
    }),
  );
}
