// Turns names into the page's own drawings; all are decoration beside a text.
import type { ReactElement } from "react";

import type { ViewName } from "../route.ts";

const PATHS: Readonly<Record<ViewName | "sun" | "moon" | "wallet" | "check", string>> = {
  now: "M3 12h4l3-8 4 16 3-8h4",
  holdings: "M4 4h9v9H4zM15 4h5v5h-5zM15 11h5v9h-5zM4 15h9v5H4z",
  transactions: "M4 8h14l-4-4M20 16H6l4 4",
  performance: "M4 20V4M4 20h16M8 15l4-5 3 3 5-7",
  invest: "M12 3v18M17 7.5C17 5.5 15 5 12 5S7 6 7 8.5 9.5 12 12 12s5 1 5 3.500S15 19 12 19s-5-.500-5-2.500",
  rules: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
  moon: "M20 14.500A8.500 8.500 0 019.500 4 8.500 8.500 0 1020 14.500z",
  wallet: "M4 7h14a2 2 0 012 2v9a2 2 0 01-2 2H6a2 2 0 01-2-2zM4 7a2 2 0 012-2h10M16 13.500h.01",
  check: "M5 12l5 5 9-10",
};

/** A drawing that screen readers pass over. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }): ReactElement {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The fund's mark. */
export function Mark(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path
        d="M7 21l6-7 5 4 7-9"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
