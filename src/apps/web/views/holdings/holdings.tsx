// Turns what the fund holds, aims at and leaves out into the second view.
import type { ReactElement } from "react";

import { type Answer, fileAddress } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { formatNumber, formatTime, formatUsd } from "../../format.ts";
import { Card, Failure, Loading, Notice, ViewHead } from "../../ui/parts.tsx";
import { HoldingsTable } from "./holdings-table.tsx";
import { LeftOut } from "./left-out.tsx";
import { Stablecoins } from "./stablecoins.tsx";
import { Treemap } from "./treemap.tsx";

/** The view "holdings". */
export function Holdings(): ReactElement {
  const { told, error } = useAnswer("holdings");
  if (told === undefined) {
    return error === null ? (
      <Loading what="the holdings" />
    ) : (
      <Failure error={error} what="The holdings could not be read." />
    );
  }
  return <Shown answer={told.answer} isOfChain={told.from === "chain"} />;
}

function Shown({
  answer,
  isOfChain,
}: {
  readonly answer: Answer<"holdings">;
  readonly isOfChain: boolean;
}): ReactElement {
  const held = answer.holdings.filter(({ amount }) => Number.parseFloat(amount) > 0);
  return (
    <>
      <ViewHead
        title="Holdings"
        about={`${formatNumber(held.length, 0)} holdings worth ${formatUsd(answer.navUsd)} on ${formatTime(answer.time)}, each in the vault's own books on chain.`}
      >
        {isOfChain ? null : (
          <a className="button" href={fileAddress("holdings")} download>
            Download CSV
          </a>
        )}
      </ViewHead>
      <div className="grid">
        {isOfChain ? (
          <Notice mood="warn">
            Read from the chain alone: ranks, grades, weekly changes and what is left out are not known there.
          </Notice>
        ) : null}
        <Card title="By weight" note="area is weight, color is the week's change">
          <Treemap holdings={held} />
        </Card>
        <Card
          title="Every holding"
          note={answer.targetId === null ? "no target yet" : `target ${answer.targetId} in force`}
        >
          <HoldingsTable holdings={answer.holdings} />
        </Card>
        <Card
          title="Stablecoin basket"
          note={`bought only between ${answer.band.leastUsd} and ${answer.band.mostUsd} USD`}
        >
          <Stablecoins coins={answer.stablecoins} />
        </Card>
        {isOfChain ? null : (
          <Card title="Left out" note={`${formatNumber(answer.leftOut.length, 0)} coins, each with its reason`}>
            <LeftOut coins={answer.leftOut} />
          </Card>
        )}
      </div>
    </>
  );
}
