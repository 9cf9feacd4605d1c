import { expect } from "chai";
import type { Page } from "playwright-core";

import { vaultLensAbi } from "../../src/core/abi.ts";
import { decimalString } from "../../src/core/units.ts";
import { navPerShare } from "../../src/execute/read-account.ts";
import { readHoldings } from "../../src/world/week.ts";
import { useDemoPage } from "./demo-page.ts";
import { factOf, openView } from "./support.ts";

/** {px} Of a leg's row where there is room for all columns. */
const ROW_HEIGHT = 46;

/** The transaction of a made-up leg. */
function hashOf(leg: number): string {
  return `0x${leg.toString(16).padStart(64, "0")}`;
}

describe("the page's views", function () {
  const { demo, visit, linesOf } = useDemoPage();

  async function status() {
    const { market, fund } = demo().world;
    const lens = { address: fund.addresses.lens, abi: vaultLensAbi } as const;
    return market.chain.publicClient.readContract({ ...lens, functionName: "status" });
  }

  /** Lets the server have made-up legs, numbered from the oldest, and tell of blocks now and then; gives the limits asked. */
  async function serveMadeLegs(
    page: Page,
    made: { readonly total: number },
    { blockMs }: { readonly blockMs: number },
  ): Promise<readonly number[]> {
    const { legs } = (await demo().site.get("/api/legs?limit=1")).json() as { legs: Record<string, unknown>[] };
    const asked: number[] = [];
    await page.route("**/api/legs?*", async (route) => {
      const question = new URL(route.request().url()).searchParams;
      const [limit, offset] = [Number(question.get("limit")), Number(question.get("offset") ?? 0)];
      asked.push(limit);
      const count = Math.max(0, Math.min(limit, made.total - offset));
      const numbers = Array.from({ length: count }, (_, i) =>
        question.get("order") === "oldest" ? offset + i + 1 : made.total - offset - i,
      );
      const shown = numbers.map((number) => ({ ...legs[0], sequence: number, transaction: hashOf(number) }));
      await route.fulfill({ json: { total: made.total, legs: shown, next: null } });
    });
    await page.route("**/api/events", (route) =>
      route.fulfill({ contentType: "text/event-stream", body: `retry: ${blockMs}\nevent: block\ndata: {}\n\n` }),
    );
    await page.reload(); // The events are asked for when the page is loaded.
    return asked;
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

    it("reaches any of a hundred thousand legs at once, and draws and asks for those in sight alone", async function () {
      const { page } = await visit("now");
      const asked = await serveMadeLegs(page, { total: 100_000 }, { blockMs: 3_600_000 });
      await openView(page, demo().site.url, "transactions");
      const table = page.getByRole("table", { name: "Legs" });
      await table.press("End");
      await table.locator(`[aria-rowindex="100001"] a[title="${hashOf(1)}"]`).waitFor();
      const atTheEnd = await table.getByRole("row").count();
      await page.evaluate(`document.querySelector(".legs").scrollTop = 50_000 * ${ROW_HEIGHT}`);
      await table.locator(`[aria-rowindex="50002"] a[title="${hashOf(50_000)}"]`).waitFor();

      expect(await table.getAttribute("aria-rowcount")).to.equal("100001");
      expect(atTheEnd).to.be.within(10, 60);
      expect(await table.getByRole("row").count()).to.be.within(10, 60);
      expect(Math.max(...asked)).to.be.at.most(200);
      expect(asked.length).to.be.lessThan(20);
    });

    it("keeps the rows in sight where they are when new legs come above them", async function () {
      const { page } = await visit("now");
      const made = { total: 100_000 };
      await serveMadeLegs(page, made, { blockMs: 1000 });
      await openView(page, demo().site.url, "transactions");
      const table = page.getByRole("table", { name: "Legs" });
      const row = table.locator(".leg", { has: page.locator(`a[title="${hashOf(90_000)}"]`) });
      await table.getByRole("row").nth(5).waitFor();
      await page.evaluate(`document.querySelector(".legs").scrollTop = 9995 * ${ROW_HEIGHT}`);
      await row.waitFor();
      const before = await row.boundingBox();
      made.total = 100_103; // The server tells of a block every few seconds.
      await page.locator('[data-fact="legs"][data-value="100103"]').waitFor();

      await table.locator(`.leg[aria-rowindex="10105"] a[title="${hashOf(90_000)}"]`).waitFor();
      expect(await row.boundingBox()).to.deep.equal(before);
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

    it("says that every code is that of the sources, and that nobody else was asked", async function () {
      const { page } = await visit("rules");
      const contracts = page.getByRole("region", { name: "Contracts" });

      await contracts.getByText("No outside service was asked about the sources").waitFor();
      expect(await contracts.getByText("Code is that of the sources").count()).to.equal(19); // 11 libraries, 8 contracts
    });

    it("shows what was said of a contract with the links, and what cannot be told", async function () {
      const { page } = await visit("now");
      await page.route("**/api/rules", async (route) => {
        const told = (await (await route.fetch()).json()) as { readonly contracts: readonly object[] };
        const [first, ...others] = told.contracts;
        const kinds = { match: "exact_match", creationMatch: null, runtimeMatch: "exact_match" };
        const url = "https://repo.sourcify.dev/8453/0x1";
        const answers = [{ service: "sourcify", ...kinds, url, time: "2025-01-01T00:00:00Z" }];
        const links = { explorer: "https://basescan.org/address/0x1#code", sourcify: url };
        const contracts = [{ ...first, code: "differs", answers, links }, ...others];
        const sources = { state: "unreadable", trouble: "Expected sources.json, found no JSON." };
        await route.fulfill({ json: { ...told, contracts, sources } });
      });
      await openView(page, demo().site.url, "rules");
      const contracts = page.getByRole("region", { name: "Contracts" });

      await contracts.getByText("Code differs from the sources").waitFor();
      await contracts.getByText("What outside services said of the sources cannot be told.").waitFor();
      const said = contracts.getByRole("link", { name: "Sourcify said on 2025-01-01: an exact match" });
      expect(await said.getAttribute("href")).to.equal("https://repo.sourcify.dev/8453/0x1");
      const look = contracts.getByRole("link", { name: "source on the explorer" });
      expect(await look.getAttribute("href")).to.equal("https://basescan.org/address/0x1#code");
    });
  });
});
