// Turns the gauges beside the regime into cards: reading, history, definition, and how often each was right.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, formatNumber, formatPercent } from "../../format.ts";
import { Spark } from "../../ui/spark.tsx";

type Gauge = NonNullable<Answer<"now">["signal"]>["gauges"][number];

/** {week} Of a gauge's history. */
const SHOWN = 156;

/** The unit of a gauge that is a regime by itself. */
const STATES = "1 bull, 0 bear";

/** All gauges. */
export function Gauges({ gauges }: { readonly gauges: readonly Gauge[] }): ReactElement {
  const { told } = useAnswer("gauges");
  const histories = new Map(told?.answer.gauges.map(({ name, values }) => [name, values.slice(-SHOWN)]));
  return (
    <section aria-label="Gauges">
      <div className="section-head">
        <h2>Gauges beside the regime</h2>
        <p className="muted small">
          They are shown and recorded; only the trend score decides. A hit rate is the share of weeks after which the
          market went where the gauge pointed, out of sample; compare it with always saying &ldquo;up&rdquo;.
        </p>
      </div>
      <ul className="gauges">
        {gauges.map((gauge) => (
          <GaugeCard key={gauge.name} gauge={gauge} history={histories.get(gauge.name)} />
        ))}
      </ul>
    </section>
  );
}

function GaugeCard({
  gauge,
  history,
}: {
  readonly gauge: Gauge;
  readonly history: readonly (number | null)[] | undefined;
}): ReactElement {
  return (
    <li className="card">
      <div className="row row-between">
        <h3>{capitalized(gauge.name)}</h3>
        <span className="gauge-value">{gauge.isKnown ? readingOf(gauge) : "No data"}</span>
      </div>
      {history === undefined ? null : (
        <Spark values={history} words={`${gauge.name}, the last ${history.length} weeks`} />
      )}
      <p className="small muted">{capitalized(gauge.definition)}.</p>
      {gauge.isKnown ? <HitRate gauge={gauge} /> : null}
    </li>
  );
}

function HitRate({ gauge: { hitRate, hitRateDefinition } }: { readonly gauge: Gauge }): ReactElement {
  if (hitRate.hit_rate === null) return <p className="small">No hit rate: none of its readings could be judged yet.</p>;
  const [low, high] = hitRate.interval;
  const range =
    low === undefined || high === undefined ? "" : ` (95 %: ${formatPercent(low, 0)} to ${formatPercent(high, 0)})`;
  return (
    <details className="small">
      <summary>
        Right in {formatPercent(hitRate.hit_rate, 1)} of {hitRate.weeks} weeks
        {hitRate.always_up === null ? "" : `; always up: ${formatPercent(hitRate.always_up, 1)}`}
      </summary>
      <p className="muted">
        {capitalized(hitRateDefinition)}
        {range}.
      </p>
    </details>
  );
}

function readingOf({ latest, unit }: Gauge): string {
  if (latest === null) return "–";
  if (unit === "share") return formatPercent(latest, 1);
  if (unit === STATES) return latest === 1 ? "Bull" : "Bear";
  const decimals = Math.abs(latest) >= 100 ? 0 : Math.abs(latest) >= 1 ? 2 : 4;
  return `${formatNumber(latest, decimals)}${unit === "" || unit === "1" ? "" : ` ${unit}`}`;
}
