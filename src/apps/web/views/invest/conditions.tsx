// Turns every condition of a deposit into a list, before anybody has connected anything.
import type { ReactElement } from "react";

import type { Answer } from "../../data/api.ts";
import { floatOf, formatAmount, formatBps, formatPrice, formatTime, formatUsd } from "../../format.ts";
import { Card, Facts, Meter, Notice } from "../../ui/parts.tsx";

type Answered = Answer<"invest">;

/** All costs and limits. */
export function Conditions({ answer }: { readonly answer: Answered }): ReactElement {
  const { costs, regime } = answer;
  return (
    <Card title="Conditions now" note={`every cost but gas; ${regime} regime`}>
      {answer.deposits === "paused" ? (
        <Notice mood="warn">
          Deposits are paused
          {answer.depositsPausedUntil === null ? "" : ` until ${formatTime(answer.depositsPausedUntil)}`}. Redemptions,
          claims and exits in kind go on.
        </Notice>
      ) : null}
      {answer.deposits === "full" ? (
        <Notice mood="warn">The fund has reached its cap and takes no deposits now.</Notice>
      ) : null}
      <Terms answer={answer} />
      <Cap cap={costs.depositCap} />
    </Card>
  );
}

function Terms({ answer }: { readonly answer: Answered }): ReactElement {
  const { costs, coin, expectedTradingBps, navPerShareUsd, cutoff, atOnce } = answer;
  const { swingBps, feeBpsPerYear } = costs;
  const measured =
    expectedTradingBps === null
      ? "not measured yet"
      : `${formatBps(expectedTradingBps)}, in the swing, not on top of it`;
  return (
    <div className="grid">
      <div className="span-6">
        <Facts
          of={[
            ["Price of a share", `${formatPrice(navPerShareUsd)} USD`],
            ["Swing of a deposit", `${formatBps(swingBps.deposit)}, kept by the fund`],
            ["Swing of a redemption", `${formatBps(swingBps.redemption)}, kept by the fund`],
            ["Swing can be", `${swingBps.least} to ${swingBps.most} bps`],
            ["Expected trading cost", measured],
          ]}
        />
      </div>
      <div className="span-6">
        <Facts
          of={[
            ["Management fee", `${formatBps(feeBpsPerYear.now)} a year now`],
            ["At most, by code", `${feeBpsPerYear.mostBull} bps in bull, ${feeBpsPerYear.mostBear} in bear`],
            ["Performance fee", "none"],
            ["Least deposit", `${formatAmount(costs.leastDeposit)} ${coin.symbol}`],
            ["This week's requests close", formatTime(cutoff)],
            [
              "At once, in one transaction",
              atOnce.isOpen ? "open: all is in stablecoins" : "closed: only while all is in stablecoins",
            ],
          ]}
        />
      </div>
    </div>
  );
}

function Cap({ cap }: { readonly cap: Answered["costs"]["depositCap"] }): ReactElement | null {
  if (cap === null) return null;
  const words = `${formatUsd(cap.usedUsd)} of ${formatUsd(cap.limitUsd)}`;
  return (
    <div className="cap">
      <div className="row row-between">
        <span className="muted">Cap on deposits</span>
        <span>{words}</span>
      </div>
      <Meter label="Cap on deposits" part={floatOf(cap.usedUsd) / Math.max(1, floatOf(cap.limitUsd))} words={words} />
    </div>
  );
}
