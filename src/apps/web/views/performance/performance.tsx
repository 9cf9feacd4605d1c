// Turns what the fund did since its first finish into charts, tables and figures; the backtest stands apart, marked.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { formatAmount, formatDate, formatNumber, formatUsd } from "../../format.ts";
import { useRoute, hrefOf } from "../../route.ts";
import { Card, Failure, Loading, Notice, Stat, ViewHead } from "../../ui/parts.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Backtest } from "./backtest.tsx";
import { DrawdownChart, NavChart } from "./charts.tsx";
import { FigureTable } from "./figure-table.tsx";
import { Ribbon } from "./ribbon.tsx";
import { Years } from "./years.tsx";
import { RoundTrips } from "./round-trips.tsx";

/** The view "performance". */
export function Performance(): ReactElement {
  const { parameters } = useRoute();
  return (
    <>
      <ViewHead
        title="Performance"
        about="What the fund itself did, from its ledger on chain. The backtest is another thing: it moved no money, and it stands apart."
      />
      <Tabs
        label="Performance"
        current={parameters.get("tab") ?? "fund"}
        onChange={(tab) => {
          window.location.hash = hrefOf("performance", { tab });
        }}
        tabs={[
          { key: "fund", name: "The fund", panel: () => <Fund /> },
          { key: "backtest", name: "Backtest (simulated)", panel: () => <Backtest /> },
        ]}
      />
    </>
  );
}

function Fund(): ReactElement {
  const { told, error } = useAnswer("performance");
  if (told === undefined) {
    return error === null ? (
      <Loading what="the performance" />
    ) : (
      <Failure error={error} what="The performance could not be read." />
    );
  }
  return <Shown answer={told.answer} />;
}

function Shown({ answer }: { readonly answer: Answer<"performance"> }): ReactElement {
  const { points, since, years, figures, definitions, roundTrips } = answer;
  if (since === null) return <Notice>No rebalance has finished yet: there is nothing to show.</Notice>;
  return (
    <div className="grid">
      <Costs answer={answer} />
      <Card title="Price of a share" note={`since ${formatDate(since)}, at each finish`}>
        <NavChart answer={answer} />
        <Ribbon ribbon={answer.ribbon} end={points.at(-1)?.time ?? since} />
      </Card>
      <Card title="Drawdown" note="below the highest price of a share so far">
        <DrawdownChart points={points} />
      </Card>
      {years.length === 0 ? null : (
        <Card title="By year" className="span-6">
          <Years years={years} />
        </Card>
      )}
      <Card title="What each switch was worth" className="span-6" note="out of the market and back, costs included">
        <RoundTrips trips={roundTrips} />
      </Card>
      {Object.keys(figures).length === 0 ? null : (
        <Card title="Figures" note="each with its definition; few weeks make any figure uncertain">
          <FigureTable figures={figures} definitions={definitions} />
        </Card>
      )}
    </div>
  );
}

function Costs({ answer: { costs, points } }: { readonly answer: Answer<"performance"> }): ReactElement {
  const last = points.at(-1);
  return (
    <>
      <Stat
        className="span-3"
        label="Net asset value"
        value={last === undefined ? "–" : formatUsd(last.navUsd)}
        note={`${points.length} finished rebalances`}
      />
      <Stat
        className="span-3"
        label="Trading cost so far"
        value={formatUsd(costs.tradingUsd)}
        note="paid by the fund, at the oracle's prices"
      />
      <Stat
        className="span-3"
        label="Management fee so far"
        value={`${formatAmount(costs.feeShares)} shares`}
        note="minted to the fee's recipient"
      />
      <Stat
        className="span-3"
        label="Gas so far"
        value={costs.gas === 0 ? "–" : `${formatNumber(Number.parseFloat(costs.gasEther), 4)} ETH`}
        note={costs.gas === 0 ? "not in the ledger" : `${formatNumber(costs.gas / 1e6, 1)} M gas, paid by the keeper`}
      />
    </>
  );
}
