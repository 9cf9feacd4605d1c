// Tests of src/research/index-path.ts: the columns give what decisions say, bit by bit.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { type IsoDate, addDays, dateOfDay } from "../../../src/core/time.ts";
import type { Decision } from "../../../src/engine/decision.ts";
import { decisionChain, spanOf } from "../../../src/engine/run.ts";
import { readDirectory } from "../../../src/market/sources/directory.ts";
import { ensembleDecider } from "../../../src/research/deciders/trend.ts";
import { type IndexPath, type ResearchData, indexPath, loadResearch } from "../../../src/research/index-path.ts";
import { marketPath } from "../../../src/research/market-path.ts";
import { regimePath } from "../../../src/research/regime-path.ts";
import { methodologyRules } from "../../../src/research/rules.ts";
import { realDataOrSkip } from "../../real-data.ts";
import { SIMULATED_DATA } from "../../research-data.ts";

/** What both ways have to agree on. */
type Week = { date: IsoDate; level: number; index: readonly (readonly [string, number])[]; regime: string };

function weeksOf(path: IndexPath): Week[] {
  const strategy = { decider: ensembleDecider(DEFAULT_PARAMETERS.regime), exit: undefined };
  const { inMarket } = regimePath(marketPath(path), strategy, DEFAULT_PARAMETERS.regime);
  return path.compositions.map(({ panel, coins, weights }, w) => ({
    date: dateOfDay(path.firstDay + 7 * w + 1),
    level: path.levels[w] ?? Number.NaN,
    index: coins.map((coin, i) => [panel.coinIds[coin] ?? "", (weights[i] ?? 0) * 1e6] as const),
    regime: inMarket[7 * w] === 1 ? "bull" : "bear",
  }));
}

function weekOf({ date, indexLevel, index, regime }: Decision): Week {
  return {
    date,
    level: indexLevel,
    index: index.map(({ coinId, weightPpm }) => [coinId, (weightPpm / 1e6) * 1e6] as const),
    regime,
  };
}

function decisionsOf({ history }: ResearchData): Week[] {
  const span = spanOf(history, DEFAULT_PARAMETERS);
  const last = addDays(span.last, -((Date.parse(span.last) / 86_400_000 + 3) % 7));
  return [...decisionChain(history, { first: span.first, last }, DEFAULT_PARAMETERS)].map(weekOf);
}

describe("indexPath", function () {
  it("gives members, weights, level and regime of every decision on the embedded market", function () {
    const weeks = weeksOf(indexPath(SIMULATED_DATA, methodologyRules()));

    expect(weeks).to.deep.equal(decisionsOf(SIMULATED_DATA));
    expect(new Set(weeks.map(({ regime }) => regime))).to.have.property("size", 2);
  });

  it("follows other parameters as decisions do", function () {
    const universe = { ...DEFAULT_PARAMETERS.universe, size: 20, enterRank: 15, leaveRank: 30, minListedDays: 10 };
    const parameters = { ...DEFAULT_PARAMETERS, universe };
    const span = spanOf(SIMULATED_DATA.history, parameters);
    const chain = decisionChain(SIMULATED_DATA.history, { first: span.first, last: span.last }, parameters);

    const weeks = weeksOf(indexPath(loadResearch(SIMULATED_DATA.history, parameters), methodologyRules(parameters)));

    expect(weeks).to.deep.equal([...chain].map(weekOf));
  });

  describe("on real data", function () {
    let data: ResearchData;
    before(function () {
      data = loadResearch(readDirectory(realDataOrSkip(this)).history, DEFAULT_PARAMETERS);
    });

    it("gives members, weights, level and regime of every decision from 2014 to 2024", function () {
      const weeks = weeksOf(indexPath(data, methodologyRules()));

      expect(weeks).to.have.length.above(550);
      expect(weeks).to.deep.equal(decisionsOf(data));
    });
  });
});
