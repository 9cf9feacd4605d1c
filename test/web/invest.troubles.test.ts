// Tests of what a depositor can meet between the click and the block, and of a server that names another fund.
import { expect } from "chai";
import type { Page } from "playwright-core";
import { erc20Abi } from "viem";

import { contractsOf } from "../../src/execute/contracts.ts";
import type { SiteAnswer } from "../../src/site/answers/rules.ts";
import { useServedFund } from "../world/served-fund.ts";
import { useBrowser } from "./browser.ts";
import { type StaticPage, serveStaticPage } from "./static-page.ts";
import { factOf, openView, remember, siteOf } from "./support.ts";
import { type WalletBehavior, addWallet } from "./wallet.ts";

const USDC = 10n ** 6n;
const RISKS = "I have read what can go wrong";

describe("the page's invest view when something gets in between", function () {
  const { served } = useServedFund();
  const { open } = useBrowser();
  let static_: StaticPage;

  before(async function () {
    static_ = await serveStaticPage();
  });
  after(async function () {
    await static_.close();
  });

  /** Carol's view of a fund at the addresses that the server names. */
  async function visit(change: (site: SiteAnswer) => SiteAnswer = (site) => site) {
    const { world, rpc } = served();
    const deployment = world.fund.deployment();
    const watched = await open(static_.origin);
    await remember(watched.context, change(siteOf(deployment)));
    const setup = { account: world.market.chain.accounts.carol, rpc, chainId: deployment.chainId };
    const wallet = await addWallet(watched.context, setup);
    await openView(watched.page, static_.origin, "invest");
    await watched.page.getByRole("button", { name: "Connect Test Wallet" }).click();
    return { ...watched, wallet };
  }

  async function requestDeposit(page: Page): Promise<void> {
    await page.getByLabel("Amount of USDC").fill("1000");
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Request the deposit" }).click();
  }

  async function pendingDeposits(): Promise<bigint> {
    const { world } = served();
    const { vault } = contractsOf(world.fund.deployment());
    return world.market.chain.publicClient.readContract({ ...vault, functionName: "depositsPending" });
  }

  /** {tok} That the vault may take of carol. */
  async function allowance(): Promise<bigint> {
    const { world } = served();
    const { vault } = contractsOf(world.fund.deployment());
    const { accounts, publicClient } = world.market.chain;
    const token = { address: siteOf(world.fund.deployment()).coin.token as `0x${string}`, abi: erc20Abi };
    const args = [accounts.carol.address, vault.address] as const;
    return publicClient.readContract({ ...token, functionName: "allowance", args });
  }

  /** Does something in the wallet as soon as the page waits for the second signature. */
  async function betweenSignatures(page: Page, wallet: WalletBehavior, act: () => void): Promise<void> {
    const { signed } = wallet;
    Object.assign(wallet, {
      signed: Object.assign(signed, {
        push: (what: string) => {
          act();
          return Array.prototype.push.call(signed, what);
        },
      }),
    });
    await requestDeposit(page);
  }

  it("offers nothing more once the server changes its word on where the fund is", async function () {
    const { page, context } = await visit();
    await page.getByRole("button", { name: "Request the deposit" }).waitFor();
    const told = siteOf(served().world.fund.deployment());
    const changed = { ...told, coin: { ...told.coin, decimals: 8 } };
    await page.route("**/api/site", (route) => route.fulfill({ json: changed }));
    await context.setOffline(true); // The page asks again once it is back on the net.
    await context.setOffline(false);

    await page.getByText("Coin and shares have 6 and 18 decimals, by this page's server 8 and 18.").waitFor();
    expect(await page.getByRole("button", { name: "Request the deposit" }).count()).to.equal(0);
  });

  it("goes on where a closed tab left it after the approval", async function () {
    const first = await visit();
    await betweenSignatures(first.page, first.wallet, () => {
      first.wallet.isRejecting = true;
    });
    await first.page.getByText("You rejected it in your wallet. Nothing was sent.").waitFor();
    await first.page.close();
    expect(await allowance()).to.equal(1000n * USDC);

    const { page, wallet } = await visit();
    await requestDeposit(page);
    await page.getByText("You asked to deposit 1,000.00 USDC").waitFor();
    expect(wallet.signed).to.deep.equal(["transaction"]);
  });

  it("asks for nothing more when the wallet has gone to another account meanwhile", async function () {
    const before = await pendingDeposits();
    const { page, wallet } = await visit();
    await betweenSignatures(page, wallet, () => {
      wallet.account = served().world.market.chain.accounts.dave;
    });
    await page.getByText("Your wallet is at another account now").waitFor();

    expect(wallet.signed).to.deep.equal(["transaction"]);
    expect(await pendingDeposits()).to.equal(before);
  });

  it("asks for nothing more when the wallet has gone to another network meanwhile", async function () {
    const { page, wallet } = await visit();
    await betweenSignatures(page, wallet, () => {
      wallet.chainId = 1;
    });
    await page.getByText("Your wallet is on another network than the fund.").waitFor();

    expect(wallet.signed).to.deep.equal(["transaction"]);
  });

  it("does not take the block of a cancellation for that of the deposit", async function () {
    const before = await pendingDeposits();
    const { page, wallet } = await visit();
    wallet.isCancelling = true;
    await requestDeposit(page);
    await page.getByText("was cancelled in the wallet. Nothing of it happened").waitFor();

    expect(await pendingDeposits()).to.equal(before);
    expect(await allowance()).to.equal(0n);
  });

  it("waits for a node that knows the approval later than the one that took it", async function () {
    const { page, wallet } = await visit();
    await factOf(page, "coins");
    wallet.lagAfterSending = 4; // whatever is read first
    await requestDeposit(page);

    await page.getByText("You asked to deposit 1,000.00 USDC").waitFor();
  });

  it("asks once for two clicks", async function () {
    const { page, wallet } = await visit();
    await page.getByLabel("Amount of USDC").fill("1000");
    await page.getByLabel(RISKS).check();
    await page.getByRole("button", { name: "Request the deposit" }).dblclick();
    await page.getByText("You asked to deposit 1,000.00 USDC").waitFor();

    expect(wallet.signed).to.deep.equal(["transaction", "transaction"]); // the approval, and the request
  });

  it("shows the name of a second wallet as text, whatever it is", async function () {
    const { page, context, faults } = await visit();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await context.addInitScript({ content: SECOND_WALLET });
    await page.reload();
    const buttons = page.getByRole("button", { name: /^Connect / });
    await buttons.nth(1).waitFor();

    expect((await buttons.allInnerTexts()).toSorted()).to.deep.equal(["Connect <img src=x>", "Connect Test Wallet"]);
    expect([await page.locator("main img").count(), faults]).to.deep.equal([0, []]);
  });

  describe("when the server names", function () {
    const lies: Readonly<Record<string, readonly [(site: SiteAnswer) => SiteAnswer, string]>> = {
      // The lens names vault and rebalancer as a gateway does: only its code tells.
      "a gateway that says it is one": [
        (site) => ({ ...site, addresses: { ...site.addresses, gateway: site.addresses.lens } }),
        "is not the gateway that this page knows",
      ],
      "a vault that is none": [
        (site) => ({ ...site, addresses: { ...site.addresses, vault: site.coin.token } }),
        "Expected a fund of this kind around the vault",
      ],
      "another coin": [(site) => ({ ...site, coin: { ...site.coin, token: site.addresses.vault } }), "(asset)"],
      "a coin of other decimals": [(site) => ({ ...site, coin: { ...site.coin, decimals: 18 } }), "decimals"],
    };
    for (const [name, [change, words]] of Object.entries(lies)) {
      it(`${name}, it says so and offers nothing to sign`, async function () {
        const { page, wallet } = await visit(change);
        const alert = page.getByRole("alert");
        await alert.getByText("Nothing is offered for signing").waitFor();

        expect(await alert.innerText()).to.include(words);
        expect(await page.locator("form.form").count()).to.equal(0);
        expect(wallet.signed).to.deep.equal([]);
      });
    }
  });
});

/** Runs in the page. */
const SECOND_WALLET = `
  const info = { uuid: "0d7f6f3b-5b0a-4c8e-9d55-9a5f7c1e7a10", name: "<img src=x>", icon: "data:,", rdns: "example.second" };
  const provider = { request: () => Promise.reject(new Error("not asked")), on: () => {}, removeListener: () => {} };
  const say = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  addEventListener("eip6963:requestProvider", say);
  say();`;
