// Turns the server's events into fresh answers: whatever is shown is asked again when the chain has moved.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { EVENTS_PATH } from "../../../site/endpoints.ts";

/** After these the picture is another one. */
const NEWS = ["block", "reorg"] as const;
/** {ms} Events in a row lead to one round of questions. */
const PAUSE = 400;
/** What no block changes, and what has a pace of its own: a read through the wallet may take longer than a block. */
const APART: ReadonlySet<unknown> = new Set([
  ...["site", "backtest", "gauges", "decision", "replay"],
  ...["at-wallet", "connectorClient"], // the latter is wagmi's: another client would have to learn all about its node
]);

/** {ms} After which a stream that the server refused is asked for again; a broken one the browser mends itself. */
const AGAIN = 10_000;

/** Asks again for whatever a block may have changed. */
export function askAgain(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => !APART.has(queryKey[0]) });
}

/** Follows the server's events as long as the page is open. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void askAgain(client);
      }, PAUSE);
    };
    const leave = follow(refresh);
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [client]);
}

/**
 * Calls back at each piece of news until the returned function is called. A stream that breaks is news, for the questions
 * that follow tell whether the server is still there; so is one that is back, for it may have missed some.
 */
function follow(onNews: () => void): () => void {
  let events: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBroken = false;
  const open = (): void => {
    events = new EventSource(EVENTS_PATH);
    for (const name of NEWS) events.addEventListener(name, onNews);
    events.onopen = (): void => {
      if (isBroken) onNews();
      isBroken = false;
    };
    events.onerror = (): void => {
      if (!isBroken) onNews();
      isBroken = true;
      if (events.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    events.close();
  };
}
