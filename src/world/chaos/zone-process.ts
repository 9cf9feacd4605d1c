// A process of its own, in whatever zone its environment names: how the keeper wakes and what it finds due, as JSON.
import { mock } from "node:test";

import { canonicalHash } from "../../core/canonical-json.ts";
import { DAY } from "../../core/time.ts";
import { setAlarmClock } from "../../keeper/alarm-clock.ts";
import { type ChainFacts, dueWork } from "../../keeper/due.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import { viewJson } from "../../keeper/watch/status.ts";
import type { ZoneAnswer, ZoneQuestion } from "./zones.ts";

const MINUTE = 60;

/** Whoever sets the clock of a machine moves its dates and leaves its timers alone. */
function takeOverTime(from: number): { readonly pass: (seconds: number) => void; readonly set: (by: number) => void } {
  let now = from * 1000; // {ms}
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  globalThis.Date = class extends Date {
    constructor(...values: readonly unknown[]) {
      if (values.length === 0) super(now);
      else super(...(values as [number]));
    }
    static override now(): number {
      return now;
    }
  } as DateConstructor;
  return {
    pass: (seconds) => {
      now += seconds * 1000;
      mock.timers.tick(seconds * 1000);
    },
    set: (by) => {
      now += by * 1000;
    },
  };
}

async function wakesOf({ from, minutes, sets }: ZoneQuestion): Promise<ZoneAnswer["wakes"]> {
  const time = takeOverTime(from);
  const wakes: { at: number; passed: number }[] = [];
  let passed = 0;
  const alarmClock = setAlarmClock({
    cron: "* * * * *",
    clock: { now: () => Date.now() },
    wake: () => {
      wakes.push({ at: Date.now() / 1000, passed });
      return Promise.resolve();
    },
    onSet: () => Promise.resolve(),
  });
  const step = 5; // {s}
  for (; passed < minutes * MINUTE; passed += step) {
    for (const { after, by } of sets) if (after * MINUTE === passed) time.set(by);
    time.pass(step);
    await new Promise(setImmediate); // whatever was started goes on
  }
  await alarmClock.stop();
  return wakes;
}

/** What is due in a market that is never served, each half hour of a span: one hash for all of it. */
function agendaOf({ from, days }: ZoneQuestion): string {
  const facts: Omit<ChainFacts, "time"> = {
    ...{ block: 1n, regime: "bull", lastId: 0, isWeekPublished: false },
    ...{ pending: undefined, running: undefined, isRequestDue: false },
  };
  const rules = keeperRulesSchema.parse({});
  const pages = Array.from({ length: days * 48 }, (_, i) => {
    const now = from + (i * DAY) / 48;
    const chain = { ...facts, time: now };
    return viewJson({ ...dueWork({ now, chain, marks: new Map() }, rules), now, chain, pause: undefined });
  });
  return canonicalHash(pages);
}

if (process.argv[1] === import.meta.filename) {
  const question = JSON.parse(process.argv[2] ?? "{}") as ZoneQuestion;
  const agenda = agendaOf(question);
  const answer: ZoneAnswer = { zone: String(new Date(0).getTimezoneOffset()), agenda, wakes: await wakesOf(question) };
  process.stdout.write(JSON.stringify(answer));
}
