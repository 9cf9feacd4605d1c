// Turns a decision into what is to be held.
import type { Command } from "commander";
import { decisionHash } from "../../../engine/decision.ts";
import { type AskedDecision, badWeekLines, decisionFor, headline, refuseBadWeek } from "../market-data.ts";
import { type MarketOptions, addMarketOptions, strictOption } from "../options.ts";
import { formatPpm, formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";

/** Adds `weights` to the program. */
export function registerWeights(program: Command): void {
  addMarketOptions(program.command("weights").description("what is to be held at a date"))
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly strict: boolean }) => {
      const asked = await decisionFor(options);
      if (options.json) printJson(weightsJson(asked));
      else printText(weightsText(asked));
      refuseBadWeek(asked, options.strict);
    });
}

function weightsJson({ asOf, decision }: AskedDecision) {
  const { date, close, provider, regime, weights, capped, index, defects, notices, methodology, inputDigest } =
    decision;
  const hash = decisionHash(decision);
  return {
    asOf,
    date,
    close,
    provider,
    regime,
    weights,
    capped,
    index,
    defects,
    notices,
    methodology,
    inputDigest,
    decisionHash: hash,
  };
}

function weightsText(asked: AskedDecision): string {
  const { decision } = asked;
  const entries = new Map(decision.index.map((entry) => [entry.coinId, entry]));
  const table = formatTable(
    [
      { header: "rank", align: "right" },
      { header: "symbol", align: "left" },
      { header: "coin", align: "left" },
      { header: "weight [%]", align: "right" },
      { header: "cap [M USD]", align: "right" },
      { header: "price [USD]", align: "right" },
    ],
    decision.weights.map((weight) => {
      const entry = decision.regime === "bull" ? entries.get(weight.coinId) : undefined;
      const cap = entry === undefined ? "-" : formatNumber(Number(entry.capUsd) / 1e6, 1);
      const price = entry === undefined ? "-" : Number(entry.priceUsd).toPrecision(6);
      return [String(entry?.rank ?? "-"), weight.symbol, weight.coinId, formatPpm(weight.weightPpm), cap, price];
    }),
  );
  const what = decision.regime === "bull" ? `the index, ${decision.weights.length} names` : "stablecoins";
  const basis =
    decision.regime === "bull" ? ["", "Ranks go by the 7-day average of the cap, weights by its last close."] : [];
  const lines = [headline(asked), "", `Regime ${decision.regime.toUpperCase()}: hold ${what}`, "", table, ...basis];
  const cuts = decision.capped.map(
    ({ coinId, indexPpm, cutPpm }) =>
      `capped: ${coinId}, ${formatPpm(indexPpm)} % of the index, less ${formatPpm(cutPpm)} %`,
  );
  return [...lines, ...cuts, ...badWeekLines(decision), ...decision.notices.map((notice) => `note: ${notice}`)].join(
    "\n",
  );
}
