// Turns a node's log of the vault into the index, block after block; what a fork takes away is taken out again.
import type { Hex, PublicClient } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import { AppError } from "../../core/errors.ts";
import { LogSpan } from "../../execute/log-span.ts";
import { FIRST_HEAD } from "../../record/head.ts";
import type { LedgerLine } from "../../record/lines.ts";
import { type Page, type SeenBlock, appendPage, rollBack } from "./append.ts";
import type { Database, IndexPlace } from "./database.ts";
import { HeadBrokenError, type PageQuery, readPage } from "./read-page.ts";

/** Where the index ends. */
export type IndexEnd = { readonly sequence: number; readonly head: Hex; readonly block: number };

/** What a look at the chain has found. */
export type Look = {
  readonly newest: SeenBlock;
  readonly lines: readonly LedgerLine[];
  /** The last line that stayed when the chain had changed its mind; undefined when it had not. */
  readonly rolledBackTo: number | undefined;
  /** True when the vault's own head is that of the index. */
  readonly isProven: boolean;
};

export type Chain = { readonly client: PublicClient; readonly place: IndexPlace };

/** {block} Of the first question. */
const FIRST_SPAN = 100;

/** Keeps an index at the chain's end. */
export class Follower {
  readonly #chain: Chain;
  readonly #database: Database;
  readonly #span: LogSpan;
  /** True after heads that did not follow: the file was then made anew once. */
  #isSecondTry = false;
  /** The last block at which the index was proven; what a restart finds was. */
  #provenTo: number;

  constructor(chain: Chain, database: Database, span: number = FIRST_SPAN) {
    this.#chain = chain;
    this.#database = database;
    this.#span = new LogSpan(span);
    this.#provenTo = this.end().block;
  }

  end(): IndexEnd {
    return endOf(this.#database, this.#chain.place);
  }

  /**
   * Reads up to the newest block.
   *
   * @param onPage Called after each page, so that long reading can be followed.
   * @throws HeadBrokenError when what the node gives is not one ledger, also when all of it is read anew.
   */
  async look(onPage?: (end: IndexEnd) => void): Promise<Look> {
    const newest = await this.#block();
    const lines: LedgerLine[] = [];
    let rolledBackTo: number | undefined;
    while (!this.#isAt(newest)) {
      const fork = await this.#leaveFork(newest);
      if (fork !== undefined) rolledBackTo = Math.min(rolledBackTo ?? fork, fork);
      const { block } = this.end();
      if (block >= newest.number) break;
      const page = await this.#readOn(newest);
      if (page === "smaller") continue;
      lines.push(...page);
      if (this.end().block === block) break; // the chain is changing: the next look finds out how
      onPage?.(this.end());
    }
    const isProven = await this.#isProven(newest);
    if (isProven) this.#provenTo = newest.number;
    else this.#giveBack();
    const { sequence: end } = this.end();
    return { newest, lines: lines.filter(({ sequence }) => sequence <= end), rolledBackTo, isProven };
  }

  /** What is not proven goes again: a node behind others gives blocks without their logs. The second time all of it. */
  #giveBack(): void {
    rollBack(this.#database, this.#provenTo);
    this.#provenTo = -1;
  }

  #isAt(newest: SeenBlock): boolean {
    const tip = tipOf(this.#database);
    return tip?.number === newest.number && tip.hash === newest.hash;
  }

  /** The next page, written only if the chain was the same before and after it was read; or a smaller range is needed. */
  async #readOn(newest: SeenBlock): Promise<readonly LedgerLine[] | "smaller"> {
    const after = this.end();
    const last = Math.min(after.block + this.#span.size, newest.number);
    const to = last === newest.number ? newest : await this.#block(last);
    const page = await this.#pageOf({ place: this.#chain.place, from: after.block + 1, to, after });
    if (page === "smaller") return page;
    if (page === undefined || (await this.#block(last)).hash !== to.hash) return [];
    this.#isSecondTry = false;
    this.#span.answered(last - after.block);
    return appendPage(this.#database, page).lines;
  }

  /** Undefined when heads did not follow and all of it is read anew. */
  async #pageOf(query: PageQuery): Promise<Page | "smaller" | undefined> {
    try {
      return await readPage(this.#chain.client, query);
    } catch (error) {
      // What has a name of ours was answered, and the answer is wrong: no size helps.
      if (!(error instanceof AppError) && this.#span.missed(error, query.to.number - query.from + 1)) return "smaller";
      if (!(error instanceof HeadBrokenError) || this.#isSecondTry || query.after.sequence === 0) throw error;
      this.#isSecondTry = true;
      rollBack(this.#database, -1);
      return undefined;
    }
  }

  /** Takes out what is not on the node's chain. @returns The last line that stays; undefined when nothing went. */
  async #leaveFork(newest: SeenBlock): Promise<number | undefined> {
    const seen = this.#database.all("select number, hash from blocks order by number desc");
    const isOnChain = async (position: number): Promise<boolean> => {
      const { number, hash } = seen[position] as unknown as SeenBlock;
      if (number > newest.number) return false;
      return number === newest.number ? hash === newest.hash : (await this.#block(number)).hash === hash;
    };
    if (seen.length === 0 || (await isOnChain(0))) return undefined;
    // The newest that the chain still has, by halves: what lies before a block of the chain is of the chain.
    let [off, on] = [0, seen.length];
    while (on - off > 1) {
      const middle = (off + on) >> 1;
      if (await isOnChain(middle)) on = middle;
      else off = middle;
    }
    rollBack(this.#database, Number(seen[on]?.["number"] ?? -1));
    return this.end().sequence;
  }

  /** A node that is at another block by now, or is asked for one it has dropped, proves nothing yet. */
  async #isProven(newest: SeenBlock): Promise<boolean> {
    const { client, place } = this.#chain;
    const { sequence, head } = this.end();
    const [lines, found] = await client.readContract({
      address: place.vault,
      abi: indexVaultAbi,
      functionName: "ledger",
      blockNumber: BigInt(newest.number),
    });
    return Number(lines) === sequence && found === head;
  }

  async #block(number?: number): Promise<SeenBlock> {
    const { client } = this.#chain;
    const query = number === undefined ? {} : { blockNumber: BigInt(number) };
    const { number: found, hash, timestamp } = await client.getBlock(query);
    return { number: Number(found), hash, time: Number(timestamp) };
  }
}

/** Where an index ends; before the vault's first block when it is empty. */
export function endOf(database: Database, place: Pick<IndexPlace, "firstBlock">): IndexEnd {
  const last = database.one("select sequence, head from lines order by sequence desc limit 1");
  return {
    sequence: Number(last?.["sequence"] ?? 0),
    head: (last?.["head"] as Hex | undefined) ?? FIRST_HEAD,
    block: tipOf(database)?.number ?? place.firstBlock - 1,
  };
}

function tipOf(database: Database): Pick<SeenBlock, "number" | "hash"> | undefined {
  const row = database.one("select number, hash from blocks order by number desc limit 1");
  return row as unknown as Pick<SeenBlock, "number" | "hash"> | undefined;
}
