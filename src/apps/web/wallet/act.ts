// Turns an action of several signatures into its progress, and its end into words.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { askAgain } from "../data/live.ts";
import { type Units, wordsOfRefusal } from "./words.ts";

/** Where an action stands. */
export type Progress =
  | { readonly kind: "idle" }
  | { readonly kind: "working"; readonly step: string }
  | { readonly kind: "done"; readonly words: string; readonly transaction?: string }
  | { readonly kind: "failed"; readonly words: string };

/** How an action ended. */
export type Outcome = { readonly words: string; readonly transaction?: string };

/** What runs: it tells each step before it asks for a signature. */
export type Action = (onStep: (step: string) => void) => Promise<Outcome>;

/** Runs one action at a time; afterwards everything that the page shows is read again. */
export function useAct(coin: Units): { readonly progress: Progress; readonly run: (action: Action) => void } {
  const [progress, setProgress] = useState<Progress>({ kind: "idle" });
  const queries = useQueryClient();
  const run = (action: Action): void => {
    if (progress.kind === "working") return;
    setProgress({ kind: "working", step: "Preparing" });
    action((step) => {
      setProgress({ kind: "working", step });
    })
      .then(async (outcome) => {
        // What comes next is typed beside the new balances, not beside the old ones.
        await queries.invalidateQueries({ queryKey: ["at-wallet"] });
        setProgress({ kind: "done", ...outcome });
      })
      .catch((error: unknown) => {
        setProgress({ kind: "failed", words: wordsOfRefusal(error, coin) });
      })
      .finally(() => {
        void queries.invalidateQueries({ queryKey: ["at-wallet"] });
        void askAgain(queries);
      });
  };
  return { progress, run };
}
