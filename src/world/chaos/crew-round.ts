// Turns keepers on one database and blows into a week that is played once, and into how long it took to take over.
import { randomBytes } from "node:crypto";

import pg from "pg";
import { parseEventLogs } from "viem";

import { delayedAccessManagerAbi, indexVaultAbi } from "../../core/abi.ts";
import { unixSeconds } from "../../core/units.ts";
import { runCycle } from "../../keeper/keeper.ts";
import { openPostgresStore } from "../../keeper/store/postgres.ts";
import type { KeeperStore } from "../../keeper/store/store.ts";
import type { AccountName } from "../dev-accounts.ts";
import { type Account, accountOf, endBreachesOf } from "./account.ts";
import { type ChainClock, chainClock, hire } from "./hire.ts";
import { type Blow, Member, type Pace, type Post } from "./member.ts";
import type { Asked, Fate } from "./proxy.ts";
import type { ChaosStage } from "./stage.ts";
import type { Round } from "./tally.ts";

/** Requests of a rebalance: all, and those that send or look for a transaction. */
export type Counts = { readonly all: number; readonly sending: number };

/** What is done to the keeper that acts, and when. */
export type Strike = {
  readonly blow: Blow;
  /** At which request of {@link Counts}. */
  readonly moment: { readonly isOfSending: boolean; readonly request: number };
  /** The node gets the request that is under way; otherwise it gets it late or never. */
  readonly isHeard: boolean;
};

/** A round, and what it took. */
export type CrewRound = Round & {
  /** {ms} From each blow until another keeper held the lease. */
  readonly takeovers: readonly number[];
  readonly counts: Counts;
};

/** Who plays, and what happens to them. */
export type Cast = {
  readonly url: string;
  readonly pace: Pace;
  readonly keepers: number;
  readonly strikes: readonly Strike[];
};

const NAMES: readonly AccountName[] = ["keeper", "stranger", "dave"];
const SENDING: ReadonlySet<string> = new Set(["eth_sendRawTransaction", "eth_getTransactionReceipt"]);
/** Whoever stands by asks nothing else. */
const STANDING = "eth_blockNumber";
const KEEPER_ROLE = 1n;
/** {ms} */
const LOOK = 50;
/** {ms} Without a block for so long, the chain's time goes on: what failed rests by it. */
const IDLE = 4000;
/** {s} */
const REST = 1300;
/** {ms} Longer than any takeover and what follows it. */
const MOST = 240_000;

/** From Monday noon until the week is over and every keeper has settled what it had begun. */
export async function playCrew(stage: ChaosStage, cast: Cast): Promise<CrewRound> {
  await stage.restore();
  const names = NAMES.slice(0, cast.keepers);
  for (const name of names) await appoint(stage, name);
  const schema = `tm100_chaos_${process.pid}_${randomBytes(4).toString("hex")}`;
  const lines = chainClock();
  const store = await openPostgresStore({ url: cast.url, schema, clock: lines });
  const crew = new Crew({ stage, url: cast.url, schema, pace: cast.pace }, store, cast.strikes);
  try {
    await crew.open(names);
    const nonces = await Promise.all(crew.members.map(({ address }) => countOf(stage, address)));
    await crew.play();
    const breaches = await crew.end();
    for (const { name } of crew.members) breaches.push(...(await settle(stage, { name, store, lines })));
    const found = await Promise.all(names.map((name, i) => judge(seenBy(stage, name, nonces[i] ?? 0), store)));
    const sum = (of: (account: Account) => number): number => found.reduce((all, { account }) => all + of(account), 0);
    return {
      ...{ blows: cast.strikes.length, takeovers: crew.takeovers, counts: crew.counts },
      cycles: await cyclesIn(cast.url, schema),
      account: {
        ...{ transactions: sum(({ transactions }) => transactions), gas: sum(({ gas }) => gas) },
        ...{ finished: found[0]?.account.finished ?? 0, breaches: [] },
      },
      breaches: [...new Set([...breaches, ...found.flatMap((one) => one.breaches)])],
    };
  } finally {
    await crew.close();
    await store.close();
    await drop(cast.url, schema);
  }
}

/** Keepers while a week is played. */
class Crew {
  members: readonly Member[] = [];
  readonly takeovers: number[] = [];
  counts: Counts = { all: 0, sending: 0 };
  readonly #post: Post;
  readonly #store: KeeperStore;
  readonly #waiting: Strike[];
  #isPlaying = false;
  #isOver = false;
  /** The last blow, until another keeper acts. */
  #struck: { readonly member: Member; readonly at: number /* {ms} */ } | undefined;
  #victims: Member[] = [];

  constructor(post: Post, store: KeeperStore, strikes: readonly Strike[]) {
    this.#post = post;
    this.#store = store;
    this.#waiting = [...strikes];
  }

