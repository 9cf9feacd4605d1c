// Turns a date into its whole decision and the hash that stands for it on chain.
import path from "node:path";

import { type Command, Option } from "commander";
import type { IsoDate } from "../../../core/time.ts";
import { decisionHash } from "../../../engine/decision.ts";
import { publishedSnapshot } from "../../../engine/published.ts";
import { type AskedDecision, badWeekLines, decisionFor, headline, holdWords, refuseBadWeek } from "../market-data.ts";
import { type MarketOptions, addMarketOptions, parseDate, strictOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { fileOf, publishSnapshot } from "../../../site/market/snapshot-folder.ts";

/** Adds `decide` to the program. */
export function registerDecide(program: Command): void {
  addMarketOptions(program.command("decide").description("the whole decision at a date, and its hash"))
    .addOption(
      new Option(
        "--opened <date>",
        "for a fund in stablecoins until this day, as a replay's is until --from",
      ).argParser(parseDate),
    )
    .addOption(new Option("--publish <dir>", "write the snapshot that the decision can be replayed from"))
    .addOption(strictOption())
    .action(decide);
}

type DecideOptions = MarketOptions & {
  readonly opened: IsoDate | undefined;
  readonly publish: string | undefined;
  readonly strict: boolean;
};

async function decide(options: DecideOptions): Promise<void> {
  const asked = await decisionFor(options, options.opened);
  const { asOf, decision } = asked;
  const published = options.publish === undefined ? undefined : publish(options.publish, asked);
  const snapshot = published === undefined ? {} : { snapshot: published };
  if (options.json) printJson({ asOf, decisionHash: decisionHash(decision), decision, ...snapshot });
  else printText(decisionText(asked));
  if (published !== undefined && !options.json) printText(`Published as ${published}.`);
  refuseBadWeek(asked, options.strict);
}

/** Writes the snapshot; gives back its file. */
function publish(folder: string, { step }: AskedDecision): string {
  const published = publishedSnapshot(step);
  publishSnapshot(folder, published);
  return path.join(folder, fileOf(published.digest));
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
