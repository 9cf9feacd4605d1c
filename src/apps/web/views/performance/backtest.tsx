// Turns the research report's backtest into a panel that says at every turn that no money was moved.
import { type ReactElement, useMemo } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { capitalized, formatChange, formatNumber, formatPercent } from "../../format.ts";
import { Chart } from "../../ui/chart.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Legend } from "../../ui/legend.tsx";
import { type Line, lineDrawing } from "../../ui/line-drawing.ts";
import type { Palette } from "../../ui/palette.ts";
import { Card, Change, Failure, Loading, Notice } from "../../ui/parts.tsx";
import { FigureTable } from "./figure-table.tsx";

type Answered = Answer<"backtest">;

/** The backtest of the rules in force. */
export function Backtest(): ReactElement {
  const { told, error } = useAnswer("backtest");
  if (told === undefined) {
    return error === null ? (
      <Loading what="the backtest" />
    ) : (
      <Failure error={error} what="The backtest is not there." />
    );
  }
  return <Shown answer={told.answer} />;
}

function Shown({ answer }: { readonly answer: Answered }): ReactElement {
  const { figures, definitions, intervals, notices, trialsRun, from, to, strategy } = answer;
  return (
    <div className="grid backtest">
      <Notice mood="warn">
        <strong>Backtest. No money was moved.</strong> These are the rules of today applied to the past ({from} to {to},
        strategy {strategy}), after {formatNumber(trialsRun, 0)} trials on the same history, each of which makes luck
        look more like skill. Expect less.
        {notices.map((notice) => (
          <p key={notice} className="small">
            {notice}
          </p>
        ))}
      </Notice>
      <Card title="Growth of 1 (backtest)" note="logarithmic">
        <GrowthChart weeks={answer.weeks} />
      </Card>
      <Card title="By year (backtest)" className="span-6">
        <YearTable years={answer.years} />
      </Card>
      <Card title="Rivals (backtest)" className="span-6">
        <Measured rows={answer.benchmarks} label="Benchmarks" />
      </Card>
      <Card title="Stress tests (backtest)" note="the same rules under worse conditions">
        <Measured rows={answer.stresses} label="Stress tests" />
      </Card>
      <Card title="Figures (backtest)" note="with bootstrap intervals and definitions">
        <FigureTable figures={figures} definitions={definitions} intervals={intervals} />
      </Card>
    </div>
  );
}

function GrowthChart({ weeks }: { readonly weeks: Answered["weeks"] }): ReactElement {
  const lines = useMemo(() => growthLines(weeks), [weeks]);
  const drawing = useMemo(() => {
    const what = { lines, isLog: true, format: (value: number) => formatNumber(value, value < 10 ? 1 : 0) };
    return (palette: Palette) => lineDrawing(what, palette);
  }, [lines]);
  return (
    <>
      <Chart drawing={drawing} words="Backtest: growth of 1 by the rules, and of the index held all the time" />
      <Legend lines={lines} />
    </>
  );
}

function growthLines(weeks: Answered["weeks"]): Line[] {
  const grown = (read: (week: Answered["weeks"][number]) => number | null): Line["points"] => {
    let level = 1;
    return weeks.map((week) => {
      level *= 1 + (read(week) ?? 0);
      return [Date.parse(week.date) / 1000, level];
    });
  };
  return [
    { name: "By the rules (backtest)", color: "accent", points: grown((week) => week.return) },
    {
      name: "Index, never switching (backtest)",
      color: "link",
      isDashed: true,
      points: grown((week) => week.index_return),
    },
  ];
}

function YearTable({ years }: { readonly years: Answered["years"] }): ReactElement {
  return (
    <DataTable label="Years of the backtest" caption="Backtest by year" columns={["Year", "By the rules", "Index"]}>
      {years.map(({ period, total_return, index_return }) => (
        <tr key={period}>
          <td>{period}</td>
          <td>
            <Change share={total_return}>{formatChange(total_return, 1)}</Change>
          </td>
          <td>
            <Change share={index_return}>{formatChange(index_return, 1)}</Change>
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

type Row = Answered["benchmarks"][number];

/** Rows of the same few fields, whatever they are called. */
function Measured({ rows, label }: { readonly rows: readonly Row[]; readonly label: string }): ReactElement {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <DataTable label={label} columns={names.map((name) => capitalized(name.replaceAll("_", " ")))}>
      {rows.map((row) => (
        <tr key={JSON.stringify(row)}>
          {names.map((name) => (
            <td key={name}>{valueOf(name, row[name] ?? null)}</td>
          ))}
        </tr>
      ))}
    </DataTable>
  );
}

function valueOf(name: string, value: Row[string]): string {
  if (value === null) return "–";
  if (typeof value === "string") return value.replaceAll("_", " ");
  return /cagr|return|drawdown|volatility/.test(name)
    ? formatPercent(value, 1)
    : formatNumber(value, Number.isInteger(value) ? 0 : 3);
}
