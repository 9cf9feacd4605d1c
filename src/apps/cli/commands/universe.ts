// Turns a decision into the list of who is in the index and who is not, and why.
import type { Command } from "commander";
import type { Decision } from "../../../engine/decision.ts";
import { type AskedDecision, badWeekLines, decisionFor, headline, noteLines, refuseBadWeek } from "../market-data.ts";
import { type MarketOptions, addMarketOptions, strictOption } from "../options.ts";
import { formatNumber, formatTable, printJson, printText } from "../output.ts";

/** Adds `universe` to the program. */
export function registerUniverse(program: Command): void {
  addMarketOptions(program.command("universe").description("the names of the index, and why others are left out"))
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly strict: boolean }) => {
      const asked = await decisionFor(options);
      if (options.json) printJson(universeJson(asked));
      else printText(universeText(asked));
      refuseBadWeek(asked, options.strict);
    });
}

function universeJson({ asOf, decision }: AskedDecision) {
  const { date, close, provider, eligible, excluded, defects, notices, methodology, inputDigest } = decision;
  const members = decision.index.map(({ rank, coinId, symbol, averageCapUsd, inclusion }) => ({
    rank,
    coinId,
    symbol,
    averageCapUsd,
    inclusion,
  }));
  return { asOf, date, close, provider, eligible, members, excluded, defects, notices, methodology, inputDigest };
}

function universeText(asked: AskedDecision): string {
  const { decision } = asked;
  return [
    headline(asked),
    "",
    `In the index: ${decision.index.length} of ${decision.eligible} eligible names`,
    "",
    membersTable(decision),
    "",
    "Left out, by rank among all coins",
    "",
    excludedTable(decision),
    ...badWeekLines(decision),
    ...noteLines(decision),
  ].join("\n");
}

function membersTable(decision: Decision): string {
  return formatTable(
    [
      { header: "rank", align: "right" },
      { header: "symbol", align: "left" },
      { header: "coin", align: "left" },
      { header: "7-day cap [M USD]", align: "right" },
      { header: "why", align: "left" },
    ],
    decision.index.map((entry) => {
      const cap = formatNumber(Number(entry.averageCapUsd) / 1e6, 1);
      return [String(entry.rank), entry.symbol, entry.coinId, cap, entry.inclusion];
    }),
  );
}

function excludedTable(decision: Decision): string {
  return formatTable(
    [
      { header: "rank", align: "right" },
      { header: "symbol", align: "left" },
      { header: "coin", align: "left" },
      { header: "reason", align: "left" },
      { header: "detail", align: "left" },
    ],
    decision.excluded.map((coin) => [String(coin.rank ?? "-"), coin.symbol, coin.coinId, coin.reason, coin.detail]),
  );
}
