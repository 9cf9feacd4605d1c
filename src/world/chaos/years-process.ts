// A process of its own that is a keeper for years: its wakes, its memory and its journal are all that it holds.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { hardhat } from "viem/chains";

import { DAY, type IsoDate, addDays, exitTargetId, isoDate, startOfDay, weeklyTargetId } from "../../core/time.ts";
import { bearCheckHash } from "../../engine/bear-check.ts";
import { decisionHash } from "../../engine/decision.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { Deployment } from "../../execute/deployment.ts";
import { openNodes, openTransactor } from "../../execute/open-transactor.ts";
import { nodesSchema, sendingSchema } from "../../execute/sending-settings.ts";
import type { DecisionSource } from "../../keeper/decisions.ts";
import { diaryOf, keyJournalOf } from "../../keeper/journal-names.ts";
import { readFacts } from "../../keeper/read-facts.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import type { History } from "../../market/history.ts";
import { devAccount } from "../dev-accounts.ts";
import { manService } from "./crew.ts";
import { SMALL_PARAMETERS, quotesAt, smallMarket, specsAt, walkForward } from "./small-market.ts";
import { readYears } from "./years-account.ts";
import type { WorldAnswer, WorldOrder } from "./years-world.ts";
import type { YearsQuestion, YearsReport, YearsSample } from "./years.ts";

/** {s} After midnight: the market stands at the close, the keeper wakes, and wakes again on a Monday after noon. */
const DAWN = 1200;
const WAKE = 1805;
const NOON = DAY / 2 + 5;
/** {week} Of history before the first. */
const LEAD = 60;
const FIRST: IsoDate = isoDate("2013-01-07");
/** {week} Between two deposits, and how much {USD} is deposited. */
const DEPOSIT_EVERY = 10;
const DEPOSIT = 2000;
/** {week} Between two samples. */
const SAMPLE_EVERY = 5;

/** Whose keys are derived once: that takes longer than a wake. */
const KEEPER = devAccount("keeper");
const SIGNER = devAccount("signer");

type Commander = (order: WorldOrder) => Promise<WorldAnswer>;

/** What the keeper's weeks are lived with. */
type Life = {
  readonly history: History;
  readonly command: Commander;
  readonly source: DecisionSource;
  readonly fund: Fund;
  readonly wake: (at: number) => Promise<void>;
};

async function live({ seed, weeks }: YearsQuestion): Promise<YearsReport> {
  const history = smallMarket(seed, { from: addDays(FIRST, -7 * LEAD), to: addDays(FIRST, 7 * (weeks + 1)) });
  const process_ = fork(fileURLToPath(new URL("./years-world.ts", import.meta.url)), { execArgv: [] });
  const command = commanderOf(process_);
  const folder = mkdtempSync(join(tmpdir(), "tm100-years-"));
  try {
    const { rpc = "", deployment } = await command({ kind: "open", monday: FIRST, coins: specsAt(history, FIRST) });
    if (deployment === undefined) throw new TypeError("an open world says where the fund is");
    return await work({ rpc, deployment, weeks, history, command, file: join(folder, "journal.sqlite") });
  } finally {
    process_.disconnect();
    rmSync(folder, { recursive: true });
  }
}

type Work = {
  readonly rpc: string;
  readonly deployment: Deployment;
  readonly weeks: number;
  readonly history: History;
  readonly command: Commander;
  readonly file: string;
};

async function work({ rpc, deployment, weeks, history, command, file }: Work): Promise<YearsReport> {
  const clock = { time: 0, now: (): number => clock.time };
  const fund = fundAt(rpc, deployment);
  const store = openSqliteStore(file, { clock });
  const hashes = new Map<number, string>(); // by target, of what the market said
  const source = notedIn(hashes, walkForward(history, FIRST, SMALL_PARAMETERS));
  const troubles: string[] = [];
  let cycles = 0;
  const service = manService({
    ...{ holder: "years", fund: fund.fund, store, clock, decisions: source },
    account: KEEPER,
    signer: SIGNER,
    transactorOf: (journal) => (gate) => fund.transactor({ journal, gate, clock }),
    onAlarm: ({ key, text }) => troubles.push(`alarm ${key}: ${text}`),
    onLog: ({ msg, problem }) => {
      if (msg === "cycle failed") troubles.push(`a cycle failed: ${problem ?? ""}`);
    },
  });
  const wake = async (at: number): Promise<void> => {
    await command({ kind: "advance", at });
    clock.time = at * 1000;
    cycles += 1;
    await service.tend();
    await service.wake();
  };
  const journals = [diaryOf(deployment), keyJournalOf(deployment, KEEPER.address)];
  const samples: YearsSample[] = [];
  try {
    for (let week = 1; week <= weeks; week++) {
      await liveWeek({ ...fund, history, command, source, wake }, addDays(FIRST, 7 * (week - 1)), week);
      if (week % SAMPLE_EVERY === 0) samples.push({ week, heap: heapAfterGc(), bytes: statSync(file).size });
    }
    const lines = await Promise.all(journals.map(async (name) => (await store.journal(name).entries()).length));
    const account = await readYears(fund.fund, { first: FIRST, weeks, hashes });
    return { ...account, cycles, samples, lines: lines.reduce((sum, count) => sum + count, 0), troubles };
  } finally {
    await service.stop();
    await store.close();
  }
}

