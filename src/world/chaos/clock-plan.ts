// Turns a seed into weeks of a keeper: when it wakes, by how much its clock is off, and when it is switched off.
import type { RandomStream } from "../../core/random.ts";
import { DAY, WEEK } from "../../core/time.ts";

/** A moment at which both processes wake. */
export type Moment = {
  readonly at: number; // {s} after the first Monday's midnight
  /** {s} The keeper's clock is ahead by it, or behind. */
  readonly off: number;
  readonly isUp: boolean;
  /** The prices of the day are in the market from here on. */
  readonly isDawn: boolean;
};

const HOUR = 3600;
const MINUTE = 60;
/** {s} Of each day: after its prices; before and after what begins with the day's publication. */
const OF_A_DAY = [30 * MINUTE + 1, HOUR];
/** {s} Of a Monday. */
const OF_A_MONDAY = [5 * MINUTE, 29 * MINUTE, 11 * HOUR + 59 * MINUTE, 12 * HOUR + MINUTE, 14 * HOUR];
/** {s} Of a week: around the last moment of catching up, and the last before the next. */
const OF_A_WEEK = [3 * DAY + 29 * MINUTE, 3 * DAY + 31 * MINUTE, WEEK - 10 * MINUTE, WEEK - MINUTE];
/** {s} After midnight: the prices of the day are there. */
const DAWN = 20 * MINUTE;
/** {1} Of the moments a clock is set; of the weeks the keeper is switched off in. */
const SET = 0.08;
const CORRECTED = 0.3;
const OFF = 0.25;
const LONGEST_OFF = 5;

/** The moments of `weeks` weeks, in order; in the last days everything is as it should be. */
export function planMoments(random: RandomStream, weeks: number): Moment[] {
  const outages = outagesOf(random, weeks);
  const calm = weeks * WEEK - 4 * DAY;
  let off = 0;
  return timesOf(random, weeks).map(({ at, isDawn }) => {
    const isUp = at >= calm || !outages.some(([from, to]) => from <= at && at < to);
    if (random.uniform() < (off === 0 ? SET : CORRECTED)) off = off === 0 ? offsetIn(random) : 0;
    return { at, isDawn, isUp, off: at >= calm ? 0 : off };
  });
}

/** The parts of the time {s} in which the keeper is switched off, by whole days: of some days or up to five weeks. */
function outagesOf(random: RandomStream, weeks: number): (readonly [from: number, to: number])[] {
  const outages: [number, number][] = [];
  for (let week = 0; week < weeks; week++) {
    if (random.uniform() >= OFF) continue;
    const from = week * WEEK + Math.floor(random.uniform() * 7) * DAY;
    const days = random.uniform() < 0.5 ? 1 + Math.floor(random.uniform() * 6) : 7 * LONGEST_OFF * random.uniform();
    const to = from + Math.ceil(days) * DAY;
    outages.push([from, to]);
    week = Math.floor(to / WEEK);
  }
  return outages;
}

function timesOf({ uniform }: RandomStream, weeks: number): { readonly at: number; readonly isDawn: boolean }[] {
  const times = new Map<number, boolean>();
  for (let week = 0; week < weeks; week++) {
    const monday = week * WEEK;
    for (const at of [...OF_A_MONDAY, ...OF_A_WEEK]) times.set(monday + at, false);
    for (let day = 0; day < 7; day++) {
      const midnight = monday + day * DAY;
      times.set(midnight + DAWN, true);
      for (const at of OF_A_DAY) times.set(midnight + at, false);
      if (uniform() < 0.5) times.set(midnight + 2 * HOUR + Math.floor(uniform() * 20 * HOUR), false);
    }
  }
  return [...times].map(([at, isDawn]) => ({ at, isDawn })).sort((a, b) => a.at - b.at);
}

/** {s} Minutes within and beyond what is tolerated, hours, days. */
function offsetIn({ uniform }: RandomStream): number {
  const [unit, most] = [
    [MINUTE, 14.9],
    [MINUTE, 14.9],
    [MINUTE, 60],
    [HOUR, 23],
    [DAY, 9],
  ][Math.floor(uniform() * 5)] as [number, number];
  return Math.round((uniform() < 0.5 ? -1 : 1) * unit * (1 + uniform() * (most - 1)));
}
