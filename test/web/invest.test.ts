import { expect } from "chai";
import type { Page } from "playwright-core";
import { type Address, erc20Abi } from "viem";

import { DAY, WEEK } from "../../src/core/time.ts";
import { unixSeconds } from "../../src/core/units.ts";
import { contractsOf } from "../../src/execute/contracts.ts";
import { requestDeposit } from "../../src/execute/depositor.ts";
import { send } from "../../src/execute/send.ts";
import type { AccountName } from "../../src/world/dev-accounts.ts";
import { senderOf } from "../../src/world/week.ts";
import { useServedFund } from "../world/served-fund.ts";
import { NEXT_MONDAY } from "../world/support.ts";
import { useBrowser } from "./browser.ts";
import { type StaticPage, serveStaticPage } from "./static-page.ts";
import { factOf, openView, remember, siteOf } from "./support.ts";
import { addWallet } from "./wallet.ts";

const USDC = 10n ** 6n;
const RISKS = "I have read what can go wrong";

describe("the page's invest view", function () {
  const { served } = useServedFund();
  const { open } = useBrowser();
  let site: StaticPage;

  before(async function () {
    site = await serveStaticPage();
  });
  after(async function () {
    await site.close();
  });

  /** The view with a wallet of an account, whose wallet may stand on another chain. */
  async function visit(name: AccountName, chainId?: number) {
    const { world, rpc } = served();
    const deployment = world.fund.deployment();
    const watched = await open(site.origin);
    await remember(watched.context, siteOf(deployment));
    const setup = { account: world.market.chain.accounts[name], rpc, chainId: deployment.chainId };
    const wallet = await addWallet(watched.context, setup);
    if (chainId !== undefined) wallet.chainId = chainId;
    await openView(watched.page, site.origin, "invest");
    await watched.page.getByRole("button", { name: "Connect Test Wallet" }).click();
    return { ...watched, wallet };
  }

  async function vaultRead(functionName: "depositsPending" | "totalSupply"): Promise<bigint> {
    const { world } = served();
    const { vault } = contractsOf(world.fund.deployment());
    return world.market.chain.publicClient.readContract({ ...vault, functionName });
  }

  async function asGuardian(functionName: "pauseDeposits" | "lowerDepositCap", argument: bigint): Promise<void> {
    const { world } = served();
    const { vault } = contractsOf(world.fund.deployment());
    await send(senderOf(world, "guardian"), { ...vault, functionName, args: [argument], action: functionName });
  }

  async function typeDeposit(page: Page, amount: string): Promise<void> {
    await page.getByLabel("Amount of USDC").fill(amount);
    await page.getByLabel(RISKS).check();
  }

  it("finds the wallet that announces itself, and shows what the chain says of its account", async function () {
    const { page } = await visit("carol");

    expect(await factOf(page, "coins")).to.equal("5,000.00 USDC");
    expect(await factOf(page, "shares")).to.equal("0");
  });

  it("asks the wallet alone: no third party, and nothing that the policy refuses", async function () {
    const { page, foreign, faults } = await visit("carol");
    await factOf(page, "coins");

    expect(foreign).to.deep.equal([]);
    expect(faults).to.deep.equal([]);
  });

  it("shows every cost, and offers no signature before the risks were read", async function () {
    const { page } = await visit("carol");
    await page.getByLabel("Amount of USDC").fill("1000");
    const button = page.getByRole("button", { name: "Request the deposit" });

    const form = page.locator("form").filter({ has: button });
    for (const cost of ["Swing, kept by the fund", "Expected trading cost", "Management fee", "Gas, about", "Priced"]) {
      expect(await form.innerText()).to.include(cost);
    }
    expect(await button.isDisabled()).to.equal(true);
    await page.getByLabel(RISKS).check();
    expect(await button.isDisabled()).to.equal(false);
  });

  it("shows the gas that the wallet's node estimates for the very call, and where the call goes", async function () {
    const { world } = served();
    const { chain } = world.market;
    const { vault } = contractsOf(world.fund.deployment());
    const owner = chain.accounts.alice.address;
    const shares = 1000n * 10n ** 18n;
    const redeem = { ...vault, functionName: "requestRedeem", args: [shares, owner, owner], account: owner } as const;
    const leave = { ...vault, functionName: "redeemInKind", account: owner } as const;
    const gasOf = async (page: Page): Promise<string> => {
      await page.getByLabel("Shares to give").fill("1000");
      await page.getByText("Gas, estimated by your wallet's node").waitFor();
      const text = await page.locator("form .facts").innerText();
      expect(text).to.include(`vault ${vault.address}`);
      return /([\d,]+) gas:/.exec(text)?.[1]?.replaceAll(",", "") ?? "";
    };
    const { page } = await visit("alice");

    await page.getByRole("tab", { name: "Redeem" }).click();
    expect(await gasOf(page)).to.equal(String(await chain.publicClient.estimateContractGas(redeem)));
    await page.getByRole("tab", { name: "Leave in kind" }).click();
    const all = await chain.publicClient.estimateContractGas({ ...leave, args: [shares, owner, owner, [], []] });
    expect(await gasOf(page)).to.equal(String(all));
  });

  it("approves and requests a deposit, follows it, and takes it back", async function () {
    const { page, wallet } = await visit("carol");
    const before = await vaultRead("depositsPending");
    await typeDeposit(page, "1000");
    await page.getByRole("button", { name: "Request the deposit" }).click();
    await page.getByText("You asked to deposit 1,000.00 USDC").waitFor();

    expect(wallet.signed).to.deep.equal(["transaction", "transaction"]); // the approval, and the request
    expect(await vaultRead("depositsPending")).to.equal(before + 1000n * USDC);
    await page.getByText("Can be taken back until 2021-09-20 00:00 UTC").waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("You took 1,000.00 USDC back").waitFor();
    expect(await vaultRead("depositsPending")).to.equal(before);
  });

  it("takes a deposit by keyboard alone, says what is missing, and keeps the focus where it was", async function () {
    const { page } = await visit("carol");
    await page.getByLabel("Amount of USDC").focus();
    const focused = "document.activeElement.textContent || document.activeElement.type";
    await page.keyboard.type("1000");
    await page.keyboard.press("Enter");
    await page.getByText("Tick first: “I have read what can go wrong").waitFor();

    await page.keyboard.press("Tab");
    expect(await page.evaluate(focused)).to.equal("checkbox");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(focused)).to.equal("Request the deposit");
    await page.keyboard.press("Enter");
    await page.getByText("You asked to deposit 1,000.00 USDC").waitFor();
    expect(await page.evaluate(focused)).to.equal("Request the deposit");
    expect(await page.getByText("Tick first").count()).to.equal(0);
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("You took 1,000.00 USDC back").waitFor();
  });

  it("says that a deposit is more than the account has", async function () {
    const { page } = await visit("carol");
    await typeDeposit(page, "5000.01");

    await page.getByText("Your account has 5,000.00 USDC, less than the 5,000.01 USDC").waitFor();
    expect(await page.getByRole("button", { name: "Request the deposit" }).isDisabled()).to.equal(true);
  });

  it("says that a signature was rejected, and that nothing was sent", async function () {
    const { page, wallet } = await visit("carol");
    wallet.isRejecting = true;
    await typeDeposit(page, "1000");
    await page.getByRole("button", { name: "Request the deposit" }).click();

    await page.getByText("You rejected it in your wallet. Nothing was sent.").waitFor();
    expect(wallet.signed).to.deep.equal([]);
  });

  it("says that the wallet is on another network, and switches it", async function () {
    const { page } = await visit("carol", 1);
    await page.getByText("Your wallet is on another network.").waitFor();

    await page.getByRole("button", { name: "Switch to local chain" }).click();
    expect(await factOf(page, "coins")).to.equal("5,000.00 USDC");
  });

  it("says that deposits are paused, also when that happens before the click", async function () {
    const { page } = await visit("carol");
    await typeDeposit(page, "1000");
    await asGuardian("pauseDeposits", BigInt(DAY));
    await page.getByRole("button", { name: "Request the deposit" }).click();
    await page
      .locator('[data-progress="failed"]')
      .getByText("The guardian has paused deposits until 2021-09-14")
      .waitFor();

    await page.locator('button[aria-disabled="true"]', { hasText: "Request the deposit" }).waitFor(); // read anew
  });

  it("says how much room the cap leaves", async function () {
    // Bob's 50,000 wait beside a fund of about 100,000: a cap of 151,000 leaves less than 2,000.
    await asGuardian("lowerDepositCap", 151_000n * 10n ** 18n);
    const { page } = await visit("carol");
    await typeDeposit(page, "5000");

    await page.getByText(/The fund's cap leaves room for 1,\d{3}\.\d+ USDC/).waitFor();
  });

  it("says that a request whose week has ended can no longer be taken back", async function () {
    const { page } = await visit("bob");

    await page.getByText("Its week has ended: it can no longer be taken back").waitFor();
    expect(await page.getByRole("button", { name: "Take it back" }).isDisabled()).to.equal(true);
  });

  it("says so as well when the week ends before the click", async function () {
    const { world } = served();
    const deployment = world.fund.deployment();
    await requestDeposit({ ...senderOf(world, "carol"), deployment }, 1000n * USDC);
    const { page } = await visit("carol");
    const button = page.getByRole("button", { name: "Take it back" });
    await button.waitFor();
    await world.market.chain.advanceTo(unixSeconds(NEXT_MONDAY + WEEK + 1));
    await button.click();

    await page.getByText("The week of this request has ended").waitFor();
  });

  it("leaves in kind with the tokens that are chosen", async function () {
    const { world } = served();
    const { chain } = world.market;
    const owner = chain.accounts.alice.address;
    const balance = (token: Address) =>
      chain.publicClient.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [owner] });
    const [link, weth] = [world.market.coin("chainlink").token, world.market.weth];
    const before = await vaultRead("totalSupply");
    const { page } = await visit("alice");
    await page.getByRole("tab", { name: "Leave in kind" }).click();
    await page.getByLabel("Shares to give").fill("1000");
    await page.locator(".parts").getByRole("checkbox", { name: "LINK" }).uncheck();
    await page.getByText(/You give up for good/).waitFor();
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Leave in kind" }).click();
    await page.getByText(/You left with 1,000.00 TM100/).waitFor();

    expect(await vaultRead("totalSupply")).to.equal(before - 1000n * 10n ** 18n);
    expect(await balance(link)).to.equal(0n);
    expect((await balance(weth)) > 0n).to.equal(true);
  });
});
