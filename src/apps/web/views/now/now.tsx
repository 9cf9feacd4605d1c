// Turns the present state of fund, regime and gauges into the page's first view.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { formatAmount, formatPrice, formatTime, formatUsd } from "../../format.ts";
import { useChainTime } from "../../data/chain-time.ts";
import { Failure, Loading, Stat } from "../../ui/parts.tsx";
import { Countdown } from "./countdown.tsx";
import { Gauges } from "./gauges.tsx";
import { Hero } from "./hero.tsx";
import { Levels } from "./levels.tsx";
import { Votes } from "./votes.tsx";

/** The view "now". */
export function Now(): ReactElement {
  const { told, error } = useAnswer("now");
  if (told === undefined) {
    return error === null ? <Loading what="the fund" /> : <Failure error={error} what="The fund could not be read." />;
  }
  return <Shown answer={told.answer} isOfChain={told.from === "chain"} />;
}

function Shown({ answer, isOfChain }: { readonly answer: Answer<"now">; readonly isOfChain: boolean }): ReactElement {
  const { fund, signal } = answer;
  return (
    <div className="grid">
      <Hero answer={answer} />
      <Figures answer={answer} />
      <Levels levels={answer.levels} isOfChain={isOfChain} />
      {signal === null ? null : <Votes signal={signal} />}
      {signal === null ? <NoSignal isOfChain={isOfChain} /> : <Gauges gauges={signal.gauges} />}
      <p className="small muted">
        As of block {fund.block}, {formatTime(fund.time)}.
      </p>
    </div>
  );
}

function Figures({ answer }: { readonly answer: Answer<"now"> }): ReactElement {
  const { fund } = answer;
  const now = useChainTime(fund.time);
  const unpriced = fund.unpriced === 0 ? "" : `, without ${fund.unpriced} that have no fresh price`;
  const waiting =
    Number.parseFloat(fund.depositsPending) > 0
      ? `${formatAmount(fund.depositsPending)} ${fund.coin} wait to come in`
      : "nothing waits to come in";
  return (
    <>
      <Stat
        className="span-4"
        label="Net asset value"
        value={
          <span data-fact="navUsd" data-value={fund.navUsd}>
            {formatUsd(fund.navUsd)}
          </span>
        }
        note={`in ${fund.holdings} holdings${unpriced}; ${waiting}`}
      />
      <Stat
        className="span-4"
        label="Price of a share"
        value={
          <span data-fact="navPerShareUsd" data-value={fund.navPerShareUsd}>
            {formatPrice(fund.navPerShareUsd)} USD
          </span>
        }
        note={`${formatAmount(fund.supply)} shares`}
      />
      <Countdown next={answer.nextRebalance} now={now} />
    </>
  );
}

function NoSignal({ isOfChain }: { readonly isOfChain: boolean }): ReactElement {
  return (
    <div className="notice">
      {isOfChain
        ? "Votes and gauges are computed from market data that the chain does not hold. They are back with this page's server."
        : "The server is still reading its market data; votes and gauges follow."}
    </div>
  );
}
