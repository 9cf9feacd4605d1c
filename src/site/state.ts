// Describes all that the server knows at a moment, from which every view is made.
import { AppError } from "../core/errors.ts";
import type { Fund } from "../execute/contracts.ts";
import type { Database, IndexPlace } from "./index/database.ts";
import type { TokenBook } from "./index/tokens.ts";
import type { PublishedDecisions } from "./market/published-decisions.ts";
import type { MarketState } from "./market/reader.ts";
import type { Picture } from "./picture/picture.ts";
import type { SlowFacts } from "./picture/slow-facts.ts";

/** What views are made from. */
export type SiteState = {
  readonly fund: Fund;
  readonly place: IndexPlace;
  readonly database: Database;
  readonly tokens: TokenBook;
  readonly picture: Picture | undefined;
  readonly slow: SlowFacts | undefined;
  readonly market: MarketState;
  /** Decisions that market data do not give; undefined where nobody said where they are published. */
  readonly published: Pick<PublishedDecisions, "of"> | undefined;
  /** What is wrong with the place where they are published, for who runs the server. */
  readonly unpublished: string | undefined;
  readonly chain: { readonly block: number; readonly time: number } | undefined; // {s}
  /** Undefined before the first look is over. */
  readonly isProven: boolean | undefined;
  readonly reorgs: number;
  /** What went wrong at the last look, in words; empty when nothing did. */
  readonly troubles: readonly string[];
  /** A node that the visitor of a local chain may ask. */
  readonly rpc: string | undefined;
};

/** What is asked for is not known yet. */
export class NotReadyError extends AppError {
  readonly code = "NOT_READY";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(what: string) {
    super(`Expected ${what}, which is still being read. Ask again in a few seconds.`);
  }
}

/** Nothing of that name or number. */
export class NotFoundError extends AppError {
  readonly code = "NOT_FOUND";
  readonly kind = "usage";

  constructor(what: string) {
    super(`There is no ${what}.`);
  }
}

/** @throws NotReadyError before the chain was read once. */
export function pictureOf({ picture }: Pick<SiteState, "picture">): Picture {
  if (picture === undefined) throw new NotReadyError("the fund on chain");
  return picture;
}
