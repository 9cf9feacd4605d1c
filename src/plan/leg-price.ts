// Turns a leg into the price that it trades at.
import type { Token } from "@uniswap/sdk-core";
import { getAddress } from "viem";

import type { PlannedLeg } from "./desk.ts";
import { type PlanAsset, assetAt } from "./holdings.ts";
import { sdkCore } from "./uniswap.ts";

const DIGITS = 6;

type Amount = ReturnType<typeof sdkCore.CurrencyAmount.fromRawAmount<Token>>;

/**
 * What one whole unit sold brings, fee and impact included, with six significant digits; empty for a leg that is left
 * out.
 *
 * @param assets Those that the plan was made with.
 */
export function legPrice(leg: PlannedLeg, assets: readonly PlanAsset[], chainId: number): string {
  if (leg.outcome === "skip") return "";
  const amountOf = (index: number, raw: bigint): Amount => {
    const asset = assetAt(assets, index);
    if (asset === undefined) throw new TypeError(`asset ${index} is not in the plan`);
    const token = new sdkCore.Token(chainId, getAddress(asset.token), asset.decimals, asset.symbol);
    return sdkCore.CurrencyAmount.fromRawAmount(token, raw.toString());
  };
  const [baseAmount, quoteAmount] = [amountOf(leg.sold, leg.amount), amountOf(leg.bought, leg.expected)];
  return new sdkCore.Price({ baseAmount, quoteAmount }).toSignificant(DIGITS);
}
