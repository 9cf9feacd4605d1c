// Tests of a site whose market data were mended after the decisions, which the keeper's snapshots still give.
import { expect } from "chai";
import { createPublicClient, http } from "viem";

import { serveSite } from "../../src/apps/server/server.ts";
import { DEFAULT_PARAMETERS } from "../../src/config/schema.ts";
import { dayNumber, isoDate } from "../../src/core/time.ts";
import { digestOf, publishedSnapshot } from "../../src/engine/published.ts";
import { stepAt } from "../../src/engine/run.ts";
import type { CoinSeries, History } from "../../src/market/history.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../src/market/simulate.ts";
import { publishSnapshot } from "../../src/site/market/snapshot-folder.ts";
import { Site } from "../../src/site/site.ts";
import { depositNew, playWeeks } from "../../src/world/play.ts";
import type { World } from "../../src/world/week.ts";
import { temporaryFolder } from "../market-files.ts";
import type { Document } from "./served-fund.ts";

const RANGE = { from: isoDate("2023-01-09"), to: isoDate("2023-01-23") };
const LAST = isoDate("2023-01-16");
const MENDED = dayNumber(isoDate("2023-01-15"));

/** The embedded market as it looked before the rows of a Sunday were mended. */
function unmended(): History {
  const history = simulateMarket(DEFAULT_SIMULATION);
  const otherwise = (coin: CoinSeries): CoinSeries => ({
    ...coin,
    priceUsd: coin.priceUsd.map((price, i) => (coin.firstDay + i === MENDED ? price * 1.001 : price)),
  });
  return { ...history, providers: history.providers.map((one) => ({ ...one, coins: one.coins.map(otherwise) })) };
}

describe("site whose market data were mended", function () {
  const history = unmended();
  const folder = temporaryFolder();
  let world: World | undefined;
  let rpc: string;

  before(async function () {
    const between = async (now: World, done: number): Promise<void> => {
      if (done === 0) await depositNew(now, "alice", 1_000_000n * 10n ** 6n);
    };
    const script = { history, range: RANGE, parameters: DEFAULT_PARAMETERS, steps: 1, between };
    for await (const step of playWeeks(script)) ({ world } = step);
    if (world === undefined) throw new TypeError("the weeks were played");
    rpc = await world.market.chain.serve(0);
    for (const date of [RANGE.from, LAST]) {
      const asked = { date, opened: RANGE.from };
      publishSnapshot(folder.path, publishedSnapshot(stepAt(history, asked, DEFAULT_PARAMETERS)));
    }
  });

  after(async function () {
    folder.remove();
    await world?.market.close();
  });

  /** What a site says of the decisions and of the last one's snapshot, which it looks for somewhere or nowhere. */
  async function told(snapshots?: string) {
    if (world === undefined) throw new TypeError("the weeks were played");
    const fund = { client: createPublicClient({ transport: http(rpc) }), deployment: world.fund.deployment() };
    const place = snapshots === undefined ? {} : { snapshots };
    const site = new Site({ fund, file: ":memory:", data: "simulated", clock: () => performance.now(), ...place });
    const server = await serveSite({ site, host: "127.0.0.1", port: 0, page: "/nonexistent" });
    const textAt = async (path: string): Promise<string> => (await fetch(`${server.url}${path}`)).text();
    const viewOf = async (path: string): Promise<Document> => JSON.parse(await textAt(path)) as Document;
    try {
      do await site.refresh();
      while (site.state().market.state === "reading");
      await site.refresh(); // looks for what the data do not give
      const { decisions } = (await viewOf("/api/decisions")) as { decisions: Document[] };
      return {
        isReplayed: decisions.map(({ isReplayed }) => isReplayed),
        decision: await viewOf(`/api/decisions/${LAST}`),
        digest: digestOf(await textAt(`/api/decisions/${LAST}/snapshot`)),
        troubles: ((await viewOf("/api/health")) as { troubles: string[] }).troubles,
      };
    } finally {
      await server.close();
      await site.close();
    }
  }

  it("replays every decision from what the keeper published, and hands that out", async function () {
    const { isReplayed, decision, digest, troubles } = await told(folder.path);
    const { replayed, snapshot, publications } = decision as {
      replayed: Document;
      snapshot: Document;
      publications: Document[];
    };

    expect([isReplayed, troubles]).to.deep.equal([[true, true], []]);
    expect(replayed["decisionHash"]).to.equal(publications.at(-1)?.["decisionHash"]);
    expect(snapshot["digest"]).to.equal(digest);
  });

  it("says that it gets another decision where nobody told it where they are published", async function () {
    const { isReplayed, decision } = await told();

    expect([isReplayed, decision["isReplayed"]]).to.deep.equal([[false, true], false]);
  });

  it("says what is wrong with the place, and everything else all the same", async function () {
    const { isReplayed, troubles } = await told("/nonexistent");

    expect(isReplayed).to.deep.equal([false, true]);
    expect(troubles).to.deep.equal([
      "SNAPSHOT_MISSING: What the keeper published of its decisions cannot be read.", // and not where it was looked for
    ]);
  });
});
