// Facts that the tests of the page share: what a browser remembers of a fund, and how a view is opened.
import type { BrowserContext, Page } from "playwright-core";

import type { Deployment } from "../../src/execute/deployment.ts";
import { CASH } from "../../src/plan/holdings.ts";
import type { SiteAnswer } from "../../src/site/answers/rules.ts";

/** What the server says of a fund's place. */
export function siteOf({ chainId, block, addresses, assets }: Deployment): SiteAnswer {
  const coin = assets.find(({ index }) => index === CASH);
  if (coin === undefined) throw new TypeError("a fund has a deposit coin");
  const { accessManager, oracle, venue, registry, rebalancer, vault, lens, gateway } = addresses;
  return {
    ...{ chainId, block, chain: "local chain", isLocal: true, explorer: null, rpc: null, methodology: "1.2.0" },
    addresses: { accessManager, oracle, venue, registry, rebalancer, vault, lens, gateway },
    coin: { symbol: coin.symbol, token: coin.token, decimals: coin.decimals },
    share: { symbol: "TM100", token: vault, decimals: 18 },
  };
}

/** Makes the pages of a context remember a fund, and a node, as after an earlier visit. */
export async function remember(context: BrowserContext, site: SiteAnswer, rpc?: string): Promise<void> {
  await context.addInitScript(rememberInPage, { site: JSON.stringify(site), rpc });
}

type Memory = { readonly localStorage: { setItem: (key: string, value: string) => void } };

function rememberInPage({ site, rpc }: { readonly site: string; readonly rpc: string | undefined }): void {
  const { localStorage } = globalThis as unknown as Memory;
  localStorage.setItem("tm100.site", site);
  if (rpc !== undefined) localStorage.setItem("tm100.rpc", rpc);
}

/** Opens a view and waits until its title is there. */
export async function openView(page: Page, origin: string, view: string): Promise<void> {
  await page.goto(`${origin}/#/${view}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Runs in the page: what it has fetched. */
export const FETCHED = 'performance.getEntriesByType("resource").map(({ name }) => name).join()';

/** Types the address of a node that the visitor trusts. */
export async function nameNode(page: Page, rpc: string): Promise<void> {
  await page.getByLabel("Address of a node that you trust").fill(rpc);
  await page.getByRole("button", { name: "Use it" }).click();
}

/** What the page says of a fact, exactly. */
export async function factOf(page: Page, name: string): Promise<string> {
  const fact = page.locator(`[data-fact="${name}"]`).first();
  await fact.waitFor();
  return (await fact.getAttribute("data-value")) ?? (await fact.innerText());
}
