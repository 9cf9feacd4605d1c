// The scenario of a keeper that runs for ten years: every week done once, its memory flat, its journal growing evenly.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { linearQuantile } from "../../core/statistics.ts";
import type { Scenario } from "./scenario.ts";
import type { Tally } from "./tally.ts";
import type { YearsAccount } from "./years-account.ts";

/** What a keeper's process is asked to live through. */
export type YearsQuestion = { readonly seed: number; readonly weeks: number };

/** After a week: reachable memory, and the journal's file, both {byte}. */
export type YearsSample = { readonly week: number; readonly heap: number; readonly bytes: number };

/** What it tells at the end. */
export type YearsReport = YearsAccount & {
  readonly cycles: number;
  readonly samples: readonly YearsSample[];
  readonly lines: number; // of the journal
  /** Every alarm, and every cycle that failed as a whole. */
  readonly troubles: readonly string[];
};

const WEEKS = 500;
const QUICK_WEEKS = 40;
/** {week} Memory settles in the first of them; the rest up to FIRST_YEARS is what later memory is compared with. */
const SETTLING = 20;
const FIRST_YEARS = 100;
/** {1} */
const MOST_MEMORY = 0.1;
const MOST_GROWTH = 0.25;

export const years: Scenario = {
  name: "years",
  about: `a keeper runs for ${WEEKS} weeks`,
  share: 7,
  play: async ({ seed, isQuick }, report) => {
    const question = { seed, weeks: isQuick ? QUICK_WEEKS : WEEKS };
    report(tallyYears(question, await liveYears(question)));
  },
};

/** Lives through the weeks in a process of its own, whose memory is the keeper's alone. */
export async function liveYears(question: YearsQuestion): Promise<YearsReport> {
  const file = fileURLToPath(new URL("./years-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", file, JSON.stringify(question)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, "exit") as Promise<[number | null]>]);
  if (code !== 0) throw new TypeError(`the keeper of years ended with ${code ?? "a signal"}`);
  return JSON.parse(answer) as YearsReport;
}

/**
 * Memory is flat when the median of the heap after garbage collection over the weeks after the first hundred, and over the
 * last hundred alone, is within 10 % of the median over the weeks 21 to 100. The journal grows evenly when the second half of
 * the weeks added at most a quarter more bytes than the first. Of less than two hundred weeks neither is said.
 */
export function tallyYears({ weeks }: YearsQuestion, report: YearsReport): Tally {
  const { executed, quiet, exits, transactions, cycles, samples, lines } = report;
  const { notes, breaches } = growthOf(samples, weeks);
  return {
    ...{ scenario: `${weeks} weeks of one keeper`, rounds: weeks, cycles, blows: 0, finished: executed, transactions },
    dearest: 0,
    breaches: [...report.breaches, ...report.troubles, ...breaches],
    notes: [
      `${executed} weeks executed, ${quiet} quiet, ${exits} exits on other days; ${Math.round(lines / weeks)} journal lines a week`,
      ...notes,
    ],
  };
}

function growthOf(
  samples: readonly YearsSample[],
  weeks: number,
): Pick<Tally, "breaches"> & { readonly notes: string[] } {
  if (weeks < 2 * FIRST_YEARS) return { notes: [], breaches: [] };
  const heapIn = (from: number, to: number): number => {
    const heaps = samples.filter(({ week }) => from < week && week <= to).map(({ heap }) => heap);
    return linearQuantile(heaps, [1, 2]); // the median
  };
  const first = heapIn(SETTLING, FIRST_YEARS);
  const later = [heapIn(FIRST_YEARS, weeks), heapIn(weeks - FIRST_YEARS, weeks)];
  const half = samples.find(({ week }) => week >= weeks / 2)?.bytes ?? 0;
  const all = samples.at(-1)?.bytes ?? 0;
  const growth = (all - half) / half - 1;
  const isFlat = later.every((heap) => Math.abs(heap / first - 1) <= MOST_MEMORY);
  return {
    notes: [
      `heap ${[first, ...later].map(megabytes).join(", ")} MB: median of weeks ${SETTLING + 1} to ${FIRST_YEARS}, of all later, of the last ${FIRST_YEARS}`,
      `journal ${kilobytes((2 * half) / weeks)} kB a week in the first half, ${kilobytes((2 * (all - half)) / weeks)} kB in the second`,
    ],
    breaches: [
      ...(isFlat ? [] : ["memory is not flat"]),
      ...(growth <= MOST_GROWTH ? [] : ["the journal grows faster and faster"]),
    ],
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

function kilobytes(bytes: number): string {
  return (bytes / 1e3).toFixed(1);
}
