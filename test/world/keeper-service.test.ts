// Tests of src/keeper/service.ts: one acts, another stands by, and people are told.
import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { readMarks } from "../../src/keeper/marks.ts";
import { type WakeQueue, localQueue, sharedQueue } from "../../src/keeper/queue.ts";
import { KeeperService, SERVICE_DEFAULTS } from "../../src/keeper/service.ts";
import { openPostgresStore } from "../../src/keeper/store/postgres.ts";
import { openSqliteStore } from "../../src/keeper/store/sqlite.ts";
import type { KeeperStore } from "../../src/keeper/store/store.ts";
import type { Alarm } from "../../src/keeper/watch/alarms.ts";
import { createLog } from "../../src/keeper/watch/log.ts";
import { createMetrics } from "../../src/keeper/watch/metrics.ts";
import type { MarketSnapshot } from "../../src/world/market.ts";
import type { World } from "../../src/world/week.ts";
import { keeperRulesSchema } from "../../src/keeper/rules.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropSchema, ownSchema, postgresOrSkip } from "../postgres.ts";
import { BULL, FIRST, handOf, linesOf, plotted, startFund, wallClock } from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + 43_200;

/** Several processes that share one memory and its queue. */
type Company = {
  readonly hire: (name: "keeper" | "stranger") => Promise<Colleague>;
  readonly queue: () => Promise<WakeQueue>;
  readonly remove: () => Promise<void>;
};

type Colleague = {
  readonly service: KeeperService;
  readonly alarms: Alarm[];
  readonly metrics: () => Promise<string>;
  /** Whether its nodes do not tell it of blocks. */
  readonly blind: (isBlind: boolean) => void;
  readonly leave: () => Promise<void>;
};

const KINDS: Readonly<Record<string, (context: Mocha.Context) => Promise<Memory>>> = {
  "a file": () => {
    const folder = mkdtempSync(join(tmpdir(), "tm100-service-"));
    const file = join(folder, "journal.sqlite");
    return Promise.resolve({
      open: () => Promise.resolve(openSqliteStore(file, { clock: lines, leaseClock: wallClock })),
      queue: () => Promise.resolve(localQueue()),
      remove: () => {
        rmSync(folder, { recursive: true });
        return Promise.resolve();
      },
    });
  },
  "a database": async (context) => {
    const url = await postgresOrSkip(context);
    const schema = ownSchema();
    return {
      open: () => openPostgresStore({ url, schema, clock: lines, leaseClock: wallClock }),
      queue: () => sharedQueue({ url, schema }, () => {}),
      remove: async () => {
        await dropSchema(url, schema);
        await dropSchema(url, `${schema}_jobs`);
      },
    };
  },
};

type Memory = {
  readonly open: () => Promise<KeeperStore>;
  readonly queue: () => Promise<WakeQueue>;
  readonly remove: () => Promise<void>;
};

/** {ms} The chain's time, when a keeper last looked. */
const lines = { time: 0, now: (): number => lines.time };

