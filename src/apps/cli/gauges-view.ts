// Turns gauges into JSON, and into lines that say what each reads and how often it was right.
import { type Json } from "../../core/canonical-json.ts";
import type { JudgedGauge } from "../../research/gauges.ts";
import { HIT_RATE_DEFINITION } from "../../research/hit-rate.ts";
import { orNull } from "./figures-view.ts";
import { formatTable } from "./output.ts";

/** Each gauge with definition, history and hit rate; `isKnown` is false where the data hold none of it. */
export function gaugesJson(gauges: readonly JudgedGauge[]): Json {
  return gauges.map(({ name, unit, definition, values, hitRate }) => {
    const { weeks, hits, hit_rate, interval, always_up } = hitRate;
    return {
      name,
      unit,
      definition,
      isKnown: values.some(Number.isFinite),
      latest: orNull(values.at(-1) ?? Number.NaN),
      hitRate: { weeks, hits, hit_rate: orNull(hit_rate), interval: [...interval], always_up: orNull(always_up) },
      hitRateDefinition: HIT_RATE_DEFINITION,
      values: values.map(orNull),
    };
  });
}

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
