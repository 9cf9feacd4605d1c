// Turns the width of the window into the answer whether it is a phone's.
import { useSyncExternalStore } from "react";

const QUERY = "(max-width: 859px)";

/** True where lists stand in two lines instead of columns, as the style sheets do. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(QUERY).matches);
}

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(QUERY);
  query.addEventListener("change", onChange);
  return () => {
    query.removeEventListener("change", onChange);
  };
}
