import { expect } from "chai";

import { vaultLensAbi } from "../../src/core/abi.ts";
import { decimalString } from "../../src/core/units.ts";
import { navPerShare } from "../../src/execute/read-account.ts";
import { readHoldings } from "../../src/world/week.ts";
import { useDemoPage } from "./demo-page.ts";
import { factOf, openView } from "./support.ts";

/** Runs in the page. */
const TO_THE_END = 'document.querySelector(".legs").scrollTop = 1e9';

describe("the page's views", function () {
  const { demo, visit, linesOf } = useDemoPage();

  async function status() {
    const { market, fund } = demo().world;
    const lens = { address: fund.addresses.lens, abi: vaultLensAbi } as const;
    return market.chain.publicClient.readContract({ ...lens, functionName: "status" });
  }

  describe("now", function () {
    it("shows regime, value and price of a share as the chain has them", async function () {
      const { page } = await visit("now");
      const { regime, nav, supply } = await status();

      expect(await factOf(page, "regime")).to.equal(regime);
      expect(await factOf(page, "navUsd")).to.equal(decimalString(nav, 18));
      expect(await factOf(page, "navPerShareUsd")).to.equal(decimalString(navPerShare({ nav, supply }), 18));
    });

    it("shows all five votes, every gauge with its definition, and what would flip the regime", async function () {
      const { page } = await visit("now");
      await page.getByRole("heading", { name: "Gauges beside the regime" }).waitFor();

      expect(await page.getByRole("region", { name: "Trend score" }).locator("tbody tr").count()).to.equal(5);
      const answer = (await demo().site.get("/api/now")).json() as { signal: { gauges: { definition: string }[] } };
      const text = (await page.locator(".gauges").innerText()).toLowerCase();
      for (const { definition } of answer.signal.gauges) expect(text).to.include(definition.toLowerCase());
      expect(await page.getByText(/if the index closes on \d{4}-\d\d-\d\d/).count()).to.equal(1);
    });
  });

  describe("holdings", function () {
    it("shows every amount to the last unit", async function () {
      const { page } = await visit("holdings");
      const expected = (await readHoldings(demo().world)).map(({ symbol, amount, decimals }) => {
        return `${symbol} ${decimalString(amount, decimals)}`;
      });
      const table = page.getByRole("group", { name: "Holdings of the fund" });
      await page.getByLabel("Show", { exact: true }).selectOption("held");
      const rows = await table.locator("tbody tr").all();
      const shown = await Promise.all(
        rows.map(async (row) => {
          const amount = await row.locator("td:nth-child(4) span").getAttribute("title");
          return `${await row.locator("strong").innerText()} ${amount ?? ""}`;
        }),
      );

      expect(shown.toSorted()).to.deep.equal(expected.toSorted());
    });

    it("sorts by a column, and filters", async function () {
      const { page } = await visit("holdings");
      const table = page.getByRole("group", { name: "Holdings of the fund" });
      await table.getByRole("button", { name: "Coin" }).click();
      const symbols = await table.locator("tbody tr strong").allInnerTexts();
      await page.getByLabel("Find a coin", { exact: true }).fill("bitcoin");

      expect(symbols).to.deep.equal(symbols.toSorted((a, b) => a.localeCompare(b)));
      expect(await table.locator("tbody tr strong").allInnerTexts()).to.include("BTC");
      expect(await table.locator("tbody tr").count()).to.be.lessThan(symbols.length);
    });

    it("gives the reason of every coin that is left out", async function () {
      const { page } = await visit("holdings");
      const rows = page.getByRole("group", { name: "Coins that are left out" }).locator("tbody tr");

      expect(await rows.count()).to.be.greaterThan(0);
      for (const reason of await rows.locator("td:nth-child(3)").allInnerTexts()) expect(reason).to.not.equal("");
    });
  });

  describe("transactions", function () {
    it("has every leg of the ledger, and draws only those in sight", async function () {
      const { page } = await visit("transactions");
      const legs = linesOf("LegExecuted", "LegSkipped").length;

      expect(await factOf(page, "legs")).to.equal(String(legs));
      expect(await page.getByRole("table", { name: "Legs" }).getByRole("row").count()).to.be.lessThan(60);
      expect(legs).to.be.greaterThan(300);
    });

    it("filters by regime", async function () {
      const { page } = await visit("transactions");
      const bear = new Set(
        linesOf("RebalanceStarted")
          .filter(({ args }) => args["regime"] === "bear")
          .map(({ args }) => args["id"]),
      );
      const expected = linesOf("LegExecuted", "LegSkipped").filter(({ args }) => bear.has(args["id"])).length;
      await page.getByLabel("Regime", { exact: true }).selectOption("bear");
      await page.locator(`[data-fact="legs"][data-value="${expected}"]`).waitFor();
    });

    it("shows a transaction of a local chain with each line that it wrote", async function () {
      const line = linesOf("RebalanceFinished").at(-1);
      const { page } = await visit(`transactions?tx=${line?.transaction ?? ""}`);
      await page.getByRole("heading", { name: "What happened" }).waitFor();

      const written = demo().lines.filter(({ transaction }) => transaction === line?.transaction).length;
      expect(await page.locator(".lines > li").count()).to.equal(written);
    });

    it("scrolls through a hundred thousand legs without drawing them all", async function () {
      const { page } = await visit("now");
      const { legs } = (await demo().site.get("/api/legs?limit=1")).json() as { legs: Record<string, unknown>[] };
      await page.route("**/api/legs?*", async (route) => {
        const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 0);
        const page_ = Array.from({ length: 1000 }, (_, i) => ({ ...legs[0], sequence: from + i + 1 }));
        await route.fulfill({
          json: { total: 100_000, legs: page_, next: from + 1000 < 100_000 ? from + 1000 : null },
        });
      });
      await openView(page, demo().site.url, "transactions");
      const table = page.getByRole("table", { name: "Legs" });
      await table.waitFor();
      for (let loaded = 1000; loaded < 100_000; loaded += 1000) {
        await page.evaluate(TO_THE_END);
        if (loaded < 99_000) await page.getByText(`${(loaded + 1000).toLocaleString("en-US")} loaded`).waitFor();
      }
      await page.getByText(/ loaded, the others follow/).waitFor({ state: "detached" });
      await page.evaluate(TO_THE_END);

      await table.locator('[aria-rowindex="100001"]').waitFor();
      expect(await table.getByRole("row").count()).to.be.lessThan(60);
    });
  });

  describe("performance", function () {
    it("shows the finishes and the worth of each switch as the ledger has them", async function () {
      const { page } = await visit("performance");
      const finishes = linesOf("RebalanceFinished").length;
      const trips = linesOf("RoundTripCompleted");

      await page.getByText(`${finishes} finished rebalances`).waitFor();
      expect(await page.getByRole("group", { name: "Switches" }).locator("tbody tr").count()).to.equal(trips.length);
      expect(trips.length).to.equal(1);
    });

    it("marks every part of the backtest as one", async function () {
      const { page } = await visit("performance?tab=backtest");
      await page.getByText("Backtest. No money was moved.").waitFor();

      for (const title of await page.locator(".backtest h2").allInnerTexts()) expect(title).to.include("(backtest)");
    });
  });

  describe("rules", function () {
    it("shows who holds each role, and every contract's address", async function () {
      const { page } = await visit("rules");
      const { keeper, guardian, signer } = demo().world.market.chain.accounts;
      const roles = await page.getByRole("group", { name: "Roles" }).innerHTML();
      const contracts = await page.getByRole("region", { name: "Contracts" }).innerText();

      for (const { address } of [keeper, guardian, signer])
        expect(roles.toLowerCase()).to.include(address.toLowerCase());
      const { addresses } = demo().world.fund.deployment();
      for (const address of [addresses.vault, addresses.rebalancer, addresses.oracle, addresses.gateway])
        expect(contracts.toLowerCase()).to.include(address.toLowerCase());
    });
  });
});
