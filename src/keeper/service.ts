// Turns wakes, the lease and the clock into a keeper that runs for years: it acts, stands by, and calls for help.
import type { Logger } from "pino";

import { AppError } from "../core/errors.ts";
import { type AlarmClock, setAlarmClock } from "./alarm-clock.ts";
import { type Eyes, eyesOn } from "./eyes.ts";
import { FencedError } from "./fence.ts";
import { type Cycle, type Keeper, look, runCycle } from "./keeper.ts";
import { gasOf, gasOfNewest } from "./plan-gas.ts";
import type { WakeQueue } from "./queue.ts";
import type { Clock, KeeperStore, Lease } from "./store/store.ts";
import type { Alarms } from "./watch/alarms.ts";
import type { KeeperMetrics } from "./watch/metrics.ts";
import {
  type DeedDocument,
  type LeaseDocument,
  type ViewDocument,
  deedJson,
  leaseJson,
  viewJson,
} from "./watch/status.ts";
import {
  type GasMoney,
  SILENCE_ALARM,
  type TroubleLimits,
  reliefsOf,
  silenceOf,
  troublesOf,
} from "./watch/troubles.ts";

/** How a service runs. */
export type ServiceSettings = TroubleLimits & {
  /** When to wake, in UTC; wakes are cheap, and only the chain and the journal say what is due. */
  readonly cron: string;
  /** {ms} */
  readonly leaseFor: number;
  /** {ms} Between two renewals, or two looks whether the lease is free. */
  readonly tendEvery: number;
  /** {s} Without a finished cycle, and without a transaction that came into a block: an alarm. */
  readonly silence: number;
};

/** Takes over within leaseFor + tendEvery = 55 s. */
export const SERVICE_DEFAULTS: ServiceSettings = {
  cron: "* * * * *",
  leaseFor: 45_000,
  tendEvery: 10_000,
  silence: 1200, // several transactions that wait for their blocks
  fewestPlans: 8,
  mostFailures: 3,
};

/** What a service is made of. */
export type ServiceParts = {
  readonly store: KeeperStore;
  readonly queue: WakeQueue;
  /** Names this process among all that stand by. */
  readonly holder: string;
  /** The keeper without its lease. */
  readonly keeper: Omit<Keeper, "lease">;
  readonly alarms: Alarms;
  readonly metrics: KeeperMetrics;
  readonly log: Logger;
  /** Called after each finished cycle. */
  readonly heartbeat: () => Promise<void>;
  /** {ms} Of this machine. */
  readonly clock: Clock;
  readonly settings: ServiceSettings;
};

const CYCLE_ALARM = "cycle";

/** What a keeper tells of itself. */
export type ServiceStatus = ViewDocument & {
  readonly keeper: {
    readonly holder: string;
    readonly address: string;
    readonly isActing: boolean;
    readonly acting: LeaseDocument | null;
  };
  readonly lastCycle: { readonly deeds: readonly DeedDocument[] } | null;
  readonly troubles: readonly string[];
};

