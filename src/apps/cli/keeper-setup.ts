// Turns the keeper's options and the environment into a keeper with everything that it acts with.
import { hostname } from "node:os";

import type { Logger } from "pino";
import { privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";

import {
  type KeeperSettings,
  loadKeeperSettings,
  loadKeystorePassword,
  loadNodes,
  loadPrivateKey,
  loadSignerSettings,
} from "../../config/load.ts";
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { type IsoDate, dateOf } from "../../core/time.ts";
import { publishedCheck } from "../../engine/published-check.ts";
import { type PublishedSnapshot, publishedSnapshot } from "../../engine/published.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { TargetSigner } from "../../keeper/act.ts";
import { type DecisionSettings, decisionsFrom } from "../../keeper/decisions.ts";
import { openHand } from "../../keeper/hand.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import type { Keeper, KeeperClock, Lookout } from "../../keeper/keeper.ts";
import { readMarks } from "../../keeper/marks.ts";
import { keeperRulesSchema } from "../../keeper/rules.ts";
import type { Clock, KeeperStore } from "../../keeper/store/store.ts";
import { type AlarmPort, telegramPort, webhookPort } from "../../keeper/watch/alarms.ts";
import { createLog } from "../../keeper/watch/log.ts";
import { planLimitsSchema } from "../../plan/limits.ts";
import { devAccount } from "../../world/dev-accounts.ts";
import { openHistory } from "./market-data.ts";
import { SYSTEM_CLOCK } from "./keeper-options.ts";
import { type Seat, transactorsOf } from "./nodes-access.ts";
import { printNote } from "./output.ts";
import { startProgress } from "./progress.ts";
import { publishSnapshot } from "../../site/market/snapshot-folder.ts";

/** The clock that the agenda goes by, and the same for the journal's lines. */
export type Clocks = { readonly agenda: KeeperClock; readonly lines: Clock };

/** This machine's clock; on the local chain, whose time is its own, that of its newest block. */
export function clocksOf({ client, deployment }: Fund): Clocks {
  if (deployment.chainId !== hardhat.id) {
    return { agenda: { now: () => Promise.resolve(SYSTEM_CLOCK.now() / 1000) }, lines: SYSTEM_CLOCK };
  }
  let newest = 0;
  const now = async (): Promise<number> => {
    newest = Number((await client.getBlock()).timestamp);
    return newest;
  };
  return { agenda: { now }, lines: { now: () => newest * 1000 } };
}

/** What a look at the agenda needs. */
export function lookoutOf(fund: Fund, store: KeeperStore, { agenda }: Clocks): Lookout {
  const marks = readMarks(store.journal(diaryOf(fund.deployment)));
  return { fund, marks, pause: store.pause, clock: agenda, rules: keeperRulesSchema.parse({}) };
}

/** As {@link lookoutOf}, before there is a journal. */
export function firstLookoutOf(fund: Fund, { agenda }: Clocks): Lookout {
  const nothing = { read: () => Promise.resolve(undefined), set: () => Promise.resolve() };
  const marks = { read: () => Promise.resolve(new Map<string, never>()) };
  return { fund, marks, pause: nothing, clock: agenda, rules: keeperRulesSchema.parse({}) };
}

/** What a keeper decides from and goes by, and the folder that it publishes snapshots in. */
export type KeeperWork = { readonly data: string; readonly clocks: Clocks; readonly snapshots: string | undefined };

/** The keeper of a fund, without its lease. */
export async function keeperOf(
  seat: Seat,
  store: KeeperStore,
  { data, clocks, snapshots }: KeeperWork,
): Promise<Omit<Keeper, "lease">> {
  const { fund, account } = seat;
  const { client, deployment } = fund;
  const { timestamp } = await client.getBlock({ blockNumber: BigInt(deployment.block) });
  const opened = dateOf(Number(timestamp));
  const open = async () => {
    const progress = startProgress();
    try {
      return await openHistory(data, progress);
    } finally {
      progress.done();
    }
  };
  const journal = store.journal(keyJournalOf(deployment, account.address));
  return {
    ...lookoutOf(fund, store, clocks),
    diary: store.journal(diaryOf(deployment)),
    hand: openHand({
      fund,
      account,
      journal,
      transactorBehind: transactorsOf(seat, journal, clocks.lines),
      clock: SYSTEM_CLOCK,
    }),
    decisions: decisionsFrom(open, {
      opened,
      parameters: DEFAULT_PARAMETERS,
      ...(snapshots === undefined ? {} : publishersIn(snapshots)),
    }),
    signer: targetSignerOf(deployment.chainId, loadKeeperSettings()),
    limits: planLimitsSchema.parse({}),
  };
}

/** A snapshot that cannot be written stops nothing: a way out of the market must not wait for a disk. */
function publishersIn(folder: string): Required<Pick<DecisionSettings, "publish" | "publishExit">> {
  const tryTo = (date: IsoDate, snapshot: () => PublishedSnapshot): void => {
    try {
      publishSnapshot(folder, snapshot());
    } catch (error) {
      printNote(`the snapshot of ${date} is not published: ${String(error)}`);
    }
  };
  return {
    publish: (step) => {
      tryTo(step.decision.date, () => publishedSnapshot(step));
    },
    publishExit: (step) => {
      tryTo(step.check.date, () => publishedCheck(step));
    },
  };
}

/** The signer's key of the environment; on the local chain without one, the development account's. */
export function targetSignerOf(chainId: number, { signerKey }: KeeperSettings): TargetSigner | undefined {
  if (signerKey !== undefined) return privateKeyToAccount(signerKey);
  return chainId === hardhat.id ? devAccount("signer") : undefined;
}

/** The places that alarms go to. */
export function alarmPortsOf({ webhookUrl, telegram }: KeeperSettings, fund: string): AlarmPort[] {
  return [
    ...(webhookUrl === undefined ? [] : [webhookPort(webhookUrl, fund)]),
    ...(telegram === undefined ? [] : [telegramPort(telegram, fund)]),
  ];
}

/** A log on standard error in which no secret of the environment stands. */
export function keeperLog(settings: KeeperSettings, rpc: string): Logger {
  const { databaseUrl, signerKey, webhookUrl, heartbeatUrl, telegram } = settings;
  const keys = [loadPrivateKey(), loadKeystorePassword(), loadSignerSettings()?.url, signerKey];
  const secrets = [...keys, databaseUrl, webhookUrl, heartbeatUrl, telegram?.token];
  // A node's address often ends in a key.
  const { urls, relay } = loadNodes(rpc);
  const paths = [...urls, relay ?? rpc]
    .map((url) => new URL(url))
    .flatMap(({ pathname, search }) => [pathname, search]);
  return createLog(
    process.stderr,
    [...secrets, ...paths].filter((secret) => secret !== undefined),
  );
}

/** Names this process among those that stand by for each other. */
export function holderOf({ account }: Seat): string {
  return `${hostname()}:${process.pid}:${account.address}`;
}
