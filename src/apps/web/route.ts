// Turns the part of the address after # into the view to show, with its own parameters.
import { useSyncExternalStore } from "react";

/** The views in the order of the navigation. */
export const VIEWS = ["now", "holdings", "transactions", "performance", "invest", "rules"] as const;
export type ViewName = (typeof VIEWS)[number];

/** A view and what it was asked for. */
export type Route = { readonly view: ViewName; readonly parameters: URLSearchParams };

/** `#/transactions?tx=0x..` names a view; anything else is the first one. */
export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const view = VIEWS.find((name) => name === path) ?? "now";
  return { view, parameters: new URLSearchParams(query) };
}

/** The address of a view. */
export function hrefOf(view: ViewName, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `#/${view === "now" ? "" : view}${query === "" ? "" : `?${query}`}`;
}

/** The route that the address names now. */
export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => window.location.hash));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => {
    window.removeEventListener("hashchange", onChange);
  };
}
