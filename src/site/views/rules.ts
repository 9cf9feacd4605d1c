// Turns the state into the view "rules", and into what a page must know before it asks anything else.
import { arbitrum, base, baseSepolia, hardhat, mainnet, sepolia } from "viem/chains";

import { explorerOf } from "../../core/explorer.ts";
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { METHODOLOGY_VERSION } from "../../engine/decision.ts";
import { capOfAsset } from "../../plan/caps.ts";
import { SHARE, timeString } from "../amounts.ts";
import type { RulesAnswer, SiteAnswer } from "../answers/rules.ts";
import { guardsJson, limitsJson } from "../fund-json.ts";
import { depositCoin } from "../money.ts";
import { NotReadyError, type SiteState, pictureOf } from "../state.ts";

const CHAINS = [mainnet, base, arbitrum, baseSepolia, sepolia] as const;

/** Methodology, limits, roles and addresses. @throws NotReadyError until all of it was read once. */
export function rulesAnswer(state: SiteState): RulesAnswer {
  const { fund, tiers } = pictureOf(state);
  const { slow } = state;
  if (slow === undefined) throw new NotReadyError("roles and code on chain");
  const sources = new Map(fund.limits.prices.map(({ index, kind }) => [index, kind]));
  return {
    time: timeString(fund.time),
    block: Number(fund.block),
    methodology: METHODOLOGY_VERSION,
    parameters: DEFAULT_PARAMETERS,
    limits: limitsJson(fund.limits),
    guards: guardsJson(fund.guards),
    constants: slow.constants,
    roles: slow.roles.map((holder) => ({ ...holder, since: timeString(holder.since) })),
    ...slow.verification,
    assets: state.fund.deployment.assets.map(({ index, coinId, symbol, token, decimals, isStable, pool }) => ({
      ...{ index, coinId, symbol, token, decimals, isStable },
      pool: pool ?? null,
      capPpm: capOfAsset(index, tiers),
      priceSource: sources.get(index) ?? null,
    })),
  };
}

/** Chain, addresses and coins; known without asking the chain. */
export function siteAnswer({ fund, rpc }: Pick<SiteState, "fund" | "rpc">): SiteAnswer {
  const { chainId, block, addresses } = fund.deployment;
  const { accessManager, oracle, venue, registry, rebalancer, vault, lens, gateway } = addresses;
  const coin = depositCoin(fund.deployment);
  const chain = CHAINS.find(({ id }) => id === chainId);
  const isLocal = chainId === hardhat.id;
  return {
    chainId,
    chain: isLocal ? "local chain" : (chain?.name ?? `chain ${chainId}`),
    isLocal,
    explorer: explorerOf(chainId)?.url ?? null,
    rpc: isLocal ? (rpc ?? null) : null,
    block,
    addresses: { accessManager, oracle, venue, registry, rebalancer, vault, lens, gateway },
    coin: { symbol: coin.symbol, token: coin.token, decimals: coin.decimals },
    share: { ...SHARE, token: addresses.vault },
    methodology: METHODOLOGY_VERSION,
  };
}
