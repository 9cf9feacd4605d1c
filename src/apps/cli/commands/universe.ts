// Turns a decision into the list of who is in the index and who is not, and why.
import type { Command } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import type { Decision } from "../../../engine/decision.ts";
import { truncateHistory } from "../../../market/truncate.ts";
import { filterReport } from "../../../research/filter-quality.ts";
import { filtersJson, filtersText } from "../filters-view.ts";
import {
  type AskedDecision,
  badWeekLines,
  decisionFor,
  headline,
  noteLines,
  openHistory,
  refuseBadWeek,
} from "../market-data.ts";
import { type MarketOptions, addMarketOptions, strictOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { startProgress } from "../progress.ts";

/** Adds `universe` to the program. */
export function registerUniverse(program: Command): void {
  addMarketOptions(program.command("universe").description("the names of the index, and why others are left out"))
    .option("--filters", "how well the tests that need no label find stablecoins, wrapped and staked tokens", false)
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly filters: boolean; readonly strict: boolean }) => {
      if (options.filters) return printFilters(options);
      const asked = await decisionFor(options);
      if (options.json) printJson(universeJson(asked));
      else printText(universeText(asked));
      refuseBadWeek(asked, options.strict);
    });
}

async function printFilters({ data, asOf, json }: MarketOptions): Promise<void> {
  const progress = startProgress();
  try {
    const read = await openHistory(data, progress);
    const history = asOf === undefined ? read : truncateHistory(read, asOf);
    const report = filterReport(history, DEFAULT_PARAMETERS, (monday) => {
      progress.step(`testing ${monday}`);
    });
    progress.done();
    if (json) printJson(filtersJson(report));
    else printText(filtersText(report));
  } finally {
    progress.done();
  }
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
