// Turns a decision into the regime and its votes on the terminal.
import type { Command } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { dateOfDay } from "../../../core/time.ts";
import { gaugesOfPath } from "../../../research/gauges.ts";
import { indexPath, loadResearch } from "../../../research/index-path.ts";
import { jumpGauge } from "../../../research/level-gauges.ts";
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
import { type DatedGauges, gaugeLines } from "../gauges-view.ts";
import { flipOf, gaugesJson, signalJson } from "../../../site/signal-json.ts";
import { type MarketOptions, addMarketOptions, strictOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { formatNumber } from "../../../site/amounts.ts";

const WEEK_DAYS = 7;

/** Adds `signal` to the program. */
export function registerSignal(program: Command): void {
  addMarketOptions(program.command("signal").description("the regime at a date, with each vote"))
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly strict: boolean }) => {
      const asked = await decisionFor(options);
      const { close, gauges } = gaugesAt(asked);
      if (options.json) printJson({ ...signalJson(asked, gaugesJson(gauges)), gaugesClose: close });
      else printText(signalText(asked, { close, gauges }));
      refuseBadWeek(asked, options.strict);
    });
}

/** Every gauge over all weeks of the index up to the decision's close, or up to the last one that is whole by then. */
function gaugesAt({ history, levels, outside }: AskedDecision): DatedGauges {
  const progress = startProgress();
  progress.step("computing the gauges");
  const { regime: parameters } = methodologyRules();
  const path = pathUntil(
    marketPath(indexPath(loadResearch(history, DEFAULT_PARAMETERS), methodologyRules())),
    levels.length,
  );
  const gauges = gaugesOfPath({ path, parameters, outside, more: [jumpGauge(path)] });
  progress.done();
  return { close: dateOfDay(path.firstDay + WEEK_DAYS * (path.weekly.length - 1)), gauges };
}

function flipLines(flip: Flip | undefined): string[] {
  if (flip === undefined) return [];
  const { to, close, level, distance, notBefore } = flip;
  const side = to === "bear" ? "at or under" : "above";
  const wait = notBefore === null ? "" : `; the limits on returns allow it from ${notBefore} on`;
  const percent = `${distance < 0 ? "" : "+"}${(100 * distance).toFixed(1)} %`;
  return ["", `Turns ${to} if the index closes ${close} ${side} ${formatNumber(level, 2)} (${percent})${wait}.`];
}

function signalText(asked: AskedDecision, dated: DatedGauges): string {
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
    ...gaugeLines(dated),
  ];
  return [...lines, ...badWeekLines(decision), ...noteLines(decision)].join("\n");
}
