// Turns a question into what the chain alone can answer; undefined where only the server knows.
import type { VIEWS } from "../../../../site/endpoints.ts";
import type { Answer } from "../api.ts";
import { holdingsFromChain } from "./holdings.ts";
import { investFromChain, nowFromChain, rulesFromChain } from "./fund.ts";
import { type ChainRecord, type Way, readChain } from "./record.ts";
import { performanceFromChain } from "./performance.ts";
import { decisionsFromChain, rebalancesFromChain } from "./rebalances.ts";

type Endpoint = keyof typeof VIEWS;
type Tellers = { readonly [Name in Endpoint]?: (record: ChainRecord) => Answer<Name> | Promise<Answer<Name>> };

const TELLERS: Tellers = {
  now: nowFromChain,
  holdings: holdingsFromChain,
  invest: investFromChain,
  rules: rulesFromChain,
  performance: performanceFromChain,
  rebalances: rebalancesFromChain,
  decisions: decisionsFromChain,
};

/** The answer, read through the visitor's node or wallet. */
export async function tellFromChain<Name extends Endpoint>(name: Name, way: Way): Promise<Answer<Name> | undefined> {
  const tell = TELLERS[name] as ((record: ChainRecord) => Promise<Answer<Name>>) | undefined;
  return tell === undefined ? undefined : tell(await readChain(way));
}
