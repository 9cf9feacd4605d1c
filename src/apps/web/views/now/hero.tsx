// Turns the regime into the first words of the page: what it is, since when, how sure, and what would change it.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { capitalized, formatChange, formatDate, formatNumber, formatPercent, formatTime } from "../../format.ts";
import { hrefOf } from "../../route.ts";

type Now = Answer<"now">;

/** The regime in words. */
export function Hero({ answer }: { readonly answer: Now }): ReactElement {
  const { fund, signal } = answer;
  const holds =
    fund.regime === "bull"
      ? "holds the market: the largest crypto assets, by market cap"
      : "holds only stablecoins, and waits for the signal";
  return (
    <section className={`card hero ${fund.regime}`} aria-label="Regime">
      <div>
        <p className="label">The fund is in</p>
        <h1 data-fact="regime" data-value={fund.regime}>
          {capitalized(fund.regime)} regime
        </h1>
        <p className="hero-words">
          It {holds}. <Since fund={fund} />
        </p>
        <p className="row">
          <a className="button primary" href={hrefOf("invest")}>
            Invest or leave
          </a>
          <a className="button" href={hrefOf("transactions", { prove: "1" })}>
            Prove the record
          </a>
        </p>
      </div>
      {signal === null ? null : <Confidence signal={signal} />}
    </section>
  );
}

function Since({ fund }: { readonly fund: Now["fund"] }): ReactElement {
  if (fund.since === null) return <>It has not been in the market yet.</>;
  return (
    <>
      Since <time dateTime={fund.since.time}>{formatTime(fund.since.time)}</time>.
    </>
  );
}

function Confidence({ signal }: { readonly signal: NonNullable<Now["signal"]> }): ReactElement {
  const { confidence, flip, votes, score } = signal;
  const yes = votes.filter((vote) => vote.yes).length;
  return (
    <dl className="hero-facts">
      <div>
        <dt>Confidence</dt>
        <dd>{confidence === null ? "Unknown" : formatPercent(confidence, 0)}</dd>
        <dd className="small muted">
          {yes} of {votes.length} votes for the market{score === null ? "" : `, score ${formatNumber(score, 2)}`}
        </dd>
      </div>
      <div>
        <dt>What would flip it</dt>
        <dd>
          {flip === null ? "Nothing known" : `${formatNumber(flip.level, 2)} (${formatChange(flip.distance, 1)})`}
        </dd>
        <dd className="small muted">{flip === null ? "the history is too short" : flipWords(flip)}</dd>
      </div>
      <div>
        <dt>Decision of</dt>
        <dd>{formatDate(signal.date)}</dd>
        <dd className="small muted">{heldWords(signal)}</dd>
      </div>
    </dl>
  );
}

function flipWords({ to, close, notBefore }: NonNullable<NonNullable<Now["signal"]>["flip"]>): string {
  const when = notBefore === null ? "" : `, not before ${formatDate(notBefore)}`;
  return `${capitalized(to)} if the index closes on ${formatDate(close)} ${to === "bear" ? "at or under" : "above"} this level${when}`;
}

function heldWords({ heldBy, isOnChain }: NonNullable<Now["signal"]>): string {
  const held = heldBy === null ? "" : `regime held by ${heldBy}; `;
  return `${held}${isOnChain ? "its hash is on chain" : "not on chain yet"}`;
}
