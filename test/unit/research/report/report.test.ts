// Tests of src/research/report: a page that stands by itself, says everything, and is the same every time.
import { expect } from "chai";
import { isoDate } from "../../../../src/core/time.ts";
import { NO_OUTSIDE_SERIES } from "../../../../src/market/outside-series.ts";
import { backtest } from "../../../../src/research/backtest.ts";
import { capacityOf } from "../../../../src/research/capacity.ts";
import { BASELINE_COSTS } from "../../../../src/research/costs.ts";
import { METRIC_DEFINITIONS } from "../../../../src/research/definitions.ts";
import { strategyMaker } from "../../../../src/research/deciders/names.ts";
import { gaugesOf, rollingBeta } from "../../../../src/research/gauges.ts";
import { priceTests } from "../../../../src/research/price-noise.ts";
import { predictiveValues } from "../../../../src/research/predictive-value.ts";
import { chartSvg } from "../../../../src/research/report/charts.ts";
import { pageHtml } from "../../../../src/research/report/page.ts";
import { reportHtml } from "../../../../src/research/report/report.ts";
import { methodologyRules } from "../../../../src/research/rules.ts";
import { SIMULATED_DATA, pathOf } from "../../../research-data.ts";
import { expectClose } from "../../../close.ts";

const RULES = methodologyRules();
const PATH = pathOf(SIMULATED_DATA, RULES);
const SETTING = {
  rules: RULES,
  costs: BASELINE_COSTS,
  delayDays: 0,
  cashRate: 0,
  range: { from: isoDate("2022-01-02"), to: isoDate("2024-12-29") },
};

describe("reportHtml", function () {
  const strategy = strategyMaker(RULES.regime)("ensemble+daily-votes");
  const result = backtest(PATH, strategy, SETTING);
  const content = {
    backtest: result,
    priceTests: priceTests(PATH, strategy, { evaluation: result.evaluation, setting: SETTING, paths: 4 }),
    gauges: gaugesOf({
      path: PATH,
      run: result.evaluation.run,
      parameters: RULES.regime,
      outside: NO_OUTSIDE_SERIES,
    }),
    capacity: capacityOf(PATH, result.evaluation, SETTING),
    grades: predictiveValues(PATH),
    trialsRun: 4321,
    notices: ["too good <to be true>"],
    costs: "50 bps a switch",
  };
  const html = reportHtml(content);

  it("gives the same bytes for the same content", function () {
    expect(reportHtml(content)).to.equal(html);
  });

  it("needs nothing beside itself and runs nothing", function () {
    expect(html).not.to.match(/<script|<link|<img|src=|@import|url\((?!#)/);
    expect(html.match(/https?:\/\/[^"]+/g)?.every((url) => url.startsWith("http://www.w3.org/"))).to.equal(true);
  });

  it("shows every figure with its definition, the count of trials and the notices", function () {
    for (const key of Object.keys(result.evaluation.figures)) {
      const words = (METRIC_DEFINITIONS[key] ?? "none").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      expect(html).to.include(`<td>${key}</td>`).and.include(words);
    }
    expect(html).to.include("4321").and.include("too good &lt;to be true&gt;");
  });

  it("defines every gauge, and says which the data hold none of", function () {
    for (const { name, definition } of content.gauges)
      expect(html).to.include(name.replace("&", "&amp;")).and.include(definition);
    expect(html.match(/: the data hold none for these weeks\./g)).to.have.length(3);
    expect(html).to.include('<th class="words">definition</th>');
  });

  it("draws eleven charts and every table", function () {
    expect(html.match(/<svg/g)).to.have.length(11);
    for (const title of [
      "Level",
      "Drawdowns",
      "Gauges",
      "Rolling beta",
      "Capacity",
      "On noisy prices",
      "Crises",
      "Years",
      "Months [%]",
    ]) {
      expect(html).to.include(`<h2>${title}</h2>`);
    }
    for (const { left } of result.roundTrips) expect(html).to.include(`<td>${left}</td>`);
  });
});

describe("chartSvg", function () {
  it("names its parts the same way every time", function () {
    const chart = { title: "A", labels: ["x", "y"], unit: "u", scale: "linear" as const, shaded: [] };
    const lines = [{ name: "n", values: [1, Number.NaN] }];

    expect(chartSvg({ ...chart, lines })).to.equal(chartSvg({ ...chart, lines }));
    expect(chartSvg({ ...chart, lines })).not.to.match(/zr\d/);
  });
});

describe("pageHtml", function () {
  it("keeps text text", function () {
    const page = pageHtml("a & b", [], [{ title: '"q"', table: { headers: ["h"], rows: [["<td>"]] } }]);

    expect(page).to.include("<h1>a &amp; b</h1>").and.include("&quot;q&quot;").and.include("<td>&lt;td&gt;</td>");
  });
});

describe("rollingBeta", function () {
  it("is the share of the index's moves that is taken, once there is a year", function () {
    const index = Array.from({ length: 60 }, (_, i) => (i % 3) / 100);

    const beta = rollingBeta(
      index.map((value) => value / 2),
      index,
    );

    expect(beta.slice(0, 51).every(Number.isNaN)).to.equal(true);
    expectClose(beta[51], 0.5, 1e-12);
  });
});
