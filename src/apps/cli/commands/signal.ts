// Turns a decision into the regime and its votes on the terminal.
import type { Command } from "commander";
import { decisionHash } from "../../../engine/decision.ts";
import { type AskedDecision, decisionFor, headline, holdWords, noteLines } from "../market-data.ts";
import { type MarketOptions, addMarketOptions } from "../options.ts";
import { formatNumber, formatTable, printJson, printText } from "../output.ts";

/** Adds `signal` to the program. */
export function registerSignal(program: Command): void {
  addMarketOptions(program.command("signal").description("the regime at a date, with each vote")).action(
    (options: MarketOptions) => {
      const asked = decisionFor(options);
      if (options.json) printJson(signalJson(asked));
      else printText(signalText(asked));
    },
  );
}

function signalJson({ asOf, decision }: AskedDecision) {
  const { date, close, provider, regime, previousRegime, regimeSince, score, heldBy, indexLevel, votes, notices } =
    decision;
  return {
    asOf,
    date,
    close,
    provider,
    regime,
    previousRegime,
    regimeSince,
    score,
    heldBy,
    indexLevel,
    votes,
    notices,
    methodology: decision.methodology,
    inputDigest: decision.inputDigest,
    decisionHash: decisionHash(decision),
  };
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
  ];
  return [...lines, ...noteLines(decision)].join("\n");
}
