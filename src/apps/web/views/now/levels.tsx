// Turns the fund's level, its never-switching twin and bitcoin into a chart from a common start.
import { type ReactElement, useMemo } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { floatOf, formatChange, formatNumber, secondsOf } from "../../format.ts";
import { Chart } from "../../ui/chart.tsx";
import { Legend } from "../../ui/legend.tsx";
import { type Band, type Line, lineDrawing } from "../../ui/line-drawing.ts";
import { Card, Change } from "../../ui/parts.tsx";

type Performance = Answer<"performance">;
type Levels = Answer<"now">["levels"];

/** Everything starts here. */
const START = 1000;

/** Fund, twin and bitcoin, each 1000 at the fund's first finish. */
export function Levels({ levels, isOfChain }: { readonly levels: Levels; readonly isOfChain: boolean }): ReactElement {
  const { told } = useAnswer("performance");
  const lines = useMemo(() => (told === undefined ? [] : levelLines(told.answer)), [told]);
  const bands = useMemo(() => (told === undefined ? [] : bandsOf(told.answer)), [told]);
  return (
    <Card title="Fund, twin and bitcoin" className={isOfChain ? "" : "span-7"} note="1,000 at the fund's first finish">
      <dl className="level-row">
        <Level name="Fund" value={levels.fund} />
        <Level name="Twin that never switches" value={levels.twin} />
        <Level name="Bitcoin" value={levels.bitcoin} />
      </dl>
      {lines.length === 0 ? null : <LevelChart lines={lines} bands={bands} />}
    </Card>
  );
}

function LevelChart({
  lines,
  bands,
}: {
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
}): ReactElement {
  const drawing = useMemo(() => {
    const format = (value: number): string => formatNumber(value, 0);
    return (palette: Parameters<typeof lineDrawing>[1]) => lineDrawing({ lines, bands, format }, palette);
  }, [lines, bands]);
  return (
    <>
      <Chart drawing={drawing} words="Levels of fund, twin and bitcoin since the fund's first finish" className="mid" />
      <Legend lines={lines} />
    </>
  );
}

function Level({ name, value }: { readonly name: string; readonly value: number | null }): ReactElement {
  return (
    <div>
      <dt className="label">{name}</dt>
      <dd>
        <span className="figure small-figure">{value === null ? "–" : formatNumber(value, 1)}</span>{" "}
        {value === null ? null : <Change share={value - START}>{formatChange(value / START - 1, 1)}</Change>}
      </dd>
    </div>
  );
}

/** Lines from the first finish on. */
export function levelLines({ points }: Pick<Performance, "points">): Line[] {
  const [first] = points;
  if (first === undefined) return [];
  const line = (read: (point: Performance["points"][number]) => string | null): Line["points"] => {
    const base = points.map(read).find((value) => value !== null) ?? undefined;
    return points.map((point) => {
      const value = read(point);
      const level = value === null || base === undefined ? null : (floatOf(value) / floatOf(base)) * START;
      return [secondsOf(point.time), level];
    });
  };
  const lines: readonly Line[] = [
    { name: "Fund", color: "accent", points: line(({ navPerShareUsd }) => navPerShareUsd) },
    { name: "Twin", color: "link", isDashed: true, points: line(({ twinLevel }) => twinLevel) },
    { name: "Bitcoin", color: "bear", isDashed: true, points: line(({ bitcoinUsd }) => bitcoinUsd) },
  ];
  return lines.filter(({ points: values }) => values.some(([, value]) => value !== null));
}

/** The regimes as bands; the last one ends with the last point. */
export function bandsOf({ ribbon, points }: Pick<Performance, "ribbon" | "points">): Band[] {
  const end = points.at(-1)?.time;
  return ribbon.flatMap(({ regime, from, to }) => {
    const until = to ?? end;
    return until === undefined ? [] : [{ regime, from: secondsOf(from), to: secondsOf(until) }];
  });
}
