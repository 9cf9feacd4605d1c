// Turns a fund's chain and its market data into a state that is always current, and tells whoever listens what is new.
import type { PublicClient } from "viem";

import { AppError } from "../core/errors.ts";
import { type IsoDate, dateOf } from "../core/time.ts";
import type { Fund } from "../execute/contracts.ts";
import type { LedgerLine } from "../record/lines.ts";
import { timeString } from "./amounts.ts";
import type { EventAnswer, EventName } from "./answers/health.ts";
import { type Database, type IndexPlace, openDatabase, placeOf } from "./index/database.ts";
import { publications } from "./index/decisions.ts";
import { Follower, type Look } from "./index/follow.ts";
import { readReceipts } from "./index/receipts.ts";
import { indexedRecord } from "./index/record.ts";
import { tokensOf } from "./index/tokens.ts";
import { PublishedDecisions } from "./market/published-decisions.ts";
import { MarketReader } from "./market/reader.ts";
import { type Picture, fetchPicture } from "./picture/picture.ts";
import { type SlowFacts, fetchSlowFacts } from "./picture/slow-facts.ts";
import type { SiteState } from "./state.ts";

/** What the site is about. */
export type SiteOptions = {
  readonly fund: Fund;
  /** File of the index; `:memory:` for one that ends with the process. */
  readonly file: string;
  /** Market data; see `--data`. */
  readonly data: string;
  /** Where the keeper publishes what decisions were taken from: a folder, or the http address of one. */
  readonly snapshots?: string;
  /** Of the deployment, where `verify-source` leaves what services said. */
  readonly folder?: string;
  /** A node that visitors of a local chain may ask. */
  readonly rpc?: string;
  /** {ms} */
  readonly clock: () => number;
};

/** One thing that has happened. */
export type SiteEvent = {
  readonly [Name in EventName]: { readonly name: Name; readonly data: EventAnswer[Name] };
}[EventName];

/** {ms} Roles, code and depths are read again after so long. */
const SLOW_PERIOD = 60_000;
/** For visitors: where it is looked for is none of theirs. */
const UNPUBLISHED = "What the keeper published of its decisions cannot be read.";
/** Of which published snapshots are looked for: those of twenty years. */
const MOST_WEEKS = 1040;

/** The site's memory. It looks at the chain when told to. */
export class Site {
  readonly #options: SiteOptions;
  readonly #place: IndexPlace;
  readonly #database: Database;
  readonly #follower: Follower;
  readonly #market: MarketReader;
  readonly #published: PublishedDecisions | undefined;
  #publishedAt = Number.NEGATIVE_INFINITY;
  /** What is wrong with the published snapshots. */
  #missing: AppError | undefined;
  readonly #listeners = new Set<(event: SiteEvent) => void>();
  #picture: Picture | undefined;
  #slow: SlowFacts | undefined;
  #slowAt = Number.NEGATIVE_INFINITY;
  #look: Look | undefined;
  #hasReceipts = false;
  #reorgs = 0;
  #troubles: readonly string[] = [];
  #opened: IsoDate | undefined;
  #version = 0;
  #tokens: SiteState["tokens"] | undefined;

  /** @throws IndexUnusableError */
  constructor(options: SiteOptions) {
    const { chainId, addresses, block } = options.fund.deployment;
    this.#options = options;
    this.#place = placeOf(chainId, addresses.vault, block);
    this.#database = openDatabase(options.file, this.#place);
    this.#follower = new Follower({ client: options.fund.client, place: this.#place }, this.#database);
    this.#market = new MarketReader(options.data, options.clock);
    this.#published = options.snapshots === undefined ? undefined : new PublishedDecisions(options.snapshots);
  }

  /** Grows with everything that may change an answer. */
  get version(): number {
    return this.#version;
  }

  state(): SiteState {
    const { fund, rpc } = this.#options;
    this.#tokens ??= tokensOf(this.#database, fund.deployment);
    return {
      fund,
      rpc,
      place: this.#place,
      database: this.#database,
      tokens: this.#tokens,
      picture: this.#picture,
      slow: this.#slow,
      market: this.#market.state(),
      published: this.#published,
      unpublished: this.#missing?.message,
      chain: this.#look === undefined ? undefined : { block: this.#look.newest.number, time: this.#look.newest.time },
      isProven: this.#look?.isProven,
      reorgs: this.#reorgs,
      troubles: this.#troubles,
    };
  }

