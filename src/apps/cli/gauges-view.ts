// Turns gauges into JSON, and into lines that say what each reads and how often it was right.
import type { IsoDate } from "../../core/time.ts";
import type { JudgedGauge } from "../../research/gauges.ts";
import { formatTable } from "./output.ts";

/** Gauges with the close of their latest readings. */
export type DatedGauges = { readonly close: IsoDate; readonly gauges: readonly JudgedGauge[] };

/** What the gauges say of the regime, and which of them the data hold nothing of. */
export function gaugeLines({ close, gauges }: DatedGauges): string[] {
  const isRead = ({ values }: JudgedGauge): boolean => values.some(Number.isFinite);
  const read = gauges.filter(isRead);
  const missing = gauges.filter((gauge) => !isRead(gauge));
  return [
    ...(read.length === 0 ? [] : [`Beside the regime, deciding nothing, at the close of ${close}:`, gaugeTable(read)]),
    ...(missing.length === 0 ? [] : ["", `No ${missing.map(({ name }) => name).join(", ")} in these data.`]),
  ];
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
      const reading = Number.isFinite(latest) ? latest.toPrecision(3) : "ended";
      return [name, reading, unit, share(hitRate.hit_rate), String(hitRate.weeks), share(hitRate.always_up)];
    }),
  );
}
