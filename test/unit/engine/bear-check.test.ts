// Tests of src/engine/bear-check.ts: the votes as if the week ended with the day, and nothing of the day itself.
import { expect } from "chai";

import { parametersSchema } from "../../../src/config/schema.ts";
import { type IsoDate, addDays, dayNumber, isoDate } from "../../../src/core/time.ts";
import { bearCheckAt, bearCheckHash } from "../../../src/engine/bear-check.ts";
import { decisionHash } from "../../../src/engine/decision.ts";
import { decisionAt, spanOf } from "../../../src/engine/run.ts";
import { exitTargetOf } from "../../../src/engine/target.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";
import { expectClose } from "../../close.ts";

const PARAMETERS = parametersSchema.parse({
  universe: { size: 20, enterRank: 18, leaveRank: 22 },
  regime: { meanWeeks: [4, 8], momentumWeeks: [3] },
});
const MARKET = simulateMarket({ seed: 11, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2022-07-01") });

/** Every price from a day on times a factor. */
function movedFrom(history: History, from: IsoDate, factor: number): History {
  const move = (coin: CoinSeries): CoinSeries => ({
    ...coin,
    priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i >= dayNumber(from) ? price * factor : price)),
  });
  return { ...history, providers: history.providers.map((one) => ({ ...one, coins: one.coins.map(move) })) };
}

/** A Thursday of a week in the market. */
function bullThursday(): IsoDate {
  for (let date = isoDate("2021-08-05"); date < spanOf(MARKET, PARAMETERS).last; date = addDays(date, 7)) {
    if (decisionAt(MARKET, { date }, PARAMETERS).score === 1) return date;
  }
  throw new TypeError("expected a week in which every vote is yes");
}

describe("bearCheckAt", function () {
  const thursday = bullThursday();

  it("stays on a day like Monday", function () {
    const check = bearCheckAt(MARKET, { date: thursday }, PARAMETERS);

    expect(check).to.include({ date: thursday, close: addDays(thursday, -1), verdict: "stay" });
    expect(check.weekHash).to.equal(decisionHash(decisionAt(MARKET, { date: thursday }, PARAMETERS)));
  });

  it("leaves when the prices of the day before have fallen by half", function () {
    const fallen = movedFrom(MARKET, addDays(thursday, -1), 0.5);

    const [before, after] = [MARKET, fallen].map((history) => bearCheckAt(history, { date: thursday }, PARAMETERS));

    expect(after?.verdict).to.equal("leave");
    expectClose((after?.indexLevel ?? 0) / (before?.indexLevel ?? 1), 0.5, 1e-9); // every price relative is halved
  });

  it("carries the level of Monday's composition on: the same prices give Monday's level", function () {
    const monday = addDays(thursday, -3);
    const week = decisionAt(MARKET, { date: monday }, PARAMETERS);

    const check = bearCheckAt(MARKET, { date: monday }, PARAMETERS);

    expectClose(check.indexLevel, week.indexLevel, 1e-6 * week.indexLevel);
  });

  it("looks at no row of its day or later", function () {
    const moved = movedFrom(MARKET, thursday, 0.01);
    const cut = truncateHistory(MARKET, thursday);

    const hashes = [MARKET, moved, cut].map((history) =>
      bearCheckHash(bearCheckAt(history, { date: thursday }, PARAMETERS)),
    );

    expect(new Set(hashes).size).to.equal(1);
  });

  it("says nothing while a vote lacks history", function () {
    const early = addDays(spanOf(MARKET, PARAMETERS).first, 3);
    const fallen = movedFrom(MARKET, addDays(early, -1), 0.5);

    expect(bearCheckAt(fallen, { date: early }, PARAMETERS)).to.include({ score: null, verdict: "stay" });
  });

  it("says nothing while too much of the index has no price", function () {
    const gone = movedFrom(MARKET, addDays(thursday, -8), Number.NaN);
    const week = bearCheckAt(gone, { date: thursday }, PARAMETERS);

    expect(week.missingWeight).to.be.greaterThan(PARAMETERS.regime.maxMissingWeight);
    expect(week.verdict).to.equal("stay");
  });

  it("becomes a target into stablecoins with the id of its day", function () {
    const check = bearCheckAt(movedFrom(MARKET, addDays(thursday, -1), 0.5), { date: thursday }, PARAMETERS);
    const tiers = { stable: 13n, young: 0n, bitcoin: 0n, fed: 15n };

    const target = exitTargetOf(
      check,
      new Map([
        ["usd-coin", 0],
        ["tether", 2],
        ["dai", 3],
      ]),
      tiers,
    );

    expect(target).to.include({ regime: "bear", decisionHash: bearCheckHash(check) });
    expect(target.id % 8).to.equal(4); // Thursday
    expect(target.weights).to.deep.equal({ assets: [0, 2, 3], parts: [600_000, 200_000, 200_000] });
  });
});
