// Turns the server's events into fresh answers: whatever is shown is asked again when the chain has moved.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { EVENTS_PATH } from "../../../site/endpoints.ts";

/** After these the picture is another one. */
const NEWS = ["block", "reorg"] as const;
/** {ms} Events in a row lead to one round of questions. */
const PAUSE = 400;
/** What no block changes. */
const CONSTANT: ReadonlySet<unknown> = new Set(["site", "backtest", "gauges", "decision"]);

/** {ms} After which a stream that the server refused is asked for again; a broken one the browser mends itself. */
const AGAIN = 10_000;

/** Follows the server's events as long as the page is open. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void client.invalidateQueries({ predicate: ({ queryKey }) => !CONSTANT.has(queryKey[0]) });
      }, PAUSE);
    };
    const leave = follow(refresh);
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [client]);
}

/** Calls back at each piece of news until the returned function is called. */
function follow(onNews: () => void): () => void {
  let events: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    events = new EventSource(EVENTS_PATH);
    for (const name of NEWS) events.addEventListener(name, onNews);
    events.onerror = (): void => {
      if (events.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    events.close();
  };
}
