// Tests of decisions that market data do not give any more, because late rows were filled: the keeper's snapshots give them.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { parametersSchema } from "../../../src/config/schema.ts";
import { type IsoDate, addDays, dayNumber, exitTargetId, isoDate } from "../../../src/core/time.ts";
import { decisionHash } from "../../../src/engine/decision.ts";
import { publishedSnapshot } from "../../../src/engine/published.ts";
import { stepAt } from "../../../src/engine/run.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import type { PublicationAnswer } from "../../../src/site/answers/decisions.ts";
import type { Replayed } from "../../../src/site/market/facts.ts";
import { PublishedDecisions } from "../../../src/site/market/published-decisions.ts";
import { fileOf, publishSnapshot } from "../../../src/site/market/snapshot-folder.ts";
import { temporaryFolder } from "../../market-files.ts";

const PARAMETERS = parametersSchema.parse({
  universe: { size: 20, enterRank: 18, leaveRank: 22 },
  regime: { meanWeeks: [4, 8], momentumWeeks: [3] },
});
const MARKET = simulateMarket({ seed: 11, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2022-03-01") });
const FIRST = isoDate("2021-08-02");

/** The market as it looked before the rows of a day were mended. */
function before(day: IsoDate): History {
  const unmended = (coin: CoinSeries): CoinSeries => ({
    ...coin,
    priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i === dayNumber(day) ? price * 1.01 : price)),
  });
  return { ...MARKET, providers: MARKET.providers.map((one) => ({ ...one, coins: one.coins.map(unmended) })) };
}

/** What was published on some Mondays, of which each Sunday's rows were mended afterwards. */
function published(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const date = addDays(FIRST, 7 * i);
    const { decision } = stepAt(MARKET, { date }, PARAMETERS);
    const snapshot = publishedSnapshot(stepAt(before(addDays(date, -1)), { date }, PARAMETERS));
    return { snapshot, replayed: { decision, decisionHash: decisionHash(decision) } };
  });
}

function publicationOf({ date, week, decisionHash: hash }: ReturnType<typeof publishedSnapshot>): PublicationAnswer {
  const shown = { kind: "level", targetId: null, regime: "bear", membershipRoot: "", twinLevel: "" } as const;
  return { ...shown, date, week, decisionHash: hash, sequence: 1, transaction: "", time: "" };
}

describe("PublishedDecisions", function () {
  const weeks = published(6);
  const publications = weeks.map(({ snapshot }) => publicationOf(snapshot));
  const decisions: ReadonlyMap<string, Replayed> = new Map(
    weeks.map(({ snapshot, replayed }) => [snapshot.date, replayed]),
  );

  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(function () {
    folder = temporaryFolder();
    for (const { snapshot } of weeks) publishSnapshot(folder.path, snapshot);
  });
  afterEach(function () {
    folder.remove();
  });

  it("gives each decision that data give otherwise by now, a few at a look", async function () {
    const late = new PublishedDecisions(folder.path);

    expect([await late.look(publications, decisions), await late.look(publications, decisions)]).to.deep.equal([4, 2]);
    expect(publications.map((one) => late.of(one)?.file.digest)).to.deep.equal(
      weeks.map(({ snapshot }) => snapshot.digest),
    );
    expect(await late.look(publications, decisions)).to.equal(0);
  });

  it("reads nothing for decisions that data give, and for exits on single days", async function () {
    for (const { snapshot } of weeks) rmSync(join(folder.path, fileOf(snapshot.digest)));
    const late = new PublishedDecisions(folder.path);
    const given = weeks.map(({ snapshot, replayed }) =>
      publicationOf({ ...snapshot, decisionHash: replayed.decisionHash }),
    );
    const exits = publications.map((one): PublicationAnswer => {
      return { ...one, kind: "target", targetId: exitTargetId(isoDate(one.date)) };
    });

    expect(await late.look([...given, ...exits], decisions)).to.equal(0);
  });

  it("names a file that was altered, and looks at it again once it was mended", async function () {
    const [first] = weeks;
    const [one] = publications;
    if (first === undefined || one === undefined) throw new TypeError("six weeks were published");
    const file = join(folder.path, fileOf(first.snapshot.digest));
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("bitcoin", "bitcoim"));
    const late = new PublishedDecisions(folder.path);
    const error = await late.look([one], decisions).catch((thrown: unknown) => thrown);
    writeFileSync(file, text);

    expect(error).to.have.property("code", "SNAPSHOT_ALTERED");
    expect(await late.look([one], decisions)).to.equal(1);
  });

  it("passes by what other rules gave, and asks for it once", async function () {
    const [first] = weeks;
    if (first === undefined) throw new TypeError("six weeks were published");
    const other = publicationOf({ ...first.snapshot, decisionHash: `0x${"1".repeat(64)}` });
    const late = new PublishedDecisions(folder.path);

    expect(await late.look([other], decisions)).to.equal(0);
    expect(late.of(other)).to.equal(undefined);
  });

  it("says where it expected the list", async function () {
    const error = await new PublishedDecisions("/nonexistent").look(publications, decisions).catch((e: unknown) => e);

    expect(error).to.have.property("code", "SNAPSHOT_MISSING");
    expect(String(error)).to.include("/nonexistent");
  });
});
