// Tests against the real market history: the baseline of five fixed votes comes out as it was published.
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import { BASELINE_COSTS, weeklyCosts } from "../../../src/research/costs.ts";
import type { Decider } from "../../../src/research/deciders/decider.ts";
import { HOLD, ensembleDecider } from "../../../src/research/deciders/trend.ts";
import { type FundFigures, fundFigures } from "../../../src/research/figures.ts";
import { runFund } from "../../../src/research/fund.ts";
import type { MarketPath } from "../../../src/research/market-path.ts";
import { regimePath } from "../../../src/research/regime-path.ts";
import { BASELINE_RULES } from "../../../src/research/rules.ts";
import { realDataOrSkip } from "../../real-data.ts";
import { coingeckoData, pathOf } from "../../research-data.ts";

describe("the published baseline on real data", function () {
  let path: MarketPath;
  before(function () {
    path = pathOf(coingeckoData(realDataOrSkip(this)), BASELINE_RULES);
  });

  function figuresOf(decider: Decider): FundFigures {
    const regimes = regimePath(path, { decider, exit: undefined }, BASELINE_RULES.regime);
    const costs = weeklyCosts(path, BASELINE_COSTS);
    const range = { from: isoDate("2018-01-07"), to: isoDate("2024-12-31") };
    return fundFigures(runFund(path, regimes, { costs, delayDays: 0, cashRate: 0, range }));
  }

  // Published: CAGR 33 %, maximum drawdown -62 %, Calmar 0.54, Sharpe 0.81, 4 switches a year.
  it("is met by the five votes to half a point", function () {
    const figures = figuresOf(ensembleDecider(BASELINE_RULES.regime));

    expect(figures.periods).to.equal(365);
    expect(figures.cagr).to.be.within(0.325, 0.335);
    expect(figures.max_drawdown).to.be.within(-0.625, -0.615);
    expect(figures.calmar).to.be.within(0.535, 0.545);
    expect(figures.sharpe).to.be.within(0.805, 0.815);
    expect(figures.switches_per_year).to.be.within(3.95, 4.05);
  });

  // Published: CAGR 18 %, maximum drawdown -89 %, Calmar 0.20, Sharpe 0.59.
  it("is met by holding to half a point", function () {
    const figures = figuresOf(HOLD);

    expect(figures.cagr).to.be.within(0.175, 0.185);
    expect(figures.max_drawdown).to.be.within(-0.895, -0.885);
    expect(figures.calmar).to.be.within(0.195, 0.205);
    expect(figures.sharpe).to.be.within(0.585, 0.595);
    expect(figures.switches_per_year).to.equal(0);
  });
});
