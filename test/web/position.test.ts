import { readFileSync } from "node:fs";

import { expect } from "chai";
import { formatUnits } from "viem";

import { formatUsd } from "../../src/apps/web/format.ts";
import { vaultLensAbi } from "../../src/core/abi.ts";
import { useServedFund } from "../world/served-fund.ts";
import { type ServedSite, serveTestSite } from "../world/served-site.ts";
import { useBrowser } from "./browser.ts";
import { PAGE_FOLDER } from "../../src/apps/server/page-folder.ts";
import { factOf, openView } from "./support.ts";
import { addWallet } from "./wallet.ts";

describe("the page's position of an account, with its server", function () {
  const { served } = useServedFund();
  const { open } = useBrowser();
  let site: ServedSite;

  before(async function () {
    site = await serveTestSite(served(), { page: PAGE_FOLDER, isMarketAwaited: false });
  });
  after(async function () {
    await site.close();
  });

  /** The invest view of alice, who paid 100,000 USDC for as many shares and did nothing else. */
  async function visit() {
    const { world, rpc } = served();
    const watched = await open(site.url);
    const { chainId } = world.fund.deployment();
    await addWallet(watched.context, { account: world.market.chain.accounts.alice, rpc, chainId });
    await openView(watched.page, site.url, "invest");
    await watched.page.getByRole("button", { name: "Connect Test Wallet" }).click();
    expect(await factOf(watched.page, "shares")).to.equal("100000");
    return watched;
  }

  it("says what was paid, and gains what the chain says that the shares are worth less that", async function () {
    const { market, fund } = served().world;
    const lens = { address: fund.addresses.lens, abi: vaultLensAbi } as const;
    const { nav, supply } = await market.chain.publicClient.readContract({ ...lens, functionName: "status" });
    const { page } = await visit();
    await page.getByText(/paid 100,000\.00, received 0(\.00)? USDC/).waitFor();

    // Her 100,000 shares of all, in USD, less 100,000 USDC as dollars.
    const gain = Number(formatUnits((nav * 100_000n * 10n ** 18n) / supply, 18)) - 100_000;
    expect(await page.locator(".card", { hasText: "paid 100,000.00" }).innerText()).to.include(formatUsd(gain));
  });

  it("lists what the account did, the newest first, with its amounts", async function () {
    const { page } = await visit();
    const rows = page.getByRole("group", { name: "Your history" }).locator("tbody tr");
    await rows.first().waitFor();
    const cells = await Promise.all((await rows.all()).map((row) => row.locator("td").allInnerTexts()));

    expect(cells.map(([, , coins, shares]) => [coins, shares])).to.deep.equal([
      ["", "100,000.00"],
      ["-100,000.00", ""],
    ]);
  });

  it("gives a file for a tax return with both events", async function () {
    const { page, faults } = await visit();
    const arriving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Tax CSV" }).click();
    const rows = readFileSync(await (await arriving).path(), "utf8")
      .trim()
      .split("\r\n");

    expect(rows.map((row) => row.split(",").slice(1, 4))).to.deep.equal([
      ["event", "coins", "shares"],
      ["DepositRequested", "-100000", ""],
      ["DepositClaimed", "", "100000"],
    ]);
    expect(faults).to.deep.equal([]);
  });
});
