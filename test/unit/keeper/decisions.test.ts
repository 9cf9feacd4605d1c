// Tests of src/keeper/decisions.ts: decisions from history as it is now, and a sound one taken once.
import { expect } from "chai";

import { parametersSchema } from "../../../src/config/schema.ts";
import { addDays, isoDate } from "../../../src/core/time.ts";
import { DateOutOfDataError } from "../../../src/engine/calendar.ts";
import { type DecisionStep, decisionAt } from "../../../src/engine/run.ts";
import { decisionsFrom } from "../../../src/keeper/decisions.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";
import { failureOf } from "../../failure-of.ts";

const parameters = parametersSchema.parse({
  universe: { size: 20, enterRank: 18, leaveRank: 22 },
  regime: { meanWeeks: [4, 8], momentumWeeks: [3] },
});
const MARKET = simulateMarket({ seed: 11, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2021-10-01") });
const MONDAY = isoDate("2021-09-06");

describe("decisionsFrom", function () {
  const opened = isoDate("2021-08-02");

  it("decides for a fund of that first day", async function () {
    const source = decisionsFrom(() => Promise.resolve(MARKET), { opened, parameters });

    expect(await source.weekly(MONDAY)).to.deep.equal(decisionAt(MARKET, { date: MONDAY, opened }, parameters));
  });

  it("opens the history anew until the week's data are there, and then remembers", async function () {
    const histories = [truncateHistory(MARKET, addDays(MONDAY, -7)), MARKET, MARKET];
    let opens = 0;
    const source = decisionsFrom(() => Promise.resolve(histories[opens++] ?? MARKET), { opened, parameters });

    const early = await failureOf(source.weekly(MONDAY));
    const first = await source.weekly(MONDAY);
    const second = await source.weekly(MONDAY);

    expect(early).to.be.instanceOf(DateOutOfDataError);
    expect(second).to.deep.equal(first);
    expect(opens).to.equal(2);
  });

  it("publishes what a week's decision was taken from, once", async function () {
    const published: string[] = [];
    const publish = ({ decision }: DecisionStep): void => {
      published.push(decision.date);
    };
    const source = decisionsFrom(() => Promise.resolve(MARKET), { opened, parameters, publish });

    await source.weekly(MONDAY);
    await source.weekly(MONDAY);

    expect(published).to.deep.equal([MONDAY]);
  });

  it("checks a day with the history of that moment", async function () {
    const source = decisionsFrom(() => Promise.resolve(MARKET), { opened, parameters });

    expect(await source.bearCheck(addDays(MONDAY, 2))).to.include({ date: "2021-09-08", close: "2021-09-07" });
  });
});
