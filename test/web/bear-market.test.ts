import { expect } from "chai";
import { erc20Abi } from "viem";

import { DAY } from "../../src/core/time.ts";
import { tokenUnits, unixSeconds } from "../../src/core/units.ts";
import { contractsOf } from "../../src/execute/contracts.ts";
import { strikeInStablecoins } from "../../src/execute/strike.ts";
import { openFund } from "../../src/world/fund.ts";
import { startMarket } from "../../src/world/market.ts";
import { type World, senderOf } from "../../src/world/week.ts";
import { COINS, MONDAY } from "../world/support.ts";
import { useBrowser } from "./browser.ts";
import { type StaticPage, serveStaticPage } from "./static-page.ts";
import { factOf, openView, remember, siteOf } from "./support.ts";
import { addWallet } from "./wallet.ts";

const USDC = 10n ** 6n;
/** {1} What is stated is never less than what is used, and at most so much of it is not. */
const MARGIN = 0.5;
const RISKS = "I have read what can go wrong";

describe("the page's invest view while the fund is in stablecoins", function () {
  const { open } = useBrowser();
  let world: World;
  let rpc: string;
  let site: StaticPage;

  before(async function () {
    const market = await startMarket({ at: unixSeconds(MONDAY - 1.5 * DAY), coins: COINS });
    world = { market, fund: await openFund(market) };
    await market.give("usd-coin", market.chain.accounts.dave.address, tokenUnits(10_000n * USDC));
    await market.give("usd-coin", market.chain.accounts.carol.address, tokenUnits(10_000n * USDC));
    rpc = await market.chain.serve(0);
    site = await serveStaticPage();
  });
  after(async function () {
    await site.close();
    await world.market.close();
  });

  async function visit(name: "carol" | "dave") {
    const deployment = world.fund.deployment();
    const watched = await open(site.origin);
    await remember(watched.context, siteOf(deployment));
    const setup = { account: world.market.chain.accounts[name], rpc, chainId: deployment.chainId };
    const wallet = await addWallet(watched.context, setup);
    await openView(watched.page, site.origin, "invest");
    await watched.page.getByRole("button", { name: "Connect Test Wallet" }).click();
    return { ...watched, wallet };
  }

  async function sharesOf(name: "carol" | "dave"): Promise<bigint> {
    const { chain } = world.market;
    const { vault } = contractsOf(world.fund.deployment());
    return chain.publicClient.readContract({
      ...{ address: vault.address, abi: erc20Abi, functionName: "balanceOf" },
      args: [chain.accounts[name].address],
    });
  }

  it("leads from a request to the claim, and from the shares back to the money", async function () {
    const { page, faults } = await visit("carol");
    const strike = async (): Promise<void> => {
      await strikeInStablecoins({ ...senderOf(world, "stranger"), deployment: world.fund.deployment() });
    };
    await page.getByLabel("Amount of USDC").fill("2000");
    await page.getByLabel("How").selectOption("request");
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Request the deposit" }).click();
    await page.getByText("You asked to deposit 2,000.00 USDC").waitFor();
    await strike();
    await page.reload();
    await page.getByRole("button", { name: "Claim the shares" }).click();
    await page.getByText("You have 2,000.00 TM100 more.").waitFor(); // the first share is worth a dollar
    expect(await sharesOf("carol")).to.equal(2000n * 10n ** 18n);

    await page.getByRole("tab", { name: "Redeem" }).click();
    await page.getByLabel("Shares to give").fill("500");
    await page.getByLabel("How").selectOption("request");
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Request the redemption" }).click();
    await page.getByText("You gave 500.00 TM100").waitFor();
    await strike();
    await page.reload();
    await page.getByRole("button", { name: "Claim the money" }).click();
    await page.getByText("You have 500.00 USDC more.").waitFor(); // no swing in bear before a first trade
    expect(await factOf(page, "shares")).to.equal("1500");
    expect(faults).to.deep.equal([]);
  });

  it("deposits at once by a signed permit and one transaction, and redeems at once", async function () {
    const { page, wallet } = await visit("dave");
    await page.getByLabel("Amount of USDC").fill("1000");
    await page.getByText("At least, or nothing happens").waitFor();
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Deposit now" }).click();
    await page.getByText("You deposited 1,000.00 USDC.").waitFor();
    expect(wallet.signed).to.deep.equal(["typed data", "transaction"]);
    const shares = await sharesOf("dave");
    expect(shares > 0n).to.equal(true);

    await page.getByRole("tab", { name: "Redeem" }).click();
    await page.getByRole("button", { name: /^All: [1-9]/ }).click();
    await page.getByRole("button", { name: "Redeem now" }).click();
    await page.getByText(/You redeemed/).waitFor();
    expect(wallet.signed).to.deep.equal(["typed data", "transaction", "typed data", "transaction"]);
    expect(await sharesOf("dave")).to.equal(0n);
  });

  /** {gas} Of all transactions after a block. */
  async function gasSince(block: bigint): Promise<number> {
    const { publicClient } = world.market.chain;
    const last = await publicClient.getBlockNumber();
    const numbers = Array.from({ length: Number(last - block) }, (_, i) => block + 1n + BigInt(i));
    const blocks = await Promise.all(numbers.map((blockNumber) => publicClient.getBlock({ blockNumber })));
    return blocks.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0);
  }

  it("states the gas of each action: never less than it takes, and not much more", async function () {
    const { page } = await visit("dave");
    const found: Record<string, readonly [stated: number, used: number]> = {};
    /** Presses a button of a form or card, beside which the gas is stated. */
    const press = async (name: string, done: RegExp): Promise<void> => {
      const button = page.getByRole("button", { name });
      const words = await page.locator("form, section").filter({ has: button }).last().innerText();
      const stated = Number(/([\d,]+) gas:/.exec(words)?.[1]?.replaceAll(",", ""));
      const block = await world.market.chain.publicClient.getBlockNumber();
      await button.click();
      await page.getByText(done).waitFor();
      found[name] = [stated, await gasSince(block)];
    };
    await page.getByLabel("Amount of USDC").fill("1000");
    await page.getByLabel(RISKS).check();
    await press("Deposit now", /You deposited 1,000.00 USDC/);
    await page.getByLabel("How").selectOption("request");
    await press("Request the deposit", /You asked to deposit/); // with the approval
    await press("Take it back", /You took 1,000.00 USDC back/);
    await page.getByRole("tab", { name: "Redeem" }).click();
    await page.getByLabel("Shares to give").fill("100");
    await press("Redeem now", /You redeemed 100/);

    console.log(
      `      gas ${Object.entries(found)
        .map(([name, [stated, used]]) => `${name}: ${used} of ${stated}`)
        .join(", ")}`,
    );
    for (const [name, [stated, used]] of Object.entries(found)) {
      expect(used, name).to.be.within(MARGIN * stated, stated);
    }
  });

  it("sends nothing when the permit is rejected", async function () {
    const { page, wallet } = await visit("dave");
    wallet.isRejecting = true;
    await page.getByLabel("Amount of USDC").fill("1000");
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Deposit now" }).click();

    await page.getByText("You rejected it in your wallet. Nothing was sent.").waitFor();
  });
});
