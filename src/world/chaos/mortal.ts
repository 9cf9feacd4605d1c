// A keeper's process that kills itself: it runs one cycle, counts its steps, and dies of SIGKILL at the one it was told.
import { DatabaseSync } from "node:sqlite";

import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import { readDeployment } from "../../execute/deployment.ts";
import type { Journal } from "../../execute/journal.ts";
import { runCycle } from "../../keeper/keeper.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import { chainClock, hire } from "./hire.ts";

const orderSchema = z.strictObject({
  rpc: z.string(),
  /** The deployment file. */
  file: z.string(),
  journal: z.string(),
  key: z.templateLiteral(["0x", z.string()]),
  /** {ms} The clock of leases is so far ahead: a lease of the dead has ended. */
  ahead: z.int(),
  /** The step at which it dies; it lives when left out. */
  step: z.int().optional(),
});

/** What a keeper's process is told. */
export type Order = z.infer<typeof orderSchema>;

/** What a process that lived says of itself. */
export type Testament = {
  /** Numbers of its steps: before each request until the rebalance is done; before, within and after each write. */
  readonly moments: readonly number[];
  /** What failed, in words. */
  readonly problem: string | null;
};

/** {ms} */
const LEASE = 45_000;

if (process.argv[1] === import.meta.filename) await main(orderSchema.parse(JSON.parse(process.argv[2] ?? "")));

async function main(order: Order): Promise<void> {
  const steps = countSteps(order.step);
  const problem = await work(order, steps).catch((error: unknown) => {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  });
  const testament: Testament = { moments: steps.moments(), problem: problem ?? null };
  process.stdout.write(JSON.stringify(testament));
}

type Steps = {
  readonly moments: () => readonly number[];
  /** Requests are of no interest from here on: what was to be done is done. */
  readonly noteDone: () => void;
};

/** Counts the steps, and dies at the one that is named. */
function countSteps(last: number | undefined): Steps {
  let count = 0;
  let isDone = false;
  const moments: number[] = [];
  const step = (isMoment: boolean): void => {
    count += 1;
    if (isMoment) moments.push(count);
    if (count === last) process.kill(process.pid, "SIGKILL");
  };
  const ask = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    step(!isDone);
    return ask(...request);
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own object below
  const execute = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
    step(true);
    execute.call(this, sql);
    step(true);
  };
  return {
    moments: () => moments,
    noteDone: () => {
      isDone = true;
    },
  };
}

/** @returns What failed, if anything did. */
async function work({ rpc, file, journal, key, ahead }: Order, { noteDone }: Steps): Promise<string | undefined> {
  const lines = chainClock();
  const store = openSqliteStore(journal, { clock: lines, leaseClock: { now: () => Date.now() + ahead } });
  try {
    const deployment = await readDeployment(file);
    const keeper = hire({ rpc, deployment, account: privateKeyToAccount(key), store, lines });
    const held = await store.lease.take(String(process.pid), LEASE);
    if (held === undefined) return "another keeper holds the lease";
    const diary = { ...keeper.diary, append: appendTo(keeper.diary, noteDone) };
    const { deeds } = await runCycle({ ...keeper, diary, lease: { table: store.lease, held } });
    await store.lease.release(held);
    return deeds.find(({ failure }) => failure !== undefined)?.failure?.message;
  } finally {
    await store.close();
  }
}

function appendTo(diary: Journal, onDone: () => void): Journal["append"] {
  return async (line) => {
    const entry = await diary.append(line);
    if (line.step === "reconciled") onDone();
    return entry;
  };
}
