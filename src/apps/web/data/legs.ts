// Turns filters and a cursor into a page of legs, from the server or from the chain's own log.
import { type Answer, ServerDownError, ask } from "./api.ts";
import type { LegFilter } from "./leg-filter.ts";
import type { ChainAccess } from "./way.ts";
import type { Site } from "./api.ts";

/** A page and where it begins. */
export type PageQuestion = {
  readonly filter: LegFilter;
  readonly cursor: number | undefined;
  readonly signal: AbortSignal;
};

/** Rows of one page. */
const PAGE = 1000;

/** One page, newest first. */
export async function legPage(
  { filter, cursor, signal }: PageQuestion,
  { access, site }: { readonly access: ChainAccess | undefined; readonly site: Site | undefined },
): Promise<Answer<"legs">> {
  try {
    return await ask("legs", { ...filter, cursor, limit: PAGE }, signal);
  } catch (error) {
    if (!(error instanceof ServerDownError) || access === undefined || site === undefined) throw error;
    const { legsFromChain } = await import("./chain/legs.ts");
    return legsFromChain({ access, site }, filter);
  }
}