  /** Calls back for each event until the returned function is called. */
  subscribe(listener: (event: SiteEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the chain once. What goes wrong is kept as a trouble, and the picture stays as it was. */
  async refresh(): Promise<void> {
    try {
      await this.#refresh();
      await this.#lookForPublished();
      this.#setTroubles(this.#missing === undefined ? [] : [`${this.#missing.code}: ${UNPUBLISHED}`]);
    } catch (error) {
      this.#setTroubles([error instanceof AppError ? `${error.code}: ${error.message}` : "The node does not answer."]);
    }
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#market.close();
    this.#database.close();
  }

  async #refresh(): Promise<void> {
    const { fund } = this.#options;
    const before = this.#look?.newest;
    const look = await this.#follower.look(() => {
      this.#version++;
    });
    const isNew = before?.hash !== look.newest.hash || look.rolledBackTo !== undefined || !look.isProven;
    this.#look = look;
    if (look.lines.length > 0 || look.rolledBackTo !== undefined)
      [this.#tokens, this.#hasReceipts] = [undefined, false];
    if (isNew || this.#picture === undefined) {
      this.#picture = await fetchPicture(fund, indexedRecord(this.#database));
      this.#version++;
      this.#tell(look);
    }
    await this.#refreshSlowly(BigInt(look.newest.number));
    await this.#openMarket(look.newest.time);
  }

  async #refreshSlowly(block: bigint): Promise<void> {
    const { fund, clock, folder } = this.#options;
    if (!this.#hasReceipts) {
      const count = await readReceipts(fund.client, this.#database);
      if (count > 0) this.#version++;
      this.#hasReceipts = count === 0;
    }
    if (clock() - this.#slowAt < SLOW_PERIOD) return;
    this.#slow = await fetchSlowFacts(fund, block, folder);
    this.#slowAt = clock();
    this.#version++;
  }

  async #openMarket(time: number): Promise<void> {
    this.#opened ??= await firstDayOf(this.#options.fund.client, this.#place.firstBlock);
    this.#market.lookAt(dateOf(time), this.#opened, () => {
      this.#version++;
    });
  }

  /** Where this fails, everything else is there all the same. */
  async #lookForPublished(): Promise<void> {
    const { state, facts } = this.#market.state();
    const { clock } = this.#options;
    if (this.#published === undefined || state === "reading" || clock() - this.#publishedAt < SLOW_PERIOD) return;
    this.#publishedAt = clock();
    try {
      const { found } = publications(this.#database, { limit: MOST_WEEKS, before: undefined });
      if ((await this.#published.look(found, facts?.decisions ?? new Map())) > 0) this.#version++;
      this.#missing = undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#missing = error;
    }
  }

  #setTroubles(troubles: readonly string[]): void {
    if (troubles.join() !== this.#troubles.join()) this.#version++;
    this.#troubles = troubles;
  }

  #tell({ newest, lines, rolledBackTo }: Look): void {
    const { number: block, time, hash } = newest;
    if (rolledBackTo !== undefined) {
      this.#reorgs++;
      this.#send({ name: "reorg", data: { sequence: rolledBackTo } });
    }
    for (const line of lines.slice(-MOST_TOLD)) this.#send(eventOf(line));
    this.#send({ name: "block", data: { block, time: timeString(time), hash } });
  }

  #send(event: SiteEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** {line} A first reading is no news. */
const MOST_TOLD = 500;

function eventOf({ sequence, event, args }: LedgerLine): SiteEvent {
  const id = Number(args["id"]);
  switch (event) {
    case "RebalanceStarted":
      return { name: "start", data: { sequence, id, regime: String(args["regime"]) } };
    case "RebalanceFinished":
    case "RebalanceClosed":
      return { name: "finish", data: { sequence, id } };
    case "LegExecuted":
      return { name: "leg", data: { sequence, id, outcome: "executed" } };
    case "LegSkipped":
      return { name: "leg", data: { sequence, id, outcome: "skipped" } };
    default:
      return { name: "line", data: { sequence, event } };
  }
}

/** The day of the vault's creation, from which dwell and returns count. */
async function firstDayOf(client: PublicClient, block: number): Promise<IsoDate> {
  const { timestamp } = await client.getBlock({ blockNumber: BigInt(block) });
  return dateOf(Number(timestamp));
}
