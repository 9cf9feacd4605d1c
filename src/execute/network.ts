// Turns the file of a network into what a fund stands on there, every entry with its origin.
import { readFile } from "node:fs/promises";

import { type Address, isAddressEqual } from "viem";
import { z } from "zod";

import { checkedAddressSchema } from "../core/checked-address.ts";
import { AppError } from "../core/errors.ts";
import { parseDecimal } from "../core/units.ts";
import { visibleName } from "../core/visible-text.ts";
import type { FeedBounds } from "./deploy.ts";

/** Most assets that a fund can list. */
const MOST_ASSETS = 255;
/** Decimals of D18{USD/wholeTok}. */
const WAD_DECIMALS = 18;

const placeSchema = z.strictObject({ address: checkedAddressSchema, origin: z.string().min(1) });
const usdSchema = z.string().regex(/^\d+(\.\d+)?$/, { error: "must be a decimal number of USD such as 0.5" });

const feedSchema = z.strictObject({
  address: checkedAddressSchema,
  /** As the feed's own description, for example `BTC / USD`. */
  pair: z.string().min(1),
  decimals: z.int().min(0).max(18),
  /** {s} The longest time between two answers. */
  heartbeat: z.int().positive().max(604_800),
  /** {USD/wholeTok} Answers outside are not believed. */
  bounds: z.strictObject({ low: usdSchema, high: usdSchema }),
  origin: z.string().min(1),
});

const poolSchema = z.strictObject({
  address: checkedAddressSchema,
  quote: z.enum(["cash", "weth"]),
  /** {1e-6} */
  fee: z.int().positive(),
  /** How it is known that it exists: worked out from factory, tokens and fee; found in a list; seen on the chain. */
  evidence: z.enum(["computed", "list", "chain"]),
});

const assetSchema = z.strictObject({
  /** CoinGecko's id of the coin that it stands for. */
  coinId: visibleName,
  symbol: visibleName,
  token: checkedAddressSchema,
  decimals: z.int().min(0).max(27),
  isStable: z.boolean(),
  /** The coin's own token, its form on this chain, or another token that stands for the coin. */
  vehicle: z.enum(["own", "bridged", "wrapped"]),
  origin: z.string().min(1),
  feed: feedSchema.optional(),
  pools: z.array(poolSchema),
});

const rolesSchema = z.strictObject({
  owner: checkedAddressSchema,
  guardian: checkedAddressSchema,
  keeper: checkedAddressSchema,
  signer: checkedAddressSchema,
});

/** Schema of {@link Network}. */
export const networkSchema = z
  .strictObject({
    chainId: z.int().positive(),
    name: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    factory: placeSchema,
    /** Uniswap's SwapRouter02, by which holders of tokens sell; the fund itself needs none. */
    router: placeSchema.optional(),
    /** Chainlink's uptime feed of the chain's sequencer. */
    sequencer: placeSchema.optional(),
    /** {ppm} What the contracts allow of a target, by the tier of an asset; fixed in code and compared with it. */
    caps: z.strictObject({
      bitcoin: z.int(),
      ether: z.int(),
      feed: z.int(),
      pool: z.int(),
      poolsTogether: z.int(),
      young: z.int(),
      issuer: z.int(),
    }),
    /** Who rules and runs the fund; named by who deploys it. */
    roles: rolesSchema.optional(),
    /** The deposit coin first, then wrapped ether, then the others by market cap. */
    assets: z.array(assetSchema).min(2).max(MOST_ASSETS),
  })
  .superRefine((network, context) => {
    for (const message of disagreements(network)) context.addIssue({ code: "custom", message });
  });

/** What a fund stands on, on one chain. */
export type Network = z.infer<typeof networkSchema>;
/** An asset to list. */
export type NetworkAsset = Network["assets"][number];
/** A pool of an asset. */
export type NetworkPool = NetworkAsset["pools"][number];
/** Who rules and runs a fund. */
export type NetworkRoles = z.infer<typeof rolesSchema>;

/** The file of a network is missing, or an entry of it is wrong. */
export class NetworkUnreadableError extends AppError {
  readonly code = "NETWORK_UNREADABLE";
  readonly kind = "usage";
  readonly path: string;

  constructor(path: string, found: string, options?: ErrorOptions) {
    super(`Expected the file of a network at ${path}, found ${found}. Repair it, or build it anew.`, options);
    this.path = path;
  }
}

/** @throws NetworkUnreadableError naming every wrong entry. */
export async function readNetwork(path: string): Promise<Network> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const isMissing = (cause as { readonly code?: unknown }).code === "ENOENT";
    throw new NetworkUnreadableError(path, isMissing ? "none" : "text that is not JSON", { cause });
  }
  return parseNetwork(content, path);
}

/** A network out of plain JSON. @param path Where it comes from, for the message. @throws NetworkUnreadableError */
export function parseNetwork(content: unknown, path: string): Network {
  const parsed = networkSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const found = `what is not one: ${z.prettifyError(parsed.error)}`;
  throw new NetworkUnreadableError(path, found, { cause: parsed.error });
}

/** The deposit coin. */
export function cashOf({ assets }: Network): NetworkAsset {
  return assets[0] as NetworkAsset;
}

/** Wrapped ether. */
export function wethOf({ assets }: Network): NetworkAsset {
  return assets[1] as NetworkAsset;
}

/** D18{USD/wholeTok} */
export function boundsOf({ bounds }: NonNullable<NetworkAsset["feed"]>): FeedBounds {
  return { low: parseDecimal(bounds.low, WAD_DECIMALS), high: parseDecimal(bounds.high, WAD_DECIMALS) };
}

/** What two entries of a network say differently. */
function disagreements(network: Pick<Network, "assets" | "roles">): string[] {
  const { assets, roles } = network;
  return [
    ...repeated(assets.map(({ coinId }) => coinId)).map((coinId) => `${coinId} is listed twice`),
    ...repeated(assets.map(({ token }) => token.toLowerCase())).map((token) => `token ${token} is listed twice`),
    ...repeated(assets.flatMap(({ pools }) => pools.map(({ address }) => address.toLowerCase()))).map(
      (pool) => `pool ${pool} is listed twice`,
    ),
    ...frameFaults(assets),
    ...assets
      .filter(({ feed, pools }) => feed === undefined && pools.length === 0)
      .map(({ coinId }) => unpriced(coinId)),
    ...(roles === undefined ? [] : roleFaults(roles)),
  ];
}

function frameFaults([cash, weth]: readonly NetworkAsset[]): string[] {
  return [
    ...(cash?.isStable === true && cash.feed !== undefined ? [] : ["the first asset must be a stablecoin with a feed"]),
    ...(weth?.coinId === "ethereum" && weth.feed !== undefined
      ? []
      : ["the second asset must be wrapped ether with a feed"]),
  ];
}

function unpriced(coinId: string): string {
  return `${coinId} has neither a feed nor a pool, so that nothing says what it is worth`;
}

function roleFaults(roles: NetworkRoles): string[] {
  const names = Object.entries(roles) as [keyof NetworkRoles, Address][];
  return names.flatMap(([name, address], i) =>
    names
      .slice(i + 1)
      .filter(([, other]) => isAddressEqual(address, other))
      .map(([other]) => `${name} and ${other} must be different addresses, but are ${address}`),
  );
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}
