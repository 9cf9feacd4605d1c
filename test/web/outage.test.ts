import { expect } from "chai";

import { vaultLensAbi } from "../../src/core/abi.ts";
import { decimalString } from "../../src/core/units.ts";
import { PAGE_FOLDER } from "../../src/apps/server/page-folder.ts";
import { serveTestSite } from "../world/served-site.ts";
import { useDemoPage } from "./demo-page.ts";
import { FETCHED, factOf, nameNode, openView } from "./support.ts";

const OTHER_VIEWS = ["holdings", "transactions", "performance", "invest", "rules"];

describe("the page without its server's API", function () {
  const { demo, open, visit } = useDemoPage();

  async function status() {
    const { market, fund } = demo().world;
    const lens = { address: fund.addresses.lens, abi: vaultLensAbi } as const;
    return market.chain.publicClient.readContract({ ...lens, functionName: "status" });
  }

  it("shows what the chain alone tells through a node that the visitor names, and says so", async function () {
    const { page } = await visit("now");
    await factOf(page, "navUsd");
    await page.route("**/api/**", (route) => route.abort());
    await page.reload();
    await page.getByText("This page's server does not answer.").waitFor();
    await nameNode(page, demo().rpc);
    const { nav } = await status();

    expect(await factOf(page, "navUsd")).to.equal(decimalString(nav, 18));
    await page.getByText("You see what the chain alone can tell").waitFor();
    for (const view of OTHER_VIEWS) {
      await openView(page, demo().site.url, view);
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      expect(await page.getByText("could not be").count(), view).to.equal(0);
    }
  });

  it("has its other views and the way to the chain when the whole server dies later", async function () {
    const { page } = await visit("now");
    for (const part of ["rules", "holdings", "prove-through", "read-publication"]) {
      while (!(await page.evaluate<string>(FETCHED)).includes(`/${part}-`)) await page.waitForTimeout(100);
    }
    await page.route(`${demo().site.url}/**`, (route) => route.abort());
    await page.getByRole("link", { name: "Rules" }).click();
    await page.getByText("This page's server does not answer.").waitFor();
    await nameNode(page, demo().rpc);
    await page.getByText("You see what the chain alone can tell").waitFor();

    await page.getByRole("group", { name: "Roles" }).waitFor();
    await page.getByRole("link", { name: "Holdings" }).click();
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    await page.getByRole("row").nth(3).waitFor();
    expect(await page.getByRole("row").count()).to.be.above(3);
  });

  for (const view of ["now", ...OTHER_VIEWS]) {
    it(`keeps what it shows under ${view} when the server ends meanwhile, and says of when it is`, async function () {
      const { rpc, world } = demo();
      const own = await serveTestSite({ rpc, world }, { page: PAGE_FOLDER, isMarketAwaited: false });
      let isOpen = true;
      try {
        const { page, faults } = await open(own.url);
        await openView(page, own.url, view);
        await page.locator("main .skeleton").first().waitFor({ state: "detached" });
        const shown = await page.getByRole("main").locator("h2").allInnerTexts();
        expect(await page.getByText("This page's server does not answer.").count()).to.equal(0);
        await own.close();
        isOpen = false;
        await page.getByText("This page's server does not answer.").waitFor();

        await page
          .getByText(/What the server told before stays in sight and is of 20\d\d-.* UTC at the latest/)
          .waitFor();
        expect(await page.getByRole("main").locator("h2").allInnerTexts()).to.deep.equal(shown);
        expect(faults).to.deep.equal([]);
      } finally {
        if (isOpen) await own.close();
      }
    });
  }

  it("proves the record when the whole server died after the page was opened", async function () {
    const { rpc, world } = demo();
    const own = await serveTestSite({ rpc, world }, { page: PAGE_FOLDER, isMarketAwaited: false });
    const { page } = await open(own.url);
    await openView(page, own.url, "transactions?tab=proof");
    while (!(await page.evaluate<string>(FETCHED)).includes("/worker-")) await page.waitForTimeout(100);
    await own.close();
    await nameNode(page, rpc);
    await page.getByRole("button", { name: "Prove it" }).click();

    await page.getByText(`All ${demo().lines.length} lines are there, unchanged and in their order.`).waitFor();
  });

  it("reads roles and caps from the chain, and says what the chain does not hold", async function () {
    const { page } = await visit("rules");
    await page.getByRole("group", { name: "Roles" }).waitFor();
    const served = await page.getByRole("group", { name: "Roles" }).innerText();
    await page.route("**/api/**", (route) => route.abort());
    await page.reload();
    await nameNode(page, demo().rpc);
    await page.getByText("You see what the chain alone can tell").waitFor();
    const assets = page.getByRole("group", { name: "Listed assets" });
    const bitcoin = assets.locator("tbody tr", { hasText: "bitcoin" }).first();

    expect(await page.getByRole("group", { name: "Roles" }).innerText()).to.equal(served);
    expect(await bitcoin.locator("td").nth(3).innerText()).to.equal("80 %"); // TargetCaps.sol
    expect(await bitcoin.locator("td").last().innerText()).to.equal("Unknown");
    await page.getByText("Unknown: whether the code is that of the sources").waitFor();
    await page.getByText("Parameters in force").click();
    await page.getByText("Unknown: the chain does not hold them.").waitFor();
  });
});
