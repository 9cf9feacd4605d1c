// Turns a published decision into one that this browser takes again, and into whether it is the one on chain.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { assertNever } from "../../../../core/errors.ts";
import { useAccess } from "../../data/access.ts";
import { type Answer, snapshotAddress } from "../../data/api.ts";
import { useSite } from "../../data/queries.ts";
import { nameOf } from "../../data/way.ts";
import { formatNumber } from "../../format.ts";
import type { Replay } from "../../proof/replay.ts";
import { Failure, Loading, Notice } from "../../ui/parts.tsx";

type Summary = Answer<"decisions">["decisions"][number];

/** The replay of one publication. The rules are fetched when it is shown. */
export function ReplayHere({ summary }: { readonly summary: Summary }): ReactElement {
  const [access, site] = [useAccess(), useSite()];
  const through = access === undefined ? undefined : nameOf(access);
  const { data, error } = useQuery({
    queryKey: ["replay", summary.sequence, summary.decisionHash, through],
    queryFn: async ({ signal }) => {
      const { replayHere } = await import("../../proof/replay.ts");
      return replayHere(summary, access === undefined || site === undefined ? undefined : { access, site }, signal);
    },
    enabled: access === undefined || site !== undefined,
    retry: false,
    staleTime: Infinity,
  });
  if (error !== null) return <Failure error={error} what="The decision could not be replayed here." />;
  if (data === undefined) return <Loading what="the snapshot of the decision" />;
  return <Verdict replay={data} date={summary.date} through={through} />;
}

function Verdict(props: { readonly replay: Replay; readonly date: string; readonly through: string | undefined }) {
  const { replay, date, through } = props;
  switch (replay.kind) {
    case "none":
      return <Notice>{replay.why}</Notice>;
    case "differs":
      return (
        <Notice mood="bad">
          <strong>Replayed here: another decision.</strong>
          <p>{replay.why}</p>
        </Notice>
      );
    case "same":
      return <Same replay={replay} date={date} through={through} />;
    default:
      return assertNever(replay);
  }
}

function Same(props: {
  readonly replay: Extract<Replay, { kind: "same" }>;
  readonly date: string;
  readonly through: string | undefined;
}): ReactElement {
  const { replay, date, through } = props;
  const { hash, digest, size, isHeldBack } = replay;
  return (
    <Notice mood="good">
      <strong>
        Replayed here: same hash{through === undefined ? " as this server says is on chain" : " as on chain"}.
      </strong>
      <p>
        This browser took the decision again, by the fund&apos;s own rules, from its{" "}
        <a href={snapshotAddress(date)} download={`${digest}.json`}>
          snapshot
        </a>{" "}
        ({formatNumber(size / 1000, 0)} kB, sha-256 <code>{digest}</code>), and got <code>{hash}</code>
        {through === undefined ? "" : `, which stands on chain, read through ${through}`}.
        {isHeldBack ? " The way back into the market was not open yet, so the fund stayed in stablecoins." : ""} What
        the snapshot says of prices is this server&apos;s word: its inputDigest can be compared with market data.
      </p>
    </Notice>
  );
}
