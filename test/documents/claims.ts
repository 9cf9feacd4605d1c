// Checks what is said of commands that are not run here: that another file runs them, or a script's help names their options.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { documentCommands } from "../operations-commands.ts";
import { ROOT } from "../unit/docs/markdown.ts";
import type { Checkout } from "./checkout.ts";
import { UPKEEP } from "./network-world.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Shown } from "./shown.ts";
import type { Treated } from "./treatments.ts";

const DRILLS = [...documentCommands().values()].flat();

/** Commands that other tests run, and mentions of commands. */
export function claimOutcomes(all: readonly Treated[]): Outcome[] {
  const tried = [
    ...all.flatMap(({ shown, how }) => (how.kind === "run" || how.kind === "elsewhere" ? [shown.text] : [])),
    ...[...DRILLS, UPKEEP],
  ].map(wordsOf);
  return all.flatMap(({ shown, how }): Outcome[] => {
    switch (how.kind) {
      case "elsewhere":
        return [elsewhere(shown, how)];
      case "drill":
        return [DRILLS.includes(shown.text) ? { shown } : { shown, problem: "is none of the drills' commands" }];
      case "mention":
        return [mention(shown, tried)];
      case "name":
        return [{ shown }];
      default:
        return [];
    }
  });
}

/** Commands too long to be run: their scripts are asked for help, each once. */
export async function helpOutcomes(checkout: Checkout, shows: readonly Shown[]): Promise<Outcome[]> {
  const helps = new Map<string, Promise<Outcome & { readonly help: string }>>();
  const asked = (shown: Shown): Promise<Outcome & { readonly help: string }> => {
    const [script = ""] = shown.text.split(" -- ");
    const help =
      helps.get(script) ??
      checkout
        .run(`${script} -- --help`)
        .then((run) => ({ ...outcomeOf({ ...shown, output: [] }, run), help: run.out }));
    helps.set(script, help);
    return help;
  };
  const outcomes: Outcome[] = [];
  for (const shown of shows) {
    const { help, problem } = await asked(shown);
    const unknown = optionsOf(shown.text.split(" -- ")[1] ?? "").find((option) => !help.includes(option));
    const fault = problem ?? (unknown === undefined ? undefined : `has ${unknown}, which its --help does not name`);
    outcomes.push(fault === undefined ? { shown } : { shown, problem: fault });
  }
  return outcomes;
}

function elsewhere(shown: Shown, { file, has }: { readonly file: string; readonly has: string }): Outcome {
  const isThere = readFileSync(join(ROOT, file), "utf8").includes(has);
  return isThere ? { shown } : { shown, problem: `is said to be run by ${file}, which has no ${has}` };
}

/** Words of capitals in a mention stand for any word. */
function mention(shown: Shown, tried: readonly (readonly string[])[]): Outcome {
  const words = wordsOf(shown.text);
  const names = words.filter((word) => !word.startsWith("--") && !/^[A-Z]+$/.test(word));
  const isTried = tried.some(
    (one) =>
      names.every((name, i) => one[i] === name) &&
      words.filter((word) => word.startsWith("--")).every((option) => one.includes(option)),
  );
  return isTried ? { shown } : { shown, problem: "is run nowhere: name its test in test/documents/treatments.ts" };
}

/** Of `tm100`, after its name. */
function wordsOf(command: string): string[] {
  const words = command.replace(/^(?:[A-Z_0-9]+=\S+ +)*/, "").replace(/^npm run -s tm100 -- /, "tm100 ");
  return words.split(" ").slice(1);
}

function optionsOf(words: string): string[] {
  return words.split(" ").filter((word) => word.startsWith("--"));
}
