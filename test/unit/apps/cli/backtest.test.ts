// Tests of the commands backtest, compare, sweep, lookahead and warmup on the embedded market.
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { runCli } from "../../../cli-run.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";
import { expectClose } from "../../../close.ts";

type Document = Record<string, unknown>;

describe("backtesting commands", function () {
  let folder: TemporaryFolder;
  let register: string;
  beforeEach(function () {
    folder = temporaryFolder();
    register = `${folder.path}/trials.jsonl`;
  });
  afterEach(function () {
    folder.remove();
  });

  async function printed(...args: string[]): Promise<string> {
    const { code, out } = await runCli([...args, "--json"]);
    expect(code).to.equal(0);
    return out;
  }

  async function json(...args: string[]): Promise<Document> {
    return JSON.parse(await printed(...args, "--register", register)) as Document;
  }

  it("backtest prints every figure with its definition, and registers the trial once", async function () {
    const first = await printed("backtest", "--register", register);
    const again = await printed("backtest", "--register", register);
    const document = JSON.parse(first) as Document;

    expect(again).to.equal(first);
    const keys = [
      "total_return",
      "cagr",
      "vol_annual",
      "sharpe",
      "sortino",
      "max_drawdown",
      "calmar",
      "ulcer_index_pct",
    ];
    const more = ["martin_ratio", "var95_historical", "cvar95_historical", "skewness_biased", "kurtosis_biased"];
    expect(document).to.include.keys(...keys, ...more, "psr_vs_0", "switches_per_year", "time_in_market");
    expect(document["definitions"]).to.include.keys(...keys, ...more, "switches_per_year", "time_in_market");
    expect(document["trialsRun"]).to.equal(1);
    expect(readFileSync(register, "utf8").split("\n")).to.have.length(2);
  });

  it("backtest counts another delay as another trial", async function () {
    await json("backtest");

    expect(await json("backtest", "--delay", "1")).to.include({ trialsRun: 2, delayDays: 1 });
  });

  it("backtest agrees with metrics on its own weekly returns", async function () {
    const document = await json("backtest", "--strategy", "faber-20+under-50d-mean");
    const weeks = document["weeks"] as { date: string; return: number }[];
    const file = folder.write("weeks.csv", ["date,return", ...weeks.map((week) => `${week.date},${week.return}`)]);

    const figures = JSON.parse(await printed("metrics", file)) as Document;

    for (const key of ["cagr", "sharpe", "max_drawdown", "ulcer_index_pct"]) {
      expectClose(document[key] as number, figures[key] as number, 1e-12);
    }
  });

  it("backtest follows a file of signals", async function () {
    const signal = folder.write("signal.csv", ["date,regime", "2022-06-05,bull", "2022-06-12,bear"]);

    const { switches } = await json("backtest", "--strategy", "external", "--signal", signal);

    expect(switches).to.deep.equal([
      { date: "2022-06-06", to: "bull", isDaily: false },
      { date: "2022-06-13", to: "bear", isDaily: false },
    ]);
  });

  it("backtest charges what is traded when it is given the fund's size", async function () {
    const small = await json("backtest", "--nav", "1000000", "--from", "2022-01-02");
    const large = await json("backtest", "--nav", "1000000000", "--from", "2022-01-02");

    expect(large["cagr"]).to.be.below(small["cagr"] as number);
  });

  it("backtest stops at --as-of, and knows nothing of later rows", async function () {
    const { to, weeks } = await json("backtest", "--as-of", "2023-06-15");
    const whole = await json("backtest", "--to", "2023-06-11");

    expect(to).to.equal("2023-06-11");
    expect(weeks).to.deep.equal(whole["weeks"]);
  });

  it("backtest writes a page, the same as JSON, and its weeks as CSV", async function () {
    const report = `${folder.path}/report`;
    const { cagr, weeks } = await json("backtest", "--report", report);

    const page = readFileSync(`${report}/report.html`, "utf8");
    const document = JSON.parse(readFileSync(`${report}/report.json`, "utf8")) as Document;
    const lines = readFileSync(`${report}/weeks.csv`, "utf8").trimEnd().split("\n");

    expect(page)
      .to.match(/^<!doctype html>/)
      .and.include("Trials ever run, by the register: 1.");
    expect(document).to.include({ cagr }).and.include.keys("capacity", "grades");
    expect(lines).to.have.length((weeks as unknown[]).length + 1);
    expect(lines[0]).to.equal("date,position,return,hold-index,hold-bitcoin,60-40-with-cash,faber-40");
  });

  it("compare puts strategies side by side", async function () {
    const document = await json("compare", "ensemble", "faber-40", "hold", "--rules", "methodology");

    expect((document["strategies"] as Document[]).map(({ name }) => name)).to.deep.equal([
      "ensemble",
      "faber-40",
      "hold",
    ]);
    expect(document["pbo"]).to.be.within(0, 1);
    expect(document["trialsRun"]).to.equal(3);
  });

  it("sweep judges a grid, and registers all of it", async function () {
    const document = await json("sweep", "--grid", "lookbacks");

    expect(document).to.include({ trials: 24, trialsRun: 24, grid: "lookbacks" });
    expect(document["ambition"]).to.have.keys("walkForward", "hindsight");
  });

  it("lookahead finds nothing and says on how many dates", async function () {
    const { isClean, checks } = await json("lookahead", "ensemble+daily-votes", "--dates", "50");

    expect(isClean).to.equal(true);
    expect((checks as Document[]).slice(2).map(({ dates }) => dates)).to.deep.equal([50, 50]);
    expect(existsSync(register)).to.equal(false); // it tries nothing out
  });

  it("warmup says when later starts agree", async function () {
    const { starts } = await json("warmup");

    for (const { weeksToAgree } of starts as Document[]) expect(weeksToAgree).to.be.within(0, 60);
  });

  for (const args of [
    ["backtest", "--strategy", "nonsense"],
    ["backtest", "--strategy", "external"],
    ["backtest", "--rules", "none"],
    ["backtest", "--nav", "1000", "--cost-bps", "5"],
    ["compare", "ensemble"],
    ["compare", "ensemble", "ensemble"],
    ["sweep", "--grid", "huge"],
  ]) {
    it(`refuses ${args.join(" ")} with exit code 2`, async function () {
      expect((await runCli([...args, "--register", register])).code).to.equal(2);
      expect(existsSync(register)).to.equal(false);
    });
  }

  it("backtest refuses weeks outside the data, and a broken register, with exit code 3", async function () {
    const broken = folder.write("broken.jsonl", ["{}"]);

    expect((await runCli(["backtest", "--from", "2030-01-01", "--register", register])).code).to.equal(3);
    expect((await runCli(["backtest", "--register", broken])).code).to.equal(3);
    expect(readFileSync(broken, "utf8")).to.equal("{}\n");
  });
});
