// Turns a date into its whole decision and the hash that stands for it on chain.
import { type Command, Option } from "commander";
import type { IsoDate } from "../../../core/time.ts";
import { decisionHash } from "../../../engine/decision.ts";
import { type AskedDecision, badWeekLines, decisionFor, headline, holdWords, refuseBadWeek } from "../market-data.ts";
import { type MarketOptions, addMarketOptions, parseDate, strictOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";

/** Adds `decide` to the program. */
export function registerDecide(program: Command): void {
  addMarketOptions(program.command("decide").description("the whole decision at a date, and its hash"))
    .addOption(
      new Option(
        "--opened <date>",
        "for a fund in stablecoins until this day, as a replay's is until --from",
      ).argParser(parseDate),
    )
    .addOption(strictOption())
    .action(async (options: MarketOptions & { readonly opened: IsoDate | undefined; readonly strict: boolean }) => {
      const asked = await decisionFor(options, options.opened);
      const { asOf, decision } = asked;
      if (options.json) printJson({ asOf, decisionHash: decisionHash(decision), decision });
      else printText(decisionText(asked));
      refuseBadWeek(asked, options.strict);
    });
}

function decisionText(asked: AskedDecision): string {
  const { decision } = asked;
  const yes = decision.votes.filter((vote) => vote.yes).length;
  const facts = [
    [
      "regime",
      `${decision.previousRegime} -> ${decision.regime}, since ${decision.regimeSince ?? "the start of the data"}`,
    ],
    [
      "votes",
      `${yes} of ${decision.votes.length} yes, score ${decision.score ?? "none yet"}, ${holdWords(decision.heldBy)}`,
    ],
    ["index level", String(decision.indexLevel)],
    ["to hold", `${decision.weights.length} names`],
    [
      "index",
      `${decision.index.length} names of ${decision.eligible} eligible, ${decision.excluded.length} exclusions recorded`,
    ],
    ["week", String(decision.week)],
    ["methodology", decision.methodology],
    ["parameters hash", decision.parametersHash],
    ["input digest", decision.inputDigest],
    ["decision hash", decisionHash(decision)],
  ];
  const table = formatTable(
    [
      { header: "fact", align: "left" },
      { header: "value", align: "left" },
    ],
    facts,
  );
  const notes = decision.notices.map((notice) => `note: ${notice}`);
  return [headline(asked), "", table, ...badWeekLines(decision), ...notes, "The whole decision: --json"].join("\n");
}
