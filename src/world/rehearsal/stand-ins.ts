// Turns the file of a network into a local chain that has all that it names, and into the same file with what stands in.
import { encodeFunctionData, getAddress, parseAbi } from "viem";

import { type UnixSeconds, toFloat, tokenUnits } from "../../core/units.ts";
import { PROBE_UNITS } from "../../execute/deploy.ts";
import { type Network, type NetworkAsset, boundsOf } from "../../execute/network.ts";
import { initCode, mockArtifact } from "../artifacts.ts";
import type { Coin, CoinSpec } from "../coin.ts";
import type { LocalChain } from "../local-chain.ts";
import { type Market, startMarket } from "../market.ts";
import { type FeeTier, TICK_SPACING } from "../uniswap.ts";
import { installCreateX } from "./createx.ts";
import { type Safe, openSafe, openSafeHouse } from "./safe.ts";

/** A local chain on which a network's fund can be deployed. */
export type Rehearsal = {
  readonly market: Market;
  /** With the addresses of what stands in, and roles. */
  readonly network: Network;
  readonly owner: Safe;
  readonly guardian: Safe;
};

/** {s} Feeds of a local market answer when it moves. */
const LOCAL_HEARTBEAT = 90_000;
/** {USD/day} Pools as deep as those of a coin that is traded for so much. */
const VOLUME = 2e8;
const WAD_DECIMALS = 18;
/** {USD/wholeTok} Of a coin without a feed, about whose price a network's file says nothing. */
const POOLED_PRICE = 2;
/** {1} A feed is believed from a thousandth of the order of its price. */
const ABOVE_LOW = 2000;
const ORIGIN = "stands in on the local chain";

const FEED_ABI = parseAbi(["function setAnswer(int192 newAnswer, uint64 newUpdatedAt)"]);

/**
 * Opens a chain of number 31337 with CreateX, Safes for owner and guardian, and for each asset of the network a token
 * of the same decimals, a pool of the same fee, and a feed where it has one. The deployer gets units of each token.
 */
export async function rehearsalOf(network: Network, at: UnixSeconds): Promise<Rehearsal> {
  const market = await startMarket({ at, coins: network.assets.map(specOf) });
  const { chain } = market;
  await installCreateX(chain);
  const house = await openSafeHouse(chain);
  const owner = await openSafe(chain, house, ["alice", "bob", "carol"]);
  const guardian = await openSafe(chain, house, ["bob", "carol", "dave"]);
  for (const { coinId } of network.assets.slice(2)) {
    await market.give(coinId, chain.accounts.deployer.address, tokenUnits(PROBE_UNITS));
  }
  const { keeper, signer } = chain.accounts;
  return {
    market,
    owner,
    guardian,
    network: {
      ...network,
      chainId: chain.publicClient.chain.id,
      factory: { address: getAddress(market.uniswap.factory), origin: ORIGIN },
      router: { address: getAddress(market.uniswap.router), origin: ORIGIN },
      ...(network.sequencer === undefined
        ? {}
        : { sequencer: { address: getAddress(await openSequencer(chain)), origin: ORIGIN } }),
      roles: {
        owner: getAddress(owner.address),
        guardian: getAddress(guardian.address),
        keeper: keeper.address,
        signer: signer.address,
      },
      assets: network.assets.map((asset) => standIn(asset, market.coin(asset.coinId))),
    },
  };
}

/** A feed that says since the chain's beginning that the sequencer is up. */
async function openSequencer(chain: LocalChain): ReturnType<LocalChain["deploy"]> {
  const maker = chain.accounts.maker.address;
  const { timestamp } = await chain.publicClient.getBlock({ blockNumber: 0n });
  const feed = await chain.deploy(maker, initCode(mockArtifact("MockFeed"), ["L2 Sequencer Uptime Status Feed", 0]));
  const data = encodeFunctionData({ abi: FEED_ABI, functionName: "setAnswer", args: [0n, timestamp] });
  await chain.send(maker, { to: feed, data });
  return feed;
}

function specOf({ coinId, symbol, decimals, isStable, feed, pools }: NetworkAsset): CoinSpec {
  const [main] = pools;
  const priceUsd = isStable
    ? 1
    : feed === undefined
      ? POOLED_PRICE
      : toFloat(boundsOf(feed).low, WAD_DECIMALS) * ABOVE_LOW;
  return {
    coinId,
    symbol,
    decimals,
    priceUsd,
    volumeUsd: VOLUME,
    hasFeed: feed !== undefined,
    ...(main === undefined ? {} : { quote: main.quote === "cash" ? "USDC" : "WETH" }),
    ...(main !== undefined && isTier(main.fee) ? { fee: main.fee } : {}),
  };
}

function isTier(fee: number): fee is FeeTier {
  return fee in TICK_SPACING;
}

function standIn(asset: NetworkAsset, { token, feed, pool, decimals }: Coin): NetworkAsset {
  const { feed: original, ...rest } = asset;
  return {
    ...rest,
    token: getAddress(token),
    decimals,
    origin: ORIGIN,
    ...(original === undefined || feed === undefined
      ? {}
      : {
          feed: {
            ...original,
            address: getAddress(feed.address),
            pair: feed.description,
            decimals: feed.decimals,
            heartbeat: LOCAL_HEARTBEAT,
            origin: ORIGIN,
          },
        }),
    pools:
      pool === undefined
        ? []
        : [
            {
              address: getAddress(pool.address),
              quote: pool.quote === "USDC" ? "cash" : "weth",
              fee: pool.fee,
              evidence: "chain",
            },
          ],
  };
}
