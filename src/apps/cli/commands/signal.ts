// Turns a decision into the regime and its votes on the terminal.
import type { Command } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { type JudgedGauge, gaugesOfPath } from "../../../research/gauges.ts";
import { indexPath, loadResearch } from "../../../research/index-path.ts";
import { marketPath, pathUntil } from "../../../research/market-path.ts";
import { methodologyRules } from "../../../research/rules.ts";
import type { Flip } from "../../../regime/flip.ts";
import {
  type AskedDecision,
  badWeekLines,
  decisionFor,
  headline,
  holdWords,
  noteLines,
  refuseBadWeek,
} from "../market-data.ts";
import { gaugeLines } from "../gauges-view.ts";
import { flipOf, gaugesJson, signalJson } from "../../../site/signal-json.ts";
import { type MarketOptions, addMarketOptions, strictOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";

/** Adds `signal` to the program. */
export function registerSignal(program: Command): void {
  addMarketOptions(program.command("signal").description("the regime at a date, with each vote"))
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly strict: boolean }) => {
      const asked = await decisionFor(options);
      if (options.json) printJson(signalJson(asked, gaugesJson(gaugesAt(asked))));
      else printText(signalText(asked));
      refuseBadWeek(asked, options.strict);
    });
}

/** Every gauge up to the close, over all weeks of the index. */
function gaugesAt({ history, levels, outside }: AskedDecision): JudgedGauge[] {
  const rules = methodologyRules();
  const path = marketPath(indexPath(loadResearch(history, DEFAULT_PARAMETERS), rules));
  return gaugesOfPath({ path: pathUntil(path, levels.length), parameters: rules.regime, outside, isModelFitted: true });
}

function flipLines(flip: Flip | undefined): string[] {
  if (flip === undefined) return [];
  const { to, close, level, distance, notBefore } = flip;
  const side = to === "bear" ? "at or under" : "above";
  const wait = notBefore === null ? "" : `; the limits on returns allow it from ${notBefore} on`;
  const percent = `${distance < 0 ? "" : "+"}${(100 * distance).toFixed(1)} %`;
  return ["", `Turns ${to} if the index closes ${close} ${side} ${formatNumber(level, 2)} (${percent})${wait}.`];
}

function signalText(asked: AskedDecision): string {
  const { decision } = asked;
  const since = decision.regimeSince === null ? "since the start of the data" : `since ${decision.regimeSince}`;
  const score = decision.score === null ? "none yet" : decision.score.toFixed(2);
  const held = decision.heldBy === null ? "" : `, ${holdWords(decision.heldBy)}`;
  const table = formatTable(
    [
      { header: "vote", align: "left" },
      { header: "index level", align: "right" },
      { header: "threshold level", align: "right" },
      { header: "bull", align: "left" },
    ],
    decision.votes.map((vote) => [
      vote.name.replaceAll("-", " "),
      formatNumber(vote.level, 2),
      vote.threshold === null ? "too short" : formatNumber(vote.threshold, 2),
      vote.yes ? "yes" : "no",
    ]),
  );
  const lines = [
    headline(asked),
    "",
    `Regime ${decision.regime.toUpperCase()} ${since}; score ${score}${held}`,
    "",
    table,
    ...flipLines(flipOf(asked)),
    "",
    ...gaugeLines(gaugesAt(asked)),
  ];
  return [...lines, ...badWeekLines(decision), ...noteLines(decision)].join("\n");
}