/** One process that acts while it holds the lease, and stands by while another does. */
export class KeeperService {
  readonly #parts: ServiceParts;
  readonly #eyes: Eyes;
  #lease: Lease | undefined;
  #isBusy = false;
  #tending: Promise<void> = Promise.resolve();
  #finishedAt: number; // {ms}
  #last: Cycle | undefined;
  #problem: string | undefined;
  #timers: NodeJS.Timeout[] = [];
  #alarmClock: AlarmClock | undefined;
  #gasPerPlan: number | undefined; // {gas}

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#eyes = eyesOn(parts.keeper.fund);
    this.#finishedAt = parts.clock.now();
  }

  /** Begins to tend the lease and to wake. */
  async start(): Promise<void> {
    const { settings } = this.#parts;
    await this.tend();
    this.#timers = [
      setInterval(() => void this.#tendAndBegin(), settings.tendEvery),
      setInterval(() => void this.watch(), 60_000),
    ];
    this.#alarmClock = setAlarmClock({
      ...{ cron: settings.cron, clock: this.#parts.clock },
      wake: () => this.wake(),
      onSet: (by) => this.#afterClockWasSet(by),
    });
    await this.wake();
  }

  /** The lease's end and the last cycle's went by the clock before. */
  async #afterClockWasSet(by: number): Promise<void> {
    this.#parts.log.warn({ seconds: Math.round(by / 1000) }, "the clock was set, or this process was stopped");
    this.#finishedAt = Math.min(this.#finishedAt, this.#parts.clock.now());
    await this.tend();
  }

  /** Ends after the cycle under way, and gives the lease to whoever stands by. */
  async stop(): Promise<void> {
    await this.#alarmClock?.stop();
    this.#timers.forEach(clearInterval);
    while (this.#isBusy) await new Promise((resolve) => setTimeout(resolve, 50));
    await this.#tending; // which might take the lease again
    await this.#giveUp();
    await this.#parts.queue.close();
  }

  /** Looks whether the chain can be seen. Whoever cannot see it leaves the lease to others with the next `tend`. */
  async look(): Promise<void> {
    await this.#eyes.look();
  }

  /** Takes or renews the lease. */
  tend(): Promise<void> {
    this.#tending = this.#tendNow();
    return this.#tending;
  }

  async #tendNow(): Promise<void> {
    const { store, holder, settings, metrics, log } = this.#parts;
    const before = this.#lease;
    try {
      if (this.#eyes.trouble() !== undefined) await this.#giveUp();
      else this.#lease = await store.lease.take(holder, settings.leaseFor);
    } catch (error) {
      this.#lease = undefined; // whoever cannot renew must not act
      this.#noteProblem(error);
    }
    metrics.role(this.#lease !== undefined);
    if (before?.token === this.#lease?.token) return;
    log.info({ lease: leaseJson(this.#lease) }, this.#lease === undefined ? "standing by" : "acting");
  }

  /** Whatever this process holds, also where it believes to hold nothing. */
  async #giveUp(): Promise<void> {
    const { store, holder } = this.#parts;
    const held = await store.lease.current();
    if (held?.holder === holder) await store.lease.release(held);
    this.#lease = undefined;
  }

  /** Whoever takes over acts at once. */
  async #tendAndBegin(): Promise<void> {
    const wasActing = this.#lease !== undefined;
    await this.tend();
    void this.look();
    if (!wasActing && this.#lease !== undefined) await this.wake();
  }

  /** Asks for a cycle, and runs it when this keeper is the one that acts. */
  async wake(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const { queue } = this.#parts;
    try {
      await queue.offer();
      if (this.#lease === undefined) return;
      const wake = await queue.take();
      if (wake === undefined) return;
      const problem = await this.#cycle(this.#lease);
      await (problem === undefined ? wake.done() : wake.failed(problem));
    } catch (error) {
      this.#noteProblem(error);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Alarms when no cycle has ended for too long, whoever should have run it. */
  async watch(): Promise<void> {
    const { alarms, clock, settings, store, holder } = this.#parts;
    const acting = await store.lease.current().catch(() => undefined);
    // While another keeper holds a lease that has not ended, its silence is its own to tell.
    if (acting !== undefined && acting.holder !== holder && acting.until > clock.now()) this.#finishedAt = clock.now();
    const silence = silenceOf({ now: clock.now() / 1000, aliveAt: this.#aliveAt() / 1000 }, settings.silence);
    if (silence === undefined) alarms.clear(SILENCE_ALARM);
    else await alarms.raise(silence);
  }

  /** {ms} A cycle of several transactions waits for the block of each. */
  #aliveAt(): number {
    const landedAt = this.#parts.keeper.hand.landedAt();
    return Math.max(this.#finishedAt, landedAt > this.#parts.clock.now() ? 0 : landedAt); // the clock was set back since
  }

  /** What is wrong with this process now; empty while all is well. */
  troubles(): readonly string[] {
    const { clock, settings } = this.#parts;
    const silence = silenceOf({ now: clock.now() / 1000, aliveAt: this.#aliveAt() / 1000 }, settings.silence);
    return [silence?.text, this.#problem, this.#eyes.trouble()].filter((trouble) => trouble !== undefined);
  }

  /** What this keeper sees now, and what it did last. */
  async status(): Promise<ServiceStatus> {
    const { store, holder, keeper } = this.#parts;
    const { chainId } = keeper.fund.deployment;
    const [view, acting] = await Promise.all([look(keeper), store.lease.current()]);
    return {
      ...viewJson(view),
      keeper: { holder, address: keeper.hand.address, isActing: this.#lease !== undefined, acting: leaseJson(acting) },
      lastCycle: this.#last === undefined ? null : { deeds: this.#last.deeds.map((deed) => deedJson(deed, chainId)) },
      troubles: [...this.troubles()],
    };
  }

  /** @returns What went wrong with the cycle as a whole. */
  async #cycle(held: Lease): Promise<string | undefined> {
    const { keeper, store, metrics, log, heartbeat } = this.#parts;
    try {
      const cycle = await runCycle({ ...keeper, lease: { table: store.lease, held } });
      this.#last = cycle;
      this.#finishedAt = this.#parts.clock.now();
      this.#problem = undefined;
      this.#parts.alarms.clear(CYCLE_ALARM);
      const { chainId } = keeper.fund.deployment;
      for (const deed of cycle.deeds) log.info(deedJson(deed, chainId), deed.failure === undefined ? "done" : "failed");
      const money = await this.#money(cycle).catch(() => undefined);
      metrics.cycle(cycle, money);
      if (money !== undefined) await this.#tell(cycle, money);
      await heartbeat().catch((error: unknown) => {
        log.warn({ problem: String(error) }, "no heartbeat");
      });
      return undefined;
    } catch (error) {
      if (error instanceof FencedError) this.#lease = undefined;
      const problem = this.#noteProblem(error);
      // What passes by itself is told as silence, if it lasts.
      const isPassing = error instanceof AppError && error.retryable;
      if (!isPassing) await this.#parts.alarms.raise({ key: CYCLE_ALARM, severity: "critical", text: problem });
      return problem;
    }
  }

  /** What the key holds, and what a rebalance costs: as the last one did, or one full transaction before the first. */
  async #money({ deeds }: Cycle): Promise<GasMoney> {
    const { fund, hand, diary } = this.#parts.keeper;
    this.#gasPerPlan ??= gasOfNewest(await diary.entries());
    const done = deeds.findLast(({ due, outcome }) => due.kind === "rebalance" && outcome !== undefined);
    if (done?.outcome !== undefined) this.#gasPerPlan = gasOf(done.outcome);
    const [balance, price] = await Promise.all([
      fund.client.getBalance({ address: hand.address }),
      fund.client.getGasPrice(),
    ]);
    return { balance, price, gasPerPlan: this.#gasPerPlan };
  }

  async #tell(cycle: Cycle, money: GasMoney): Promise<void> {
    const { alarms, settings } = this.#parts;
    for (const key of reliefsOf(cycle, money, settings)) alarms.clear(key);
    for (const alarm of troublesOf(cycle, money, settings)) await alarms.raise(alarm);
  }

  #noteProblem(error: unknown): string {
    const { metrics, log } = this.#parts;
    this.#problem = error instanceof Error ? error.message : String(error);
    metrics.failedCycle(error instanceof AppError ? error.code : "UNEXPECTED");
    log.error(
      { problem: this.#problem, ...(error instanceof AppError ? {} : { stack: stackOf(error) }) },
      "cycle failed",
    );
    return this.#problem;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "") : "";
}
