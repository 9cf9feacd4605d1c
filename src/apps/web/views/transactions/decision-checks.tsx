// Turns a decision that the server published into checks which this browser makes itself.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import type { Decision } from "../../../../engine/decision.ts";
import { type Answer, ask } from "../../data/api.ts";
import { useAccess } from "../../data/access.ts";
import { type ChainAccess, nameOf } from "../../data/way.ts";
import { useSite } from "../../data/queries.ts";
import type { Check } from "../../proof/decision-check.ts";
import { Failure, Loading, Notice } from "../../ui/parts.tsx";

type Summary = Answer<"decisions">["decisions"][number];

/** The checks of one publication. */
export function DecisionChecks({ summary }: { readonly summary: Summary }): ReactElement {
  const [access, site] = [useAccess(), useSite()];
  const { data, error } = useQuery({
    queryKey: ["decision", summary.sequence, access?.kind],
    queryFn: async ({ signal }) => {
      const [{ replayed }, { checkDecision }] = await Promise.all([
        ask("decision", { week: summary.date }, signal),
        import("../../proof/decision-check.ts"),
      ]);
      if (replayed === null) return null;
      const decision = replayed.decision as unknown as Decision;
      const recorded = await recordedOf();
      return { checks: checkDecision(decision, recorded), text: JSON.stringify(replayed.decision, null, 1) };
    },
  });
  const recordedOf = async () => {
    if (access === undefined || site === undefined) return summary;
    const { readPublication } = await import("../../proof/read-publication.ts");
    return readPublication(access, site, summary);
  };
  if (error !== null) return <Failure error={error} what="The decision could not be replayed." />;
  if (data === undefined) return <Loading what="the decision" />;
  if (data === null) {
    return (
      <Notice>
        The server does not have the market data of this decision. Replay it with <code>tm100 decide</code> and your
        own.
      </Notice>
    );
  }
  return <Checks data={data} access={access} />;
}

type Props = {
  readonly data: { readonly checks: readonly Check[]; readonly text: string };
  readonly access: ChainAccess | undefined;
};

function Checks({ data, access }: Props): ReactElement {
  return (
    <div className="stack-small checks">
      <p className="small muted">
        {access === undefined
          ? "Compared with what this server says is on chain. Name a node under “Prove it” to compare with the chain itself."
          : `Compared with the chain, read through ${nameOf(access)}.`}
      </p>
      <ul className="stack-small">
        {data.checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </ul>
      <details>
        <summary>The decision</summary>
        <pre className="document" tabIndex={0}>
          {data.text}
        </pre>
      </details>
    </div>
  );
}

function CheckRow({ check: { name, passed, detail } }: { readonly check: Check }): ReactElement {
  return (
    <li>
      <span className={`pill ${passed ? "bull" : "bad"}`}>{passed ? "Same" : "Differs"}</span> <strong>{name}</strong>{" "}
      <span className="muted small mono">{detail}</span>
    </li>
  );
}
