// Turns a cron text into wakes that go on when the clock is set; node-cron alone would sleep until the clock is back.
import { type ScheduledTask, schedule } from "node-cron";

import type { Clock } from "./store/store.ts";

/** What an alarm clock is made of. */
export type AlarmClockParts = {
  /** When to wake, in UTC whatever the zone of the process is. */
  readonly cron: string;
  /** {ms} Of this machine; whoever may set it may do so at any time. */
  readonly clock: Clock;
  readonly wake: () => Promise<void>;
  /** Told how far {ms} the clock was set, or how long this process was stopped; a wake follows. */
  readonly onSet: (by: number) => Promise<void>;
};

/** An alarm clock that runs. */
export type AlarmClock = { readonly stop: () => Promise<void> };

/** {ms} Between two looks at the clock, by timers that nobody can set; what is less is not noticed. */
const LOOK_EVERY = 60_000;

/** Wakes from now on. */
export function setAlarmClock({ cron, clock, wake, onSet }: AlarmClockParts): AlarmClock {
  const options = { timezone: "Etc/UTC", noOverlap: true, suppressMissedWarning: true };
  const wind = (): ScheduledTask => schedule(cron, wake, options);
  let task = wind();
  let isStopped = false;
  let lookedAt = clock.now();
  const look = async (): Promise<void> => {
    const by = clock.now() - lookedAt - LOOK_EVERY;
    lookedAt = clock.now();
    if (Math.abs(by) < LOOK_EVERY) return;
    await task.destroy();
    if (isStopped) return;
    task = wind();
    await onSet(by);
    await wake();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY);
  return {
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await task.destroy();
    },
  };
}
