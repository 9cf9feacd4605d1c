// Turns a token list and the files of a data folder into what networks' files are built from.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Address, getAddress, isAddress } from "viem";
import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import { checkedAddressSchema } from "../../core/checked-address.ts";
import { BadValueError } from "./csv-values.ts";
import { type Table, readTable, textsOf } from "./table-csv.ts";

/** A token of a list. */
export type ListedToken = {
  readonly chainId: number;
  readonly address: Address;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Address in lower case of the token that it was bridged from, by chain id. */
  readonly bridgedFrom: ReadonlyMap<number, string>;
};

const bridgeSchema = z.record(z.string(), z.object({ tokenAddress: z.string().optional() }));

const tokenListSchema = z.object({
  name: z.string(),
  version: z.object({ major: z.int(), minor: z.int(), patch: z.int() }),
  tokens: z.array(
    z.object({
      chainId: z.int(),
      address: z.string(),
      name: z.string(),
      symbol: z.string(),
      decimals: z.int(),
      extensions: z.object({ bridgeInfo: bridgeSchema.optional() }).optional(),
    }),
  ),
});

/** A token list is missing, or an entry of it is wrong. */
export class TokenListUnreadableError extends AppError {
  readonly code = "TOKEN_LIST_UNREADABLE";
  readonly kind = "data";
  readonly path: string;

  constructor(path: string, found: string, options?: ErrorOptions) {
    super(`Expected a token list at ${path}, found ${found}. Take the list from its publisher again.`, options);
    this.path = path;
  }
}

/**
 * A token list of the tokenlists.org format, as far as it concerns `chainIds`.
 *
 * @throws TokenListUnreadableError when it is none, or an address of it has a wrong checksum.
 */
export function readTokenList(
  path: string,
  chainIds: ReadonlySet<number>,
): { readonly name: string; readonly tokens: readonly ListedToken[] } {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new TokenListUnreadableError(path, "no readable JSON", { cause });
  }
  const parsed = tokenListSchema.safeParse(content);
  if (!parsed.success) throw new TokenListUnreadableError(path, `what is not one: ${z.prettifyError(parsed.error)}`);
  const { name, version, tokens } = parsed.data;
  const here = tokens.filter(({ chainId }) => chainIds.has(chainId));
  return {
    name: `${name} ${version.major}.${version.minor}.${version.patch}`,
    tokens: here.map(({ extensions, ...token }) => ({
      ...token,
      address: checkedAddress(path, token),
      bridgedFrom: new Map(
        Object.entries(extensions?.bridgeInfo ?? {}).flatMap(([chain, { tokenAddress }]) =>
          tokenAddress === undefined ? [] : [[Number(chain), tokenAddress.toLowerCase()] as const],
        ),
      ),
    })),
  };
}

function checkedAddress(
  path: string,
  { address, symbol, chainId }: { readonly address: string; readonly symbol: string; readonly chainId: number },
): Address {
  // In small letters alone, as some entries are, an address has no checksum to be wrong.
  const written = isAddress(address) ? getAddress(address) : address;
  const checked = checkedAddressSchema.safeParse(written);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new TokenListUnreadableError(path, `the entry ${symbol} of chain ${chainId}, which ${issue?.message}`);
}

/** A coin with its addresses in lower case, by chain id. */
export type PlacedCoin = {
  readonly coinId: string;
  readonly symbol: string;
  readonly name: string;
  readonly addresses: ReadonlyMap<number, string>;
};

/** Columns of addresses in the list of coins, by chain id. */
const ADDRESS_COLUMNS = new Map([
  [1, "ethereum_address"],
  [8453, "base_address"],
  [42161, "arbitrum_address"],
]);

/** The coins of `coins.csv.gz` in a data folder, by id. @throws NoColumnError, BadValueError for what is no address */
export function readCoinPlaces(folder: string): ReadonlyMap<string, PlacedCoin> {
  const table = readTable(join(folder, "coins.csv.gz"));
  const [ids, symbols, names] = ["coin_id", "symbol", "name"].map((column) => textsOf(table, column));
  const columns = [...ADDRESS_COLUMNS].map(([chainId, column]) => ({ chainId, column, cells: textsOf(table, column) }));
  return new Map(
    (ids ?? []).map(({ text: coinId }, row) => {
      const addresses = columns.flatMap(({ chainId, column, cells }) => {
        const cell = cells[row];
        if (cell === undefined || cell.text === "") return [];
        if (isAddress(cell.text, { strict: false })) return [[chainId, cell.text.toLowerCase()] as const];
        throw new BadValueError(cell.place, { column, found: cell.text, expected: "an address or nothing" });
      });
      const [symbol, name] = [symbols?.[row]?.text ?? "", names?.[row]?.text ?? ""];
      return [coinId, { coinId, symbol, name, addresses: new Map(addresses) }];
    }),
  );
}

/** A Chainlink feed against the US dollar. */
export type ListedFeed = {
  readonly chainId: number;
  /** In lower case, for example `btc`. */
  readonly base: string;
  readonly address: Address;
  readonly decimals: number;
  readonly heartbeat: number; // {s}
  /** What it prices, for example `Bitcoin`. */
  readonly asset: string;
};

/** Names of networks in the list of feeds. */
const FEED_NETWORKS = new Map([
  ["ethereum", 1],
  ["base", 8453],
  ["arbitrum", 42161],
]);

/** Feeds of crypto assets against USD in `onchain/chainlink_feeds.csv` of a data folder. @throws NoColumnError, BadValueError */
export function readFeedList(folder: string): readonly ListedFeed[] {
  const table = readTable(join(folder, "onchain", "chainlink_feeds.csv"));
  const cells = columnsOf(table, ["network", "pair", "address", "decimals", "heartbeat_s", "asset", "market"]);
  return cells.flatMap(([network, pair, address, decimals, heartbeat, asset, market]) => {
    const chainId = FEED_NETWORKS.get(network.text);
    const base = /^(.+)-usd$/.exec(pair.text)?.[1];
    if (chainId === undefined || base === undefined || market.text !== "crypto") return [];
    if (!isAddress(address.text)) {
      const expected = "an address with a right checksum";
      throw new BadValueError(address.place, { column: "address", found: address.text, expected });
    }
    return [
      {
        chainId,
        base,
        address: getAddress(address.text),
        decimals: Number(decimals.text),
        heartbeat: Number(heartbeat.text),
        asset: asset.text,
      },
    ];
  });
}

/** Addresses in lower case of the pools in `onchain/uniswap_v3_pools_ethereum.csv.gz` of a data folder. */
export function readPoolList(folder: string): ReadonlySet<string> {
  const table = readTable(join(folder, "onchain", "uniswap_v3_pools_ethereum.csv.gz"));
  return new Set(textsOf(table, "pool").map(({ text }) => text.toLowerCase()));
}

type Cell = ReturnType<typeof textsOf>[number];

/** The cells of seven columns, row by row. */
function columnsOf(table: Table, names: readonly string[]): [Cell, Cell, Cell, Cell, Cell, Cell, Cell][] {
  const columns = names.map((name) => textsOf(table, name));
  return table.rows.map((_, row) => columns.map((cells) => cells[row]) as [Cell, Cell, Cell, Cell, Cell, Cell, Cell]);
}
