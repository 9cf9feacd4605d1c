// Turns how a command ended into what a reader would say against the document.
import type { Going, Run } from "./checkout.ts";
import { type Shown, missingLines } from "./shown.ts";

/** A command, and what was wrong with it. */
export type Outcome = { readonly shown: Shown; readonly problem?: string };

/** {character} Of what a failed command said. */
const TOLD = 600;

/** A command that has run to its end. */
export function outcomeOf(shown: Shown, { code, out, err }: Run): Outcome {
  if (code !== 0) return { shown, problem: `ended with ${code}: ${err.trim().slice(-TOLD)}` };
  const [missing] = missingLines(shown.output, out);
  return missing === undefined
    ? { shown }
    : { shown, problem: `did not print '${missing}', but\n${out.slice(0, TOLD)}` };
}

/** A command that has to print something, and to end well when it is stopped. */
export async function startOutcome(shown: Shown, awaited: RegExp, start: () => Promise<Going>): Promise<Outcome> {
  const going = await start();
  const run = await going.end();
  const wasSeen = awaited.test(run.out + run.err);
  return wasSeen || run.code !== 0 ? outcomeOf(shown, run) : { shown, problem: `did not print ${awaited.source}` };
}

/** A command that has no value for a placeholder is not run at all. */
export function unfilled(shown: Shown, placeholder: string): Outcome {
  return { shown, problem: `has no value for ${placeholder} in test/documents/values.ts` };
}