  /** Starts the processes, which do nothing yet. */
  async open(names: readonly AccountName[]): Promise<void> {
    await this.#store.pause.set({ since: 0, reason: "the others are not there yet" });
    for (const name of names) {
      const member = await Member.open(this.#post, name, (one, asked) => this.#fateOf(one, asked));
      this.members = [...this.members, member];
    }
    await Promise.all(this.members.map((member) => member.start()));
  }

  /** Until the week is over, every blow has fallen, and everybody is well again. */
  async play(): Promise<void> {
    const { chain } = this.#post.stage.world.market;
    this.#isPlaying = true;
    await this.#store.pause.set(undefined);
    const end = Date.now() + MOST;
    let [block, movedAt] = [0n, Date.now()];
    for (let isOver = false; !isOver && Date.now() < end;) {
      await sleep(LOOK);
      await this.#lookForTakeover();
      const newest = await chain.publicClient.getBlockNumber();
      if (newest !== block) [block, movedAt] = [newest, Date.now()];
      const isFinished = await this.#isFinished();
      this.#isOver = isFinished;
      if (isFinished) this.#strikeIdle();
      isOver = isFinished && this.#waiting.length === 0 && this.#struck === undefined;
      const isIdle = !isFinished && this.#struck === undefined && Date.now() - movedAt > IDLE;
      if (isIdle) await chain.advanceTo(unixSeconds((await chain.now()) + REST));
    }
    await this.#recoverAll();
    await sleep(2 * this.#post.pace.tendEvery); // whoever was away finds out where things stand
  }

  async end(): Promise<string[]> {
    const ends = await Promise.all(this.members.map((member) => member.end()));
    return ends.filter((words) => words !== undefined);
  }

  async close(): Promise<void> {
    for (const member of this.members) await member.close();
  }

  #fateOf(member: Member, { method }: Asked): Fate | Promise<Fate> {
    if (!this.#isPlaying || method === STANDING || this.#victims.includes(member)) return "pass";
    const isOfSending = SENDING.has(method);
    if (!this.#isOver) this.counts = { all: this.counts.all + 1, sending: this.counts.sending + (isOfSending ? 1 : 0) };
    const [next] = this.#waiting;
    if (next === undefined || this.#struck !== undefined) return "pass";
    const { moment } = next;
    const isNow = moment.isOfSending
      ? isOfSending && this.counts.sending >= moment.request
      : this.counts.all >= moment.request;
    return isNow ? this.#strike(member, next) : "pass";
  }

  #strike(member: Member, { blow, isHeard }: Strike): Fate | Promise<Fate> {
    this.#waiting.shift();
    this.#struck = { member, at: Date.now() };
    this.#victims.push(member);
    return member.suffer(blow, isHeard);
  }

  /** When there was too little to do for a blow to fall on it, it falls on whoever acts and has nothing to do. */
  #strikeIdle(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#struck !== undefined || this.#acting === undefined) return;
    void this.#strike(this.#acting, { ...next, isHeard: true });
  }

  #acting: Member | undefined;

  async #lookForTakeover(): Promise<void> {
    const lease = await this.#store.lease.current();
    const isHeld = lease !== undefined && lease.until > Date.now();
    this.#acting = isHeld ? this.members.find(({ address }) => lease.holder.includes(address)) : undefined;
    if (this.#struck === undefined || this.#acting === undefined || this.#acting === this.#struck.member) return;
    this.takeovers.push(Date.now() - this.#struck.at);
    this.#struck = undefined;
    this.counts = { all: 0, sending: 0 };
    // The next blow needs somebody to take over.
    if (this.#waiting.length > 0 && this.#victims.length + 1 >= this.members.length) await this.#recoverAll();
  }

  async #recoverAll(): Promise<void> {
    const victims = this.#victims;
    this.#victims = [];
    for (const member of victims) await member.recover();
  }

  async #isFinished(): Promise<boolean> {
    const { deployment, world } = this.#post.stage;
    const range = { address: deployment.addresses.vault, fromBlock: BigInt(deployment.block) };
    const logs = await world.market.chain.publicClient.getLogs(range);
    return parseEventLogs({ abi: indexVaultAbi, logs, eventName: "RebalanceFinished" }).length > 0;
  }
}

async function appoint({ deployment, world }: ChaosStage, name: AccountName): Promise<void> {
  const { accounts, wallets } = world.market.chain;
  await wallets.owner.writeContract({
    address: deployment.addresses.accessManager,
    abi: delayedAccessManagerAbi,
    functionName: "grantRole",
    args: [KEEPER_ROLE, accounts[name].address, 0],
  });
}

function countOf({ world }: ChaosStage, address: `0x${string}`): Promise<number> {
  return world.market.chain.publicClient.getTransactionCount({ address });
}

/** A last cycle of a keeper's key: what it had begun is settled when it acts the next time. */
async function settle(
  { rpc, deployment, world }: ChaosStage,
  { name, store, lines }: { readonly name: AccountName; readonly store: KeeperStore; readonly lines: ChainClock },
): Promise<string[]> {
  const keeper = hire({ rpc, deployment, account: world.market.chain.accounts[name], store, lines });
  const held = await store.lease.take(`last:${name}`, 60_000);
  if (held === undefined) return ["a keeper that ended kept the lease"];
  await runCycle({ ...keeper, lease: { table: store.lease, held } });
  await store.lease.release(held);
  return [];
}

/** The stage as one of several keepers sees it, who is its only one. */
function seenBy(stage: ChaosStage, name: AccountName, nonce: number): ChaosStage {
  const { chain } = stage.world.market;
  const accounts = { ...chain.accounts, keeper: chain.accounts[name] };
  const market = { ...stage.world.market, chain: { ...chain, accounts } };
  return { ...stage, nonce, world: { ...stage.world, market } };
}

async function judge(stage: ChaosStage, store: KeeperStore) {
  const account = await accountOf(stage, store);
  return { account, breaches: [...account.breaches, ...(await endBreachesOf(stage, store, account))] };
}

/** Wakes that were taken. */
async function cyclesIn(url: string, schema: string): Promise<number> {
  const rows = await query<{ cycles: string }>(
    url,
    `select count(*) as cycles from ${schema}_jobs.job where started_on is not null`,
  );
  return Number(rows[0]?.cycles ?? 0);
}

async function drop(url: string, schema: string): Promise<void> {
  await query(url, `drop schema if exists ${schema} cascade; drop schema if exists ${schema}_jobs cascade`);
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
