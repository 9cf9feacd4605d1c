// Turns a number of coins into a served fund whose first rebalance is due, to be played over and over.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Hex, padHex } from "viem";

import { DAY, dateOf, weeklyTargetId } from "../../core/time.ts";
import { PPM, ppm, tokenUnits, unixSeconds } from "../../core/units.ts";
import { requestDeposit } from "../../execute/depositor.ts";
import { type Deployment, writeDeployment } from "../../execute/deployment.ts";
import { type Target, publishTarget, signTarget } from "../../execute/publish.ts";
import type { CoinSpec } from "../coin.ts";
import { openFund } from "../fund.ts";
import { startMarket } from "../market.ts";
import { ETHEREUM, USD_COIN } from "../rules.ts";
import { type World, senderOf } from "../week.ts";

/** A fund that is served over HTTP, at Monday noon: the rebalance into the market may start. */
export type ChaosStage = {
  readonly world: World;
  readonly deployment: Deployment;
  readonly targetId: number;
  readonly rpc: string;
  /** A folder for journals, and the deployment file in it. */
  readonly folder: string;
  readonly file: string;
  /** Transactions of the keeper's key before the first round. */
  readonly nonce: number;
  /** Back to Monday noon. */
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** {s} 2021-09-06, a Monday. */
const MONDAY = unixSeconds(1_630_886_400);
const PUBLICATION = 1800;
/** {tok} A hundred thousand USDC. */
const DEPOSIT = tokenUnits(10n ** 11n);

/** Builds the market, deploys the fund, and publishes a target that buys every coin. */
export async function openStage(count: number): Promise<ChaosStage> {
  const market = await startMarket({ at: unixSeconds(MONDAY - 1.5 * DAY), coins: coinsOf(count) });
  const world: World = { market, fund: await openFund(market) };
  const { chain } = market;
  const deployment = world.fund.deployment();
  await market.give(USD_COIN, chain.accounts.alice.address, DEPOSIT);
  await requestDeposit({ ...senderOf(world, "alice"), deployment }, DEPOSIT);
  await market.moveTo({ prices: new Map(), at: unixSeconds(MONDAY + 1200), steps: 1 });
  await chain.setNextBlockTime(unixSeconds(MONDAY + PUBLICATION));
  const target = targetOver(world);
  const place = { chainId: deployment.chainId, registry: deployment.addresses.registry };
  const signature = await signTarget(chain.accounts.signer, target, place);
  await publishTarget(senderOf(world, "stranger"), deployment, { target, signature });
  await chain.advanceTo(unixSeconds(MONDAY + DAY / 2));

  const folder = mkdtempSync(join(tmpdir(), "tm100-chaos-"));
  const file = join(folder, "fund.json");
  await writeDeployment(file, deployment);
  const rpc = await chain.serve(0);
  const nonce = await chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address });
  let snapshot: Hex = await chain.snapshot();
  return {
    ...{ world, deployment, targetId: target.id, rpc, folder, file, nonce },
    restore: async () => {
      await chain.revert(snapshot);
      snapshot = await chain.snapshot();
    },
    close: async () => {
      rmSync(folder, { recursive: true });
      await market.close();
    },
  };
}

/** Ether, and others whose prices and volumes fall like those of an index. */
function coinsOf(count: number): CoinSpec[] {
  const others = Array.from({ length: count - 1 }, (_, i): CoinSpec => {
    return { coinId: `coin-${i}`, symbol: `C${i}`, priceUsd: 1000 / (i + 1), volumeUsd: 1e10 / (i + 1), hasFeed: true };
  });
  return [{ coinId: ETHEREUM, symbol: "ETH", priceUsd: 3700, volumeUsd: 1e10 }, ...others];
}

/** The same part of every coin; ether has what rounding leaves. */
function targetOver({ market, fund }: World): Target {
  const coins = market.coins().filter(({ coinId }) => coinId === ETHEREUM || coinId.startsWith("coin-"));
  const part = Math.floor(PPM / coins.length);
  const rest = PPM - part * (coins.length - 1);
  const weights = coins
    .map(({ coinId }) => ({ asset: fund.indexOf(coinId), part: ppm(coinId === ETHEREUM ? rest : part) }))
    .sort((a, b) => a.asset - b.asset);
  return {
    id: weeklyTargetId(dateOf(MONDAY)),
    regime: "bull",
    weights: { assets: weights.map(({ asset }) => asset), parts: weights.map((weight) => weight.part) },
    decisionHash: padHex("0x1", { size: 32 }),
    membershipRoot: padHex("0x2", { size: 32 }),
    twinLevel: 10n ** 21n,
    validFrom: unixSeconds(MONDAY + PUBLICATION),
    validUntil: unixSeconds(MONDAY + 6 * DAY),
  };
}
