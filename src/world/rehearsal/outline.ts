// Turns a rehearsal's market into JSON and back, so that another process can move it on.
import { type Address, isAddress } from "viem";
import { z } from "zod";

import { type Network, networkSchema } from "../../execute/network.ts";
import type { MarketOutline } from "../market.ts";
import type { Rehearsal } from "./stand-ins.ts";

/** A network with what stands in for it, and the market of its tokens. */
export type Outline = MarketOutline & { readonly network: Network };

const address = z.custom<Address>((value) => typeof value === "string" && isAddress(value, { strict: false }));
const integer = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));
const poolSchema = z.strictObject({
  address,
  quote: z.enum(["WETH", "USDC"]),
  quoteToken: address,
  fee: z.literal([100, 500, 3000, 10_000]),
  quoteIsToken1: z.boolean(),
  positionId: integer,
});
const feedSchema = z.strictObject({ address, aggregator: address, decimals: z.int(), description: z.string() });
const coinSchema = z
  .strictObject({
    coinId: z.string(),
    symbol: z.string(),
    token: address,
    decimals: z.int(),
    quirk: z.enum(["none", "no-return"]),
    pool: poolSchema.optional(),
    feed: feedSchema.optional(),
  })
  .transform(({ pool, feed, ...coin }) => ({ ...coin, pool, feed }));
const stateSchema = z.strictObject({
  coin: coinSchema,
  price: z.number(),
  volume: z.number(),
  liquidity: integer,
  isFrozen: z.boolean(),
  isFeedStopped: z.boolean(),
});
/** An outline as it stands in a file. */
export const outlineSchema = z
  .strictObject({
    network: networkSchema,
    place: z.strictObject({
      uniswap: z.strictObject({
        weth: address,
        factory: address,
        positionManager: address,
        quoter: address,
        router: address,
      }),
      arbitrageur: address,
      reporter: address,
      maker: address,
    }),
    states: z.array(stateSchema),
  })
  .transform(({ states, ...outline }) => ({
    ...outline,
    states: new Map(states.map((state) => [state.coin.coinId, state])),
  }));

/** What another process needs to go on with a rehearsal. */
export function outlineOf({ market, network }: Rehearsal): Outline {
  return { ...market.outline(), network };
}

/** As {@link outlineSchema} takes it. */
export function outlineJson({ network, place, states }: Outline): unknown {
  const plain = JSON.stringify({ network, place, states: [...states.values()] }, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return JSON.parse(plain) as unknown;
}
