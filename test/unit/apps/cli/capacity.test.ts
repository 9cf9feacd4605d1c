// Tests of `tm100 capacity` and of the later legs that `tm100 plan` shows.
import { expect } from "chai";

import { runCli } from "../../../cli-run.ts";
import { scheduleJson, scheduleLines } from "../../../../src/apps/cli/schedule-view.ts";
import { planRebalance } from "../../../../src/plan/plan.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";
import { SHARES, market } from "../../plan/executable.ts";
import { usdcWeth, wbtcWeth } from "../../plan/pool-state-documents.ts";
import { UNI, WETH, fullRangePool, inputOf, poolsOf, usd } from "../../plan/support.ts";

type Document = {
  readonly costBps: number;
  readonly sizes: readonly {
    readonly navUsd: string;
    readonly names: number;
    readonly enter: { readonly costBps: number; readonly legs: number };
    readonly affordable: { readonly names: number; readonly costBps: number };
  }[];
};

describe("tm100 capacity", function () {
  let folder: TemporaryFolder;
  before(function () {
    folder = temporaryFolder();
  });
  after(function () {
    folder.remove();
  });

  it("gives five sizes, dearer from a certain size on, and the names at the cost asked for", async function () {
    const file = folder.writeBytes("pools.json", JSON.stringify([usdcWeth(10n ** 20n), wbtcWeth(10n ** 17n)]));

    const { code, out } = await runCli(["capacity", "--pools", file, "--cost-bps", "30", "--json"]);
    const { costBps, sizes } = JSON.parse(out) as Document;

    expect(code).to.equal(0);
    expect(costBps).to.equal(30);
    expect(sizes.map(({ navUsd }) => Number(navUsd))).to.deep.equal([1e4, 1e5, 1e6, 1e7, 1e8]);
    expect(new Set(sizes.map(({ names }) => names))).to.deep.equal(new Set([2]));
    expect(sizes.every(({ affordable }) => affordable.costBps <= 30 && affordable.names <= 2)).to.equal(true);
    expect(sizes[4]?.affordable.names).to.be.lessThan(2); // half of 100 M USD is far more than the pool of WBTC holds
  });

  it("prints a table for a person, with what is assumed", async function () {
    const file = folder.writeBytes("pools.json", JSON.stringify([usdcWeth(), wbtcWeth()]));

    const { code, out } = await runCli(["capacity", "--pools", file]);

    expect(code).to.equal(0);
    expect(out).to.contain("names at 50 bps").and.to.contain("100,000,000").and.to.contain("assumed to recover");
  });

  it("says what is wrong with a file", async function () {
    const file = folder.writeBytes("broken.json", "[{");

    const missing = await runCli(["capacity", "--pools", `${folder.path}/none.json`]);
    const broken = await runCli(["capacity", "--pools", file]);
    const empty = await runCli(["capacity", "--pools", folder.writeBytes("empty.json", "[]")]);
    const torn = [usdcWeth(), { ...wbtcWeth(), liquidity: "5" }];
    const wrong = await runCli(["capacity", "--pools", folder.writeBytes("torn.json", JSON.stringify(torn))]);
    const lone = await runCli(["capacity", "--pools", folder.writeBytes("lone.json", JSON.stringify([wbtcWeth()]))]);

    expect([missing.code, broken.code, empty.code, wrong.code, lone.code]).to.deep.equal([3, 3, 3, 3, 3]);
    expect(missing.err).to.contain("UNREADABLE_FILE").and.to.contain("none.json");
    expect(broken.err).to.contain("MALFORMED_JSON");
    expect(empty.err).to.contain("TRUNCATED_FILE");
    expect(wrong.err).to.contain("BAD_POOL_STATE").and.to.contain("liquidity");
    expect(lone.err).to.contain("BASE_POOL_MISSING").and.to.contain("USDC and WETH");
  });
});

describe("the schedule of a plan", function () {
  const assets = market([0, 500_000, 500_000, 0, 0, 0], [500_000, 500_000, 0, 0, 0, 0]);
  const others = poolsOf(assets).filter(({ address }) => address !== fullRangePool(UNI, WETH).address);
  const viewOf = (depth: bigint) => {
    const thin = { ...fullRangePool({ ...UNI, depth }, WETH), tradeGap: 30 };
    const input = inputOf({ assets, supply: SHARES }, { pools: [...others, thin] });
    const state = {
      block: 1n,
      time: 0,
      holdings: input.holdings,
      pools: input.pools,
      running: undefined,
      gasPrice: 0n,
    };
    return { plan: planRebalance(input), state } as unknown as Parameters<typeof scheduleLines>[0];
  };

  it("is not mentioned when everything fits at once", function () {
    expect(scheduleLines(viewOf(usd(100_000_000)))).to.deep.equal([]);
    expect(scheduleJson(viewOf(usd(100_000_000)))).to.deep.equal({ tranches: [], unfilledUsd: "0" });
  });

  it("is shown with times, amounts and the assumption it rests on", function () {
    const view = viewOf(usd(10_000_000));

    const text = scheduleLines(view).join("\n");

    expect(text).to.contain("+5 min").and.to.contain("+15 min"); // ten times 30 seconds a round, three rounds
    expect(text).to.contain("3 more rounds").and.to.contain("Assumed, not known: prices stay, and a pool is back");
    expect(text).to.contain("after 5 minutes (ten times the mean time between the trades");
  });
});