/** Prices move before whatever trades: on Mondays, and on the days on which something may be traded or struck. */
async function liveWeek(life: Life, monday: IsoDate, week: number): Promise<void> {
  const { command, source, fund, wake } = life;
  await moveTo(life, monday);
  await wake(startOfDay(monday) + WAKE);
  await wake(startOfDay(monday) + NOON);
  for (let day = 1; day < 7; day++) {
    const date = addDays(monday, day);
    const { pending, running, isRequestDue } = await readFacts(fund);
    const isLeaving = (await source.bearCheck(date)).verdict === "leave";
    if (isLeaving || isRequestDue || pending !== undefined || running !== undefined) await moveTo(life, date);
    const from = startOfDay(date) + WAKE;
    await wake(from);
    const start = pending?.executableAt ?? 0; // of a return that the chain allows only then
    if (from < start && start < from + DAY) await wake(start + 5);
    if (day === 3 && week % DEPOSIT_EVERY === 0) await command({ kind: "deposit", dollars: DEPOSIT });
  }
}

async function moveTo({ history, command }: Life, date: IsoDate): Promise<void> {
  const quotes = [...quotesAt(history, date).values()];
  await command({
    ...{ kind: "move", at: startOfDay(date) + DAWN },
    prices: quotes.map(({ coinId, priceUsd }) => [coinId, priceUsd]),
    volumes: quotes.map(({ coinId, volumeUsd }) => [coinId, volumeUsd ?? 0]),
  });
}

/** Keeps the hash of each decision and check, and nothing else of them. */
function notedIn(hashes: Map<number, string>, source: DecisionSource): DecisionSource {
  return {
    weekly: async (monday) => {
      const decision = await source.weekly(monday);
      hashes.set(weeklyTargetId(monday), decisionHash(decision));
      return decision;
    },
    bearCheck: async (date) => {
      const check = await source.bearCheck(date);
      if (check.verdict === "leave") hashes.set(exitTargetId(date), bearCheckHash(check));
      return check;
    },
  };
}

type Sending = Pick<Parameters<typeof openTransactor>[1], "journal" | "clock"> & {
  readonly gate: NonNullable<Parameters<typeof openTransactor>[1]["gate"]>;
};

function fundAt(rpc: string, deployment: Deployment) {
  const settings = nodesSchema.parse({ urls: [rpc], timeoutMs: 60_000, restMs: 0 });
  const clock = { now: (): number => performance.now() };
  const nodes = openNodes({ nodes: settings, chainId: hardhat.id, pollMs: 10, clock });
  const fund: Fund = { client: nodes.client, deployment };
  const pause = async (ms: number): Promise<void> => {
    await sleep(ms);
  };
  const sending = sendingSchema.parse({ pollMs: 10, feePatience: 0 });
  const transactor = (given: Sending) => openTransactor(nodes, { ...given, sending, account: KEEPER, pause });
  return { fund, transactor };
}

function commanderOf(child: ChildProcess): Commander {
  return async (order) => {
    child.send(order);
    const [answer] = (await once(child, "message")) as [WorldAnswer];
    if (answer.problem !== undefined) throw new TypeError(`the world could not ${order.kind}: ${answer.problem}`);
    return answer;
  };
}

/** {byte} What is reachable. */
function heapAfterGc(): number {
  if (globalThis.gc === undefined) throw new TypeError("this process is started with --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

if (process.argv[1] === import.meta.filename) {
  const question = JSON.parse(process.argv[2] ?? "{}") as YearsQuestion;
  process.stdout.write(JSON.stringify(await live(question)));
}
