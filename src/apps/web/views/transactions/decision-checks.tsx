// Turns a decision that the server published into checks which this browser makes itself.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import type { Decision } from "../../../../engine/decision.ts";
import { type Answer, type Site, ask } from "../../data/api.ts";
import { useAccess } from "../../data/access.ts";
import { type ChainAccess, nameOf } from "../../data/way.ts";
import { useSite } from "../../data/queries.ts";
import type { Check } from "../../proof/decision-check.ts";
import { Failure, Loading, Notice } from "../../ui/parts.tsx";

type Summary = Answer<"decisions">["decisions"][number];

/** What was recomputed of a decision. */
type Checked = {
  readonly checks: readonly Check[];
  /** Through what the chain was read; undefined where this server's word on the chain was all there is. */
  readonly through: string | undefined;
  readonly text: string;
};

/** The checks of one publication. */
export function DecisionChecks({ summary }: { readonly summary: Summary }): ReactElement {
  const [access, site] = [useAccess(), useSite()];
  const through = access === undefined ? undefined : nameOf(access);
  const { data, error } = useQuery({
    queryKey: ["decision", summary.sequence, summary.decisionHash, through],
    queryFn: ({ signal }) => checked(summary, access === undefined ? undefined : { access, site }, signal),
    // Where a node was named, the chain is compared with: never this server's word in its place.
    enabled: access === undefined || site !== undefined,
  });
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
  return <Checks data={data} />;
}

/** The decision as the server replays it, recomputed here; null when the server cannot replay it. */
async function checked(
  summary: Summary,
  way: { readonly access: ChainAccess; readonly site: Site | undefined } | undefined,
  signal: AbortSignal,
): Promise<Checked | null> {
  const [{ replayed }, { checkDecision }] = await Promise.all([
    ask("decision", { week: summary.date }, signal),
    import("../../proof/decision-check.ts"),
  ]);
  if (replayed === null) return null;
  const decision = replayed.decision as unknown as Decision;
  const text = JSON.stringify(replayed.decision, null, 1);
  if (way?.site === undefined) return { checks: checkDecision(decision, summary), through: undefined, text };
  const { readPublicationLine } = await import("../../proof/read-publication.ts");
  await readPublicationLine(way.access, way.site, summary); // is as shown, or throws
  return { checks: checkDecision(decision, summary), through: nameOf(way.access), text };
}

function Checks({ data: { checks, through, text } }: { readonly data: Checked }): ReactElement {
  return (
    <div className="stack-small checks">
      <p className="small muted">
        {through === undefined
          ? "Compared with what this server says is on chain. Name a node under “Prove it” to compare with the chain itself."
          : `Compared with the chain, read through ${through}.`}
      </p>
      <ul className="stack-small">
        {checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </ul>
      <details>
        <summary>The decision</summary>
        <pre className="document" tabIndex={0}>
          {text}
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
