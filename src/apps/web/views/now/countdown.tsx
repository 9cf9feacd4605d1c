// Turns the next moment at which the fund trades into a countdown.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { formatSpan, formatTime, secondsOf } from "../../format.ts";
import { Stat } from "../../ui/parts.tsx";

type Next = Answer<"now">["nextRebalance"];

/** The next rebalance; by the chain's clock. */
export function Countdown({ next, now }: { readonly next: Next; readonly now: number }): ReactElement {
  return <Stat className="span-4" label="Next rebalance" value={valueOf(next, now)} note={noteOf(next, now)} />;
}

function valueOf({ at, why }: Next, now: number): string {
  if (why === "running") return "Under way";
  const left = secondsOf(at) - now;
  return left <= 0 ? "May start now" : `In ${formatSpan(left)}`;
}

function noteOf({ at, why, targetId }: Next, now: number): string {
  switch (why) {
    case "running":
      return `target ${targetId ?? ""}, until ${formatTime(at)} at the latest`;
    case "pending":
      return secondsOf(at) <= now
        ? `target ${targetId ?? ""} is published, and the time to withdraw it is over`
        : `target ${targetId ?? ""} is published and waits until ${formatTime(at)}, so that it can be looked at and withdrawn`;
    case "week":
      return `with the next week's decision, ${formatTime(at)} at the latest; the way to stablecoins is open on any day`;
  }
}
