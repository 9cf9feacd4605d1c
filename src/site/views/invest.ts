// Turns the state into the view "invest".
import { decimalString } from "../../core/units.ts";
import { navPerShare } from "../../execute/read-account.ts";
import type { FundStatus } from "../../execute/read-status.ts";
import { CASH } from "../../plan/holdings.ts";
import { SHARE, timeString, usdString } from "../amounts.ts";
import type { InvestAnswer } from "../answers/invest.ts";
import { costsJson } from "../fund-json.ts";
import { depositCoin } from "../money.ts";
import { type SiteState, pictureOf } from "../state.ts";

/** Every condition of a deposit or a redemption. */
export function investAnswer(state: SiteState): InvestAnswer {
  const { fund, portfolio, isAtOnceOpen } = pictureOf(state);
  const { deployment } = state.fund;
  const coin = depositCoin(deployment);
  const cash = portfolio.find(({ index }) => index === CASH);
  return {
    time: timeString(fund.time),
    block: Number(fund.block),
    regime: fund.regime,
    navUsd: usdString(fund.nav),
    unpriced: fund.unpriced,
    navPerShareUsd: usdString(navPerShare(fund)),
    coin: { symbol: coin.symbol, token: coin.token, decimals: coin.decimals },
    coinPriceUsd: cash === undefined || cash.price === 0n ? null : usdString(cash.price),
    share: { ...SHARE, token: deployment.addresses.vault },
    costs: costsJson(fund.costs, coin),
    expectedTradingBps: fund.costs.measured?.mean ?? null,
    cutoff: timeString(fund.limits.cutoff),
    deposits: depositsOf(fund),
    depositsPausedUntil:
      fund.costs.depositsPausedUntil === undefined ? null : timeString(fund.costs.depositsPausedUntil),
    atOnce: { isOpen: isAtOnceOpen, gateway: deployment.addresses.gateway },
    inKind: portfolio.map(({ index, token, amount }) => {
      const known = state.tokens.byToken.get(token.toLowerCase());
      const decimals = known?.decimals ?? 0;
      return { index, symbol: known?.symbol ?? "", token, decimals, amount: decimalString(amount, decimals) };
    }),
    supply: decimalString(fund.supply, SHARE.decimals),
  };
}

function depositsOf({ costs, time }: FundStatus): InvestAnswer["deposits"] {
  if (costs.depositsPausedUntil !== undefined && costs.depositsPausedUntil > time) return "paused";
  return costs.cap !== undefined && costs.cap.room < costs.leastDeposit ? "full" : "open";
}
