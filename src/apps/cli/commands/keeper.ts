// Turns the keeper's commands into a process that runs the fund, a look at it, and a switch.
import { type Command, Option } from "commander";

import { loadKeeperSettings } from "../../../config/load.ts";
import type { Fund } from "../../../execute/contracts.ts";
import { type Cycle, type View, look, runCycle } from "../../../keeper/keeper.ts";
import { localQueue, sharedQueue } from "../../../keeper/queue.ts";
import { KeeperService, SERVICE_DEFAULTS } from "../../../keeper/service.ts";
import { diaryOf } from "../../../keeper/journal-names.ts";
import { readLastSent } from "../../../keeper/sent.ts";
import { JournalMissingError } from "../../../keeper/store/errors.ts";
import { openStore, readStore } from "../../../keeper/store/open.ts";
import type { KeeperStore } from "../../../keeper/store/store.ts";
import { alarmsTo, sendHeartbeat } from "../../../keeper/watch/alarms.ts";
import { createMetrics } from "../../../keeper/watch/metrics.ts";
import { nodeText, nodesJson } from "../../../keeper/watch/nodes.ts";
import { serveDesk } from "../../../keeper/watch/server.ts";
import { deedJson, lastSentJson, leaseJson, viewJson } from "../../../keeper/watch/status.ts";
import {
  type JournalOptions,
  type KeeperOptions,
  SYSTEM_CLOCK,
  addJournalOptions,
  storePlaceOf,
} from "../keeper-options.ts";
import {
  type Clocks,
  alarmPortsOf,
  clocksOf,
  firstLookoutOf,
  holderOf,
  keeperLog,
  keeperOf,
  lookoutOf,
} from "../keeper-setup.ts";
import { deedsText, lastSentText, leaseText, viewText } from "../keeper-view.ts";
import { whileHeld } from "../lease.ts";
import { type Seat, withNodes, withSeat } from "../nodes-access.ts";
import { SIMULATED, parsePort } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { untilStopped } from "../serve-chain.ts";
import { type LiveOptions, addLiveOptions, requireTypedChain } from "../typed-chain.ts";

type RunOptions = KeeperOptions &
  LiveOptions & {
    readonly once: boolean;
    readonly data: string;
    readonly snapshots: string | undefined;
    readonly port: number;
  };

/** Another keeper holds the lease. */
const STANDING_BY = "Another keeper acts; nothing was done.";

/** Adds `keeper run|status|pause|resume` to the program. */
export function registerKeeper(program: Command): void {
  const keeper = program.command("keeper").description("run the fund: publish, rebalance, check, strike, keep up");
  registerRun(keeper);
  addJournalOptions(keeper.command("status").description("what is due, who acts, what was done last")).action(
    showStatus,
  );
  addJournalOptions(keeper.command("pause").description("nothing is sent until `keeper resume`"))
    .addOption(new Option("--reason <text>", "why, for whoever looks").default("paused by hand"))
    .action((options: JournalOptions & { readonly reason: string }) => setPause(options, options.reason));
  addJournalOptions(keeper.command("resume").description("end a pause")).action((options: JournalOptions) =>
    setPause(options, undefined),
  );
}

function registerRun(keeper: Command): void {
  const run = keeper.command("run").description("wake every minute, and do what chain and journal say is due");
  const words = { dry: "show what is due and send nothing", live: "act with the keeper's key" };
  const command = addLiveOptions(run, words)
    .addOption(new Option("--once", "one cycle, then end").default(false))
    .addOption(new Option("--data <dir|simulated>", "market data of the fund's decisions").default(SIMULATED))
    .addOption(new Option("--snapshots <dir>", "publish what each weekly decision was taken from"))
    .addOption(
      new Option("--port <port>", "/healthz, /metrics and /status on 127.0.0.1").argParser(parsePort).default(9464),
    );
  addJournalOptions(command).action(async (options: RunOptions) => {
    if (!options.live) return runDry(options);
    return options.once ? runOnce(options) : runService(options);
  });
}

async function runDry(options: RunOptions): Promise<void> {
  await withNodes(options, async (fund, progress) => {
    const view = await lookUnarmed(options, fund);
    progress.done();
    if (options.json) printJson({ ...viewJson(view), deeds: [], live: false });
    else
      printText(
        `${viewText(view, fund.deployment.chainId)}\nNothing was sent; --live --chain-id ${fund.deployment.chainId} acts.`,
      );
  });
}

/** A look by the journal if there is one; before the first, as a keeper looks that has done nothing. */
async function lookUnarmed(options: JournalOptions, fund: Fund): Promise<View> {
  const clocks = clocksOf(fund);
  let store: KeeperStore | undefined;
  try {
    store = await readStore(storePlaceOf(options, clocks.lines));
    return await look(lookoutOf(fund, store, clocks));
  } catch (error) {
    if (!(error instanceof JournalMissingError)) throw error;
    return await look(firstLookoutOf(fund, clocks));
  } finally {
    await store?.close();
  }
}

