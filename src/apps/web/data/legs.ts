// Turns filters into the newest legs and into any page of legs, from the server or from the chain's own log.
import { type Answer, ServerDownError, ask } from "./api.ts";
import type { LegFilter } from "./leg-filter.ts";
import type { ChainAccess } from "./way.ts";
import type { Site } from "./api.ts";

/** One leg. */
export type Leg = Answer<"legs">["legs"][number];

/** Which legs, and how long they are wanted. */
export type LegQuestion = { readonly filter: LegFilter; readonly signal: AbortSignal };

/** Where the chain is read when the server is silent. */
export type LegWay = { readonly access: ChainAccess | undefined; readonly site: Site | undefined };

/** Legs of one page. */
export const LEG_PAGE = 200;

/** How many legs there are, and the newest page; all of them where the chain alone is asked. Newest first. */
export async function newestLegs({ filter, signal }: LegQuestion, way: LegWay): Promise<Answer<"legs">> {
  try {
    return await ask("legs", { ...filter, limit: LEG_PAGE }, signal);
  } catch (error) {
    return insteadOf(error, filter, way);
  }
}

/** A page of legs, oldest first; pages are counted from the oldest leg, so that new legs move none. */
export async function legPage(page: number, { filter, signal }: LegQuestion, way: LegWay): Promise<readonly Leg[]> {
  const offset = page * LEG_PAGE;
  try {
    return (await ask("legs", { ...filter, order: "oldest", offset, limit: LEG_PAGE }, signal)).legs;
  } catch (error) {
    const { legs } = await insteadOf(error, filter, way);
    return legs.toReversed().slice(offset, offset + LEG_PAGE);
  }
}

async function insteadOf(error: unknown, filter: LegFilter, { access, site }: LegWay): Promise<Answer<"legs">> {
  if (!(error instanceof ServerDownError) || access === undefined || site === undefined) throw error;
  const { legsFromChain } = await import("./chain/legs.ts");
  return legsFromChain({ access, site }, filter);
}