for (const [kind, make] of Object.entries(KINDS)) {
  describe(`keepers that share ${kind}`, function () {
    this.timeout(600_000);
    let world: World;
    let saved: MarketSnapshot;
    let company: Company;
    const staff: Colleague[] = [];

    before(async function () {
      if (kind === "a database") await postgresOrSkip(this);
      ({ world, saved } = await startFund());
    });
    beforeEach(async function () {
      wallClock.time = 1_600_000_000_000;
      company = found(world, await make(this));
    });
    afterEach(async function () {
      for (const one of staff.splice(0)) await one.leave();
      await company.remove();
      saved = await world.market.revert(saved);
    });
    after(() => world.market.close());

    const hire = async (name: "keeper" | "stranger"): Promise<Colleague> => {
      const colleague = await company.hire(name);
      staff.push(colleague);
      return colleague;
    };
    const advance = (time: number) => world.market.chain.advanceTo(unixSeconds(time));
    const targets = async () => (await linesOf(world, "TargetPublished")).length;

    it("publish a week once, whoever wakes first and however often", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await advance(PUBLICATION);
      await left.service.tend();
      await right.service.tend();

      await Promise.all([right.service.wake(), left.service.wake(), right.service.wake(), left.service.wake()]);
      await left.service.wake();

      expect(await targets()).to.equal(1);
      expect(await left.metrics()).to.match(/tm100_keeper_acting 1\n/);
      expect(await right.metrics()).to.match(/tm100_keeper_acting 0\n/);
      expect((await right.service.status()).keeper).to.include({ isActing: false });
    });

    it("take over within 60 s from one that died, and carry on with the week", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await advance(PUBLICATION);
      await left.service.tend();
      await left.service.wake();
      const { leaseFor, tendEvery } = SERVICE_DEFAULTS;

      // From here on left does nothing any more; right looks every ten seconds.
      let waited = 0;
      while (!(await right.metrics()).includes("tm100_keeper_acting 1\n")) {
        wallClock.time += tendEvery;
        waited += tendEvery;
        await right.service.tend();
      }
      await right.service.wake();

      expect(waited).to.be.at.most(60_000).and.at.least(leaseFor);
      expect((await right.service.status()).lastCycle).to.not.equal(null);
      expect(await targets()).to.equal(1);
    });

    it("are not held up by a wake that was taken by one that died in its cycle", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await left.service.tend();
      const dying = await company.queue();
      await dying.offer();
      const taken = await dying.take(); // and never done
      await dying.close();
      await advance(PUBLICATION);
      wallClock.time += 55_000;
      await right.service.tend();

      await right.service.wake();

      expect(taken).to.not.equal(undefined);
      expect(await targets()).to.equal(1);
    });

    it("do not act after a long sleep: the lease is in other hands", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await left.service.tend();
      wallClock.time += 46_000;
      await right.service.tend();
      await advance(PUBLICATION);

      await left.service.wake(); // it has not looked at its lease since it slept

      expect(await targets()).to.equal(0);
      expect(left.service.troubles()[0]).to.contain("Expected to act alone");
      await right.service.wake();
      expect(await targets()).to.equal(1);
    });

    it("hand over at once when one is stopped", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await left.service.tend();
      await right.service.tend();
      const before = (await right.service.status()).keeper.isActing;

      await left.service.stop();
      await right.service.tend();

      expect([before, (await right.service.status()).keeper.isActing]).to.deep.equal([false, true]);
    });

    it("leave the lease to one that sees the chain, and take it again once they see it", async function () {
      const [left, right] = [await hire("keeper"), await hire("stranger")];
      await left.service.tend();

      left.blind(true);
      await left.service.look();
      await left.service.tend(); // one answer may be lost
      await right.service.tend();
      const afterOne = (await right.service.status()).keeper.isActing;
      await left.service.look();
      await left.service.tend();
      await right.service.tend();
      const acting = (await right.service.status()).keeper.isActing;
      const troubles = left.service.troubles();
      left.blind(false);
      await right.service.stop();
      await left.service.look();
      await left.service.tend();

      expect([afterOne, acting]).to.deep.equal([false, true]);
      expect(troubles.join()).to.contain("do not answer");
      expect(left.service.troubles()).to.deep.equal([]);
      expect((await left.service.status()).keeper.isActing).to.equal(true);
    });

    it("tell people of failures, and of silence", async function () {
      const keeper = await hire("stranger"); // without the keeper's role: it may publish, and not rebalance
      await keeper.service.tend();
      await advance(PUBLICATION);
      await keeper.service.wake();
      await keeper.service.tend();
      await advance(NOON);
      await keeper.service.wake();
      wallClock.time += 1_199_000;
      await keeper.service.watch();
      const before = keeper.alarms.map(({ key }) => key);
      wallClock.time += 1000;
      await keeper.service.watch();

      expect(before).to.have.lengthOf(1);
      expect(before[0]).to.match(/^rebalance:/);
      expect(keeper.alarms[0]).to.include({ severity: "critical" });
      expect(keeper.alarms[0]?.text).to.contain("does not hold the keeper role");
      expect(keeper.alarms.at(-1)).to.include({ key: "silence", severity: "critical" });
      expect(keeper.service.troubles()).to.have.lengthOf(1);
    });
  });
}

function found(world: World, memory: Memory): Company {
  const { chain } = world.market;
  return {
    queue: memory.queue,
    remove: memory.remove,
    hire: async (name) => {
      const store = await memory.open();
      const alarms: Alarm[] = [];
      const metrics = createMetrics();
      let isBlind = false;
      const getBlockNumber: typeof chain.publicClient.getBlockNumber = (query) =>
        isBlind ? Promise.reject(new TypeError("no answer")) : chain.publicClient.getBlockNumber(query);
      const client = { ...chain.publicClient, getBlockNumber };
      const fund = { client, deployment: world.fund.deployment() };
      const diary = store.journal("fund");
      const service = new KeeperService({
        store,
        queue: await memory.queue(),
        holder: name,
        keeper: {
          fund,
          diary,
          marks: readMarks(diary),
          pause: store.pause,
          clock: {
            now: async () => {
              const now = await chain.now();
              lines.time = now * 1000;
              return now;
            },
          },
          rules: keeperRulesSchema.parse({}),
          hand: handOf(world, name, { journal: store.journal(`key:${name}`) }),
          decisions: plotted({ weeks: { [FIRST]: { regime: "bull", parts: BULL } } }),
          signer: chain.accounts.signer,
          limits: planLimitsSchema.parse({}),
        },
        alarms: {
          clear: () => {},
          raise: (alarm) => {
            alarms.push(alarm);
            return Promise.resolve();
          },
        },
        metrics,
        log: createLog({ write: () => {} }, []),
        heartbeat: () => Promise.resolve(),
        clock: wallClock,
        settings: SERVICE_DEFAULTS,
      });
      const leave = async (): Promise<void> => {
        await service.stop();
        await store.close();
      };
      const blind = (value: boolean): void => {
        isBlind = value;
      };
      return { service, alarms, metrics: () => metrics.text(), blind, leave };
    },
  };
}
