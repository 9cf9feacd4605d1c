// Tests of what the site says from market data: decisions replayed and compared with the chain, signal, gauges, backtest.
import { expect } from "chai";

import { canonicalHash, type Json } from "../../src/core/canonical-json.ts";
import { isoDate } from "../../src/core/time.ts";
import { decisionHash } from "../../src/engine/decision.ts";
import { readPublished, replayPublished } from "../../src/engine/published.ts";
import { DEFAULT_PARAMETERS } from "../../src/config/schema.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../src/market/simulate.ts";
import { backtestSchema } from "../../src/site/answers/performance.ts";
import { nowSchema } from "../../src/site/answers/now.ts";
import { gaugesSchema } from "../../src/site/answers/signal.ts";
import { VIEWS } from "../../src/site/endpoints.ts";
import { depositNew, playWeeks } from "../../src/world/play.ts";
import type { WeekRecord, World } from "../../src/world/week.ts";
import { runCli } from "../cli-run.ts";
import type { Document } from "./served-fund.ts";
import { type ServedSite, serveTestSite } from "./served-site.ts";

describe("site with market data", function () {
  let world: World | undefined;
  let site: ServedSite;
  const weeks: WeekRecord[] = [];
  const RANGE = { from: isoDate("2023-01-09"), to: isoDate("2023-01-23") };

  before(async function () {
    const history = simulateMarket(DEFAULT_SIMULATION);
    const between = async (now: World, done: number): Promise<void> => {
      if (done === 0) await depositNew(now, "alice", 1_000_000n * 10n ** 6n);
    };
    for await (const step of playWeeks({ history, range: RANGE, parameters: DEFAULT_PARAMETERS, steps: 1, between })) {
      ({ world } = step);
      if (step.week !== undefined) weeks.push(step.week);
    }
    if (world === undefined) throw new TypeError("the weeks were played");
    site = await serveTestSite({ world, rpc: await world.market.chain.serve(0) });
  });

  after(async function () {
    await site.close();
    await world?.market.close();
  });

  const view = async (path: string): Promise<Document> => (await site.get(path)).json();

  it("replays every decision of the chain to the same hash", async function () {
    const { decisions } = (await view("/api/decisions")) as { decisions: Document[] };

    expect(decisions.map(({ date, decisionHash, isReplayed }) => [date, decisionHash, isReplayed])).to.deep.equal(
      weeks.map(({ decision, decisionHash }) => [decision.date, decisionHash, true]).reverse(),
    );
  });

  it("hands out a decision whose canonical JSON has the hash on chain", async function () {
    const answer = await view("/api/decisions/2023-01-16");
    const { replayed, publications, weights } = answer as {
      replayed: { decision: Json };
      publications: Document[];
      weights: Document[];
    };

    expect(VIEWS.decision.answer.safeParse(answer).error?.issues).to.equal(undefined);
    expect(canonicalHash(replayed.decision)).to.equal(publications[0]?.["decisionHash"]);
    expect(weights.reduce((sum, { partsPerMillion }) => sum + Number(partsPerMillion), 0)).to.equal(1_000_000);
  });

  it("hands out the snapshot from which the decision on chain follows, under its sha-256", async function () {
    const { publications, snapshot } = (await view("/api/decisions/2023-01-16")) as {
      publications: Document[];
      snapshot: { digest: string; size: number };
    };
    const path = "/api/decisions/2023-01-16/snapshot";
    const { text, headers } = await site.get(path);
    const plain = await site.get(path, { headers: { "accept-encoding": "gzip;q=0" } });
    const again = await site.get(path, { headers: { "if-none-match": headers.get("etag") ?? "" } });

    expect(decisionHash(replayPublished(readPublished(text, snapshot.digest)))).to.equal(
      publications[0]?.["decisionHash"],
    );
    expect([headers.get("content-encoding"), text.length]).to.deep.equal(["gzip", snapshot.size]);
    expect([plain.headers.get("content-encoding"), plain.text]).to.deep.equal([null, text]);
    expect([again.status, again.text]).to.deep.equal([304, ""]);
  });

  it("has no snapshot of a week that the data do not reach, and takes Mondays only", async function () {
    for (const week of ["2031-01-06", "2023-01-17"]) {
      expect((await site.get(`/api/decisions/${week}/snapshot`)).status, week).to.equal(404);
    }
    expect((await site.get("/api/decisions/2696/snapshot")).status).to.equal(400);
  });

  it("knows no decision of a week that nobody published", async function () {
    expect((await site.get("/api/decisions/2031-01-06")).status).to.equal(404);
  });

  it("shows the signal that the command line shows at the chain's date, and that the chain holds it", async function () {
    const now = await view("/api/now");

    const { signal } = nowSchema.parse(now);
    const { out } = await runCli(["decide", "--as-of", "2023-01-16", "--opened", RANGE.from, "--json"]);
    const { decisionHash } = JSON.parse(out) as Document;
    expect([signal?.decisionHash, signal?.isOnChain, signal?.date]).to.deep.equal([decisionHash, true, "2023-01-16"]);
    expect(signal?.gauges.map(({ name }) => name)).to.include.members([
      ...["score of the votes", "breadth of prices", "breadth of trader grades", "percentile of volatility"],
      "drawdown of the index",
      ...["funding of bitcoin", "fear & greed", "state of the jump model"],
    ]);
  });

  it("gives each gauge's readings up to the close, and none after it", async function () {
    const { close, from, gauges } = gaugesSchema.parse(await view("/api/gauges"));

    const sundays = (Date.parse(close) - Date.parse(from)) / (7 * 86_400_000) + 1;
    expect(close).to.equal("2023-01-15");
    expect(gauges.map(({ values }) => values.length)).to.deep.equal(gauges.map(() => sundays));
  });

  it("marks a backtest as one, with the number of trials and what a figure means", async function () {
    const { isBacktest, notices, figures, definitions, to } = backtestSchema.parse(await view("/api/backtest"));

    expect([isBacktest, to]).to.deep.equal([true, "2023-01-15"]);
    expect(notices[0]).to.match(/^BACKTEST: nobody held this/);
    expect(Object.keys(definitions)).to.include.members(["cagr", "max_drawdown", "sharpe"]);
    expect(figures["cagr"]).to.be.a("number");
  });

  it("gives every coin of the index its rank, and says why others are left out", async function () {
    const { holdings, leftOut } = (await view("/api/holdings")) as { holdings: Document[]; leftOut: Document[] };

    const decision = weeks.at(-1)?.decision;
    const bitcoin = holdings.find(({ coinId }) => coinId === "bitcoin");
    expect(bitcoin?.["rank"]).to.equal(decision?.index.find(({ coinId }) => coinId === "bitcoin")?.rank);
    expect(bitcoin?.["traderGrade"]).to.be.within(0, 100);
    expect(Number(bitcoin?.["poolDepthUsd"])).to.be.greaterThan(10_000);
    expect(leftOut.filter(({ reason }) => reason !== "no-vehicle")).to.deep.equal(decision?.excluded);
  });
});
