// Turns every published decision into a row whose hash the visitor's browser recomputes.
import { type ReactElement, useState } from "react";

import type { Answer } from "../../data/api.ts";
import { useAnswer } from "../../data/queries.ts";
import { formatDate, formatNumber, shortHex } from "../../format.ts";
import { Failure, Loading, RegimePill, TransactionLink } from "../../ui/parts.tsx";
import { DecisionChecks } from "./decision-checks.tsx";
import { ReplayHere } from "./replay-here.tsx";

type Summary = Answer<"decisions">["decisions"][number];

/** All decisions, newest first. */
export function Decisions(): ReactElement {
  const { told, error } = useAnswer("decisions", { limit: 1000 });
  const [open, setOpen] = useState<string>();
  if (told === undefined) {
    return error === null ? (
      <Loading what="the decisions" />
    ) : (
      <Failure error={error} what="The decisions could not be read." />
    );
  }
  const { decisions, total } = told.answer;
  return (
    <section className="card" aria-label="Decisions">
      <p className="muted small">
        {formatNumber(total, 0)} publications. A decision is canonical JSON; its keccak-256 stands on chain beside the
        trades. &ldquo;Replay&rdquo; fetches what it was taken from, takes it again in this browser and compares its
        hash with the chain&apos;s; then it recomputes members, votes and regime of the server&apos;s copy. From market
        data on, <code>tm100 decide</code> gives the same bytes.
      </p>
      <ul className="decisions">
        {decisions.map((decision) => (
          <Row
            key={decision.sequence}
            decision={decision}
            isOpen={open === String(decision.sequence)}
            onToggle={(isOpen) => {
              setOpen(isOpen ? String(decision.sequence) : undefined);
            }}
          />
        ))}
      </ul>
    </section>
  );
}

function Row(props: {
  readonly decision: Summary;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}): ReactElement {
  const { decision, isOpen, onToggle } = props;
  const { date, regime, kind, decisionHash, transaction, isReplayed } = decision;
  return (
    <li>
      <div className="row row-between">
        <span className="row">
          <strong>{formatDate(date)}</strong>
          <RegimePill regime={regime} />
          <span className="muted">{kind}</span>
          <code title={decisionHash}>{shortHex(decisionHash)}</code>
          <TransactionLink hash={transaction} />
        </span>
        <span className="row">
          <Verdict isReplayed={isReplayed} />
          <button
            type="button"
            className="button"
            aria-expanded={isOpen}
            aria-label={`Replay the decision of ${formatDate(date)}`}
            onClick={() => {
              onToggle(!isOpen);
            }}
          >
            Replay
          </button>
        </span>
      </div>
      {isOpen ? (
        <>
          <ReplayHere summary={decision} />
          <DecisionChecks summary={decision} />
        </>
      ) : null}
    </li>
  );
}

function Verdict({ isReplayed }: { readonly isReplayed: boolean | null }): ReactElement {
  if (isReplayed === null) return <span className="muted small">Not replayed by the server</span>;
  return isReplayed ? (
    <span className="pill bull">Server replays it</span>
  ) : (
    <span className="pill bad">Server gets another hash</span>
  );
}
