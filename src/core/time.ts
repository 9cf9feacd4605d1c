// Turns UTC calendar dates into days, weeks and target ids, and back.
import { OutOfRangeError } from "./errors.ts";
import { type UnixSeconds, unixSeconds } from "./units.ts";

/** A UTC calendar day, written `2024-12-31`. */
export type IsoDate = string & { readonly isoDate: true };

/** {s} */
export const DAY = 86_400;
/** {s} */
export const WEEK = 604_800;
/** {s} 1970-01-05, the first Monday: weeks run from Monday 00:00 to Sunday 24:00. */
const FIRST_MONDAY = 345_600;
/** One regular target a week, and up to seven exits on single days. */
const TARGETS_PER_WEEK = 8;

/** @throws OutOfRangeError when `text` is not an existing day written as YYYY-MM-DD. */
export function isoDate(text: string): IsoDate {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) {
    throw new OutOfRangeError("date", text, "an existing day written as YYYY-MM-DD");
  }
  return text as IsoDate;
}

/** Whole days since 1970-01-01. */
export function dayNumber(date: IsoDate): number {
  return Date.parse(`${date}T00:00:00Z`) / (DAY * 1000);
}

/** The day that begins `day` days after 1970-01-01. */
export function dateOfDay(day: number): IsoDate {
  return new Date(day * DAY * 1000).toISOString().slice(0, 10) as IsoDate;
}

/** The day that lies `days` days after (before, when negative) `date`. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return dateOfDay(dayNumber(date) + days);
}

/** 00:00 UTC of `date`. */
export function startOfDay(date: IsoDate): UnixSeconds {
  return unixSeconds(dayNumber(date) * DAY);
}

/** The UTC day in which `time` lies. */
export function dateOf(time: number): IsoDate {
  return dateOfDay(Math.floor(time / DAY));
}

/** Days since Monday: 0 for Monday, 6 for Sunday. */
export function weekday(date: IsoDate): number {
  return (dayNumber(date) + 3) % 7; // 1970-01-01 was a Thursday
}

/** The Monday of the week in which `date` lies. */
export function mondayOf(date: IsoDate): IsoDate {
  return addDays(date, -weekday(date));
}

/** Number of the week in which `time` lies; week 0 began on Monday 1970-01-05. */
export function weekOf(time: UnixSeconds): number {
  return Math.floor((time - FIRST_MONDAY) / WEEK);
}

/** The Monday on which a week begins. */
export function mondayOfWeek(week: number): IsoDate {
  return dateOf(FIRST_MONDAY + week * WEEK);
}

/** Id of a week's regular target. */
export function regularTargetId(week: number): number {
  return week * TARGETS_PER_WEEK;
}

/** Id of the week's regular target, decided on the Monday `date`'s week begins with. */
export function weeklyTargetId(date: IsoDate): number {
  return regularTargetId(weekOf(startOfDay(date)));
}

/** Id of a target that leaves the market on `date`; higher than the week's regular one. */
export function exitTargetId(date: IsoDate): number {
  return weeklyTargetId(date) + weekday(date) + 1;
}

/** The week of a target. */
export function weekOfTarget(id: number): number {
  return Math.floor(id / TARGETS_PER_WEEK);
}

/** The Monday of a target's week. */
export function mondayOfTarget(id: number): IsoDate {
  return mondayOfWeek(weekOfTarget(id));
}

/** The day of an exit by its id; undefined for a week's regular target. */
export function dateOfExit(id: number): IsoDate | undefined {
  const day = id % TARGETS_PER_WEEK;
  return day === 0 ? undefined : addDays(mondayOfTarget(id), day - 1);
}
