// Turns zones with changes of the hour, and clocks that are set, into processes that must wake and plan as one in UTC does.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { type RandomStream, randomStream } from "../../core/random.ts";
import { DAY, isoDate, startOfDay } from "../../core/time.ts";

/** What a process in a zone is asked. */
export type ZoneQuestion = {
  readonly from: number; // {s} UTC
  /** It waits for wakes so long {min}. */
  readonly minutes: number;
  /** Days of the agenda. */
  readonly days: number;
  /** After so many minutes {min} the clock is set by {s}. */
  readonly sets: readonly { readonly after: number; readonly by: number }[];
};

/** What it answers. */
export type ZoneAnswer = {
  /** {min} West of UTC, in January 1970. */
  readonly zone: string;
  readonly agenda: string;
  /** When it woke: by the clock {s}, and after how much time {s} that no clock changes. */
  readonly wakes: readonly { readonly at: number; readonly passed: number }[];
};

/** Zones whose hour changes, by an hour or a half, and one that left out a day. */
export const ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"];
/** Around the changes of 2021, and the day that Samoa left out. */
const CHANGES = ["2021-03-14", "2021-11-07", "2021-03-28", "2021-10-31", "2021-04-04", "2021-10-03", "2011-12-30"];
/** {s} Before the date begins in UTC, so that the change of its night lies within. */
const LEAD = DAY / 2;
const MINUTES = 1800;
/** {s} Two minutes without a wake, after which the alarm clock has noticed that the clock was set. */
const LONGEST_SILENCE = 125;

/** Asks a process of its own. */
export async function askZone(zone: string, question: ZoneQuestion): Promise<ZoneAnswer> {
  const file = fileURLToPath(new URL("./zone-process.ts", import.meta.url));
  const env = { ...process.env, TZ: zone };
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(question)], { env });
  return JSON.parse(stdout) as ZoneAnswer;
}

/** What is wrong with a question's answers in a zone; empty when it is as in UTC. */
export function zoneBreaches(
  zone: string,
  question: ZoneQuestion,
  answers: Readonly<Record<"utc" | "zone", ZoneAnswer>>,
): string[] {
  const { wakes } = answers.zone;
  const gaps = wakes.map(({ passed }, i) => passed - (wakes[i - 1]?.passed ?? 0));
  const longest = Math.max(...gaps, question.minutes * 60 - (wakes.at(-1)?.passed ?? 0));
  const isUneven = question.sets.length === 0 && wakes.length !== question.minutes;
  const checks: readonly (readonly [boolean, string])[] = [
    [answers.utc.agenda === answers.zone.agenda, "another agenda than in UTC"],
    [JSON.stringify(answers.utc.wakes) === JSON.stringify(wakes), "other wakes than in UTC"],
    [longest <= LONGEST_SILENCE, `no wake for ${longest} s`],
    [!isUneven, `${wakes.length} wakes in ${question.minutes} minutes`],
  ];
  return checks.flatMap(([isFine, words]) => (isFine ? [] : [`${zone} from ${question.from}: ${words}`]));
}

/** One question a change of the hour, and as many with a clock that is set, on seeded moments. */
export function zoneQuestions(
  seed: number,
  count: number,
): { readonly zone: string; readonly question: ZoneQuestion }[] {
  const random = randomStream(seed);
  return Array.from({ length: count }, (_, i) => {
    const date = CHANGES[i % CHANGES.length] ?? "2021-03-14";
    const from = startOfDay(isoDate(date)) - LEAD;
    const zone = pick(ZONES, random);
    const isSet = i % 2 === 1;
    const sets = isSet ? [60, 400, 900].map((after) => ({ after, by: jumpIn(random) })) : [];
    return { zone, question: { from, minutes: MINUTES, days: 4, sets } };
  });
}

/** {s} Minutes, hours or days, forward or back. */
function jumpIn(random: RandomStream): number {
  const unit = pick([60, 3600, DAY], random);
  return (random.uniform() < 0.5 ? -1 : 1) * unit * (1 + Math.floor(random.uniform() * 30));
}

function pick<Item>(items: readonly Item[], { uniform }: RandomStream): Item {
  return items[Math.floor(uniform() * items.length)] as Item;
}
