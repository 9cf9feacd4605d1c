// Tests of the commands metrics, regime fit, overfit and index: what they print, and what they refuse.
import { expect } from "chai";
import { runCli } from "../../../cli-run.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";
import { expectFigures } from "../../../close.ts";
import vector from "../../../vectors/metrics.json" with { type: "json" };
import overfit from "../../../vectors/overfit.json" with { type: "json" };

type Document = Record<string, unknown>;

describe("research commands", function () {
  let folder: TemporaryFolder;
  let series: string;
  let trials: string;
  let quotes: string;
  before(function () {
    folder = temporaryFolder();
    series = folder.write("series.csv", ["return", ...vector.returns.map(String)]);
    const rows = (overfit.trials[0] ?? []).map((_, t) => overfit.trials.map((trial) => String(trial[t])).join(","));
    trials = folder.write("trials.csv", [overfit.trials.map((_, i) => `t${i}`).join(","), ...rows]);
    quotes = folder.write("quotes.csv", [
      "date,coin_id,price_usd,market_cap_usd",
      "2024-01-07,a,10,300",
      "2024-01-07,b,10,100",
      "2024-01-14,a,20,600",
      "2024-01-14,b,10,100",
    ]);
  });
  after(function () {
    folder.remove();
  });

  async function json(...args: string[]): Promise<Document> {
    const { code, out, err } = await runCli([...args, "--json"]);
    expect([code, err]).to.deep.equal([0, ""]);
    return JSON.parse(out) as Document;
  }

  it("metrics prints every figure under its key", async function () {
    expectFigures((await json("metrics", series)) as Record<string, number>, vector.metrics);
  });

  it("metrics takes log returns and prices by the precedence of columns", async function () {
    const both = folder.write("both.csv", ["date,price,log_return", "2024-01-07,1,0", "2024-01-14,5,0.5"]);

    const { column, total_return } = await json("metrics", both);

    expect(column).to.equal("log_return");
    expect(total_return).to.be.within(Math.exp(0.5) - 1 - 1e-12, Math.exp(0.5) - 1 + 1e-12);
  });

  it("metrics points out dates that are not a week apart", async function () {
    const daily = folder.write("daily.csv", ["date,return", "2024-01-01,0.1", "2024-01-02,0.2", "2024-01-03,0"]);

    const { notices } = await json("metrics", daily);

    expect(notices).to.deep.equal([
      "dates are 1 days apart (median), but a year is taken as 52 periods: give --periods-per-year 365",
    ]);
  });

  it("overfit prints PBO, deflated Sharpe ratio and intervals", async function () {
    const { blocks, ...expected } = overfit.cscv[1] ?? { blocks: 8 };

    const document = await json("overfit", trials, "--blocks", String(blocks), "--resamples", "10");

    expectFigures(document as Record<string, number>, expected);
    expectFigures(document as Record<string, number>, { deflated_sharpe: overfit.figures.deflated_sharpe });
    expect(document["trials"]).to.equal(12);
  });

  it("index prints the levels and capped weights", async function () {
    const { levels } = (await json("index", quotes, "--cap", "0.6")) as { levels: Document[] };

    // 0.75 is cut to 0.6: 1000 * (0.6 * 2 + 0.4)
    expect(levels[1]?.["level"]).to.be.within(1600 - 1e-6, 1600 + 1e-6);
    expect((levels[0]?.["weights"] as { weight: number }[])[0]?.weight).to.equal(0.6);
  });

  it("regime fit prints two states of either model", async function () {
    const markov = await json("regime", "fit", series, "--model", "markov");
    const jump = await json("regime", "fit", series, "--model", "jump", "--warm-up", "100", "--refit-every", "30");

    expect((markov["states"] as Document[]).map(({ name }) => name)).to.deep.equal(["calm", "turbulent"]);
    expect((jump["labels"] as number[]).length).to.equal(jump["observations"]);
  });

  it("regime fit takes columns as points as they are", async function () {
    const points = folder.write("points.csv", ["x", "0", "0", "10", "10", "0"]);

    const { labels, objective } = await json(
      "regime",
      "fit",
      points,
      "--model",
      "jump",
      "--features",
      "x",
      "--penalty",
      "3",
    );

    expect([labels, objective]).to.deep.equal([[0, 0, 1, 1, 0], 6]);
  });

  it("every command prints text for people", async function () {
    for (const args of [
      ["metrics", series],
      ["overfit", trials, "--blocks", "4"],
      ["index", quotes],
    ]) {
      const { code, out } = await runCli(args);
      expect(code).to.equal(0);
      expect(out.split("\n").length).to.be.greaterThan(3);
    }
  });

  const bad: readonly (readonly [string, readonly string[], number, string])[] = [
    ["NaN", ["return", "0.1", "nan"], 3, "BAD_VALUE"],
    ["an empty field", ["date,return", "2024-01-07,0.1", "2024-01-14,"], 3, "BAD_VALUE"],
    ["a return under -1", ["return", "0.1", "-1.5"], 3, "BAD_VALUE"],
    ["a price of zero", ["price", "1", "0"], 3, "BAD_VALUE"],
    ["dates out of order", ["date,return", "2024-01-14,0.1", "2024-01-07,0.1"], 3, "BAD_VALUE"],
    ["no such column", ["value", "1", "2"], 3, "NO_COLUMN"],
    ["an empty file", [], 3, "MALFORMED_LINE"],
    ["rows of other lengths", ["date,return", "2024-01-07"], 3, "MALFORMED_LINE"],
    ["a column twice", ["return,return", "1,2"], 3, "MALFORMED_LINE"],
    ["a single return", ["return", "0.1"], 3, "SERIES_TOO_SHORT"],
  ];
  for (const [what, lines, code, name] of bad) {
    it(`metrics refuses ${what}`, async function () {
      const run = await runCli(["metrics", folder.write("bad.csv", lines), "--json"]);

      expect([run.code, run.out]).to.deep.equal([code, ""]);
      expect(run.err).to.include(`error ${name}: `);
    });
  }

  it("refuses what it is not asked rightly", async function () {
    for (const args of [["metrics"], ["regime", "fit", series], ["overfit", trials, "--blocks", "x"]]) {
      expect((await runCli(args)).code).to.equal(2);
    }
  });

  it("refuses a benchmark over other periods", async function () {
    const run = await runCli(["metrics", series, "--benchmark", folder.write("short.csv", ["return", "0.1", "0.2"])]);

    expect(run.code).to.equal(3);
    expect(run.err).to.include("error OTHER_PERIODS: ");
  });

  it("refuses a coin twice at a date", async function () {
    const run = await runCli(["index", quotes, quotes]);

    expect(run.code).to.equal(3);
    expect(run.err).to.include("each coin once a date");
  });

  it("reads a last line without a line break, and points it out", async function () {
    const run = await runCli(["metrics", folder.writeBytes("open.csv", "return\n0.1\n0.2"), "--json"]);

    expect(run.code).to.equal(0);
    expect(run.err).to.include("ends without a line break");
  });
});