async function runOnce(options: RunOptions): Promise<void> {
  await withKeeper(options, async ({ seat, store, clocks }) => {
    const keeper = await keeperOf(seat, store, { ...options, clocks });
    const held = await store.lease.take(holderOf(seat), SERVICE_DEFAULTS.leaseFor);
    if (held === undefined) {
      if (options.json) printJson({ acting: leaseJson(await store.lease.current()), deeds: [], live: true });
      else printText(STANDING_BY);
      return;
    }
    const { chainId } = seat.fund.deployment;
    const cycle = await whileHeld(store, held, () => runCycle({ ...keeper, lease: { table: store.lease, held } }));
    if (options.json)
      printJson({ ...viewJson(cycle.view), deeds: cycle.deeds.map((deed) => deedJson(deed, chainId)), live: true });
    else printText(cycleText(cycle, chainId));
  });
}

function cycleText(cycle: Cycle, chainId: number): string {
  return [deedsText(cycle, chainId), viewText(cycle.view, chainId)].filter((part) => part !== "").join("\n");
}

async function runService(options: RunOptions): Promise<void> {
  await withKeeper(options, async (parts) => {
    const { store } = parts;
    const service = await serviceOf(options, parts);
    const { desk, log } = service;
    const server = await serveDesk(
      {
        troubles: () => service.keeper.troubles(),
        status: async () => {
          const nodes = nodesJson(parts.seat.nodes.health(), await parts.clocks.agenda.now());
          return { ...(await service.keeper.status()), nodes };
        },
        metrics: desk.metrics,
        pause: (reason) => store.pause.set({ since: SYSTEM_CLOCK.now(), reason }),
        resume: () => store.pause.set(undefined),
      },
      options.port,
    );
    try {
      // From the first cycle on, which is not broken off either.
      const asked = untilStopped(() => {
        log.info({ port: server.port, journal: store.place }, "keeper started");
      });
      await service.keeper.start();
      await asked;
      log.info("keeper ends");
      await service.keeper.stop();
    } finally {
      await server.close();
    }
  });
}

async function serviceOf(options: RunOptions, { seat, store, clocks }: Parts) {
  const settings = loadKeeperSettings();
  const log = keeperLog(settings, options.rpc);
  const { chainId, addresses } = seat.fund.deployment;
  const { databaseUrl: url, heartbeatUrl } = settings;
  const lost = (error: unknown): void => {
    log.error({ problem: String(error) }, "not delivered");
  };
  const metrics = createMetrics(() => seat.nodes.health());
  const keeper = new KeeperService({
    store,
    queue: url === undefined ? localQueue() : await sharedQueue({ url, schema: options.schema }, lost),
    holder: holderOf(seat),
    keeper: await keeperOf(seat, store, { ...options, clocks }),
    alarms: alarmsTo(alarmPortsOf(settings, `chain ${chainId}, vault ${addresses.vault}`), SYSTEM_CLOCK, lost),
    metrics,
    log,
    heartbeat: () => (heartbeatUrl === undefined ? Promise.resolve() : sendHeartbeat(heartbeatUrl)),
    clock: SYSTEM_CLOCK,
    settings: SERVICE_DEFAULTS,
  });
  const desk = { metrics: async () => ({ type: metrics.contentType, text: await metrics.text() }) };
  return { keeper, desk, log };
}

type Parts = { readonly seat: Seat; readonly store: KeeperStore; readonly clocks: Clocks };

async function withKeeper(options: RunOptions, work: (parts: Parts) => Promise<void>): Promise<void> {
  await withSeat(options, async (seat, progress) => {
    requireTypedChain(options, seat.fund);
    const clocks = clocksOf(seat.fund);
    await clocks.agenda.now();
    const store = await openStore(storePlaceOf(options, clocks.lines));
    progress.done();
    try {
      await work({ seat, store, clocks });
    } finally {
      await store.close();
    }
  });
}

async function showStatus(options: JournalOptions): Promise<void> {
  await withNodes(options, async (fund, progress, { health }) => {
    const clocks = clocksOf(fund);
    const store = await readStore(storePlaceOf(options, clocks.lines));
    try {
      const view = await look(lookoutOf(fund, store, clocks));
      const { chainId } = fund.deployment;
      const [lease, last] = await Promise.all([
        store.lease.current(),
        readLastSent(store.journal(diaryOf(fund.deployment))),
      ]);
      progress.done();
      const [nodes, now] = [health(), await clocks.agenda.now()];
      if (options.json) {
        const lastSent = last === undefined ? null : lastSentJson(last, chainId);
        const rest = { journal: store.place, nodes: nodesJson(nodes, now) };
        printJson({ ...viewJson(view), acting: leaseJson(lease), lastSent, ...rest });
      } else {
        const lines = nodes.map((node) => `node  ${node.origin}: ${nodeText(node, now)}`);
        const acting = leaseText(lease, SYSTEM_CLOCK.now());
        const seen = [viewText(view, chainId), lastSentText(last, chainId)];
        printText([...seen, ...lines, acting, `Journal: ${store.place}`].join("\n"));
      }
    } finally {
      await store.close();
    }
  });
}

/** Begins the journal where there is none: a fund can be paused before its first keeper runs. */
async function setPause(options: JournalOptions, reason: string | undefined): Promise<void> {
  const store = await openStore(storePlaceOf(options));
  try {
    await store.pause.set(reason === undefined ? undefined : { since: SYSTEM_CLOCK.now(), reason });
  } finally {
    await store.close();
  }
  const words = reason === undefined ? "Resumed: the next wake acts." : `Paused (${reason}): nothing is sent.`;
  if (options.json) printJson({ paused: reason ?? null });
  else printText(words);
}
