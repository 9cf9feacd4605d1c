// Turns the visitor's node into the fund, where it stands, and all lines of its ledger, read once for all views.
import type { Address } from "viem";

import type { Fund } from "../../../../execute/contracts.ts";
import { type FundStatus, fetchFundStatus } from "../../../../execute/read-status.ts";
import { fetchLedger } from "../../../../record/ledger.ts";
import type { LedgerLine } from "../../../../record/lines.ts";
import { openChain } from "../chain-client.ts";
import type { ChainAccess } from "../way.ts";
import { fundFromChain } from "../chain-fund.ts";
import type { Site } from "../api.ts";

/** Where the chain is read, and which fund. */
export type Way = { readonly access: ChainAccess; readonly site: Site };

/** What the chain alone tells. */
export type ChainRecord = {
  readonly site: Site;
  readonly fund: Fund;
  readonly status: FundStatus;
  readonly lines: readonly LedgerLine[];
  /** Every token that was ever listed, in lower case. */
  readonly tokens: ReadonlyMap<string, Token>;
};

/** How a token is called and counted. */
export type Token = { readonly symbol: string; readonly coinId: string; readonly decimals: number };

/** {ms} Views that ask within it share one reading. */
const FRESH = 10_000;

let last: { readonly way: Way; readonly at: number; readonly record: Promise<ChainRecord> } | undefined;

/** Reads it, or gives back what was just read. */
export function readChain(way: Way): Promise<ChainRecord> {
  const isSame = last?.way.access === way.access && last.way.site.addresses.vault === way.site.addresses.vault;
  if (last !== undefined && isSame && Date.now() - last.at < FRESH) return last.record;
  const record = readNow(way);
  last = { way, at: Date.now(), record };
  record.catch(() => {
    last = undefined;
  });
  return record;
}

async function readNow({ access, site }: Way): Promise<ChainRecord> {
  const client = await openChain(access, site.chainId);
  const fund = await fundFromChain(client, site);
  const vault = site.addresses.vault as Address;
  const source = { client, chainId: site.chainId, vault, fromBlock: BigInt(site.block) };
  const [status, ledger] = await Promise.all([fetchFundStatus(fund), fetchLedger(source)]);
  return { site, fund, status, lines: ledger.lines, tokens: tokensOf(ledger.lines, fund) };
}

function tokensOf(lines: readonly LedgerLine[], { deployment }: Fund): ReadonlyMap<string, Token> {
  const listed = lines
    .filter(({ event }) => event === "AssetListed")
    .map(({ args }): [string, Token] => {
      const coinId = String(args["coinId"]);
      return [String(args["token"]), { symbol: coinId, coinId, decimals: Number(args["decimals"]) }];
    });
  const known = deployment.assets.map((asset): [string, Token] => [asset.token.toLowerCase(), asset]);
  return new Map([...listed, ...known]);
}
