// Writes pictures of every view to docs/screens: light, dark and on a phone, of the demo's fund on a local chain.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { createPublicClient, http } from "viem";

import { PAGE_FOLDER } from "../src/apps/server/page-folder.ts";
import { serveSite } from "../src/apps/server/server.ts";
import { DEFAULT_PARAMETERS } from "../src/config/schema.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../src/market/simulate.ts";
import { Site } from "../src/site/site.ts";
import { playDemo, prepareNextWeek } from "../src/world/demo.ts";
import type { World } from "../src/world/week.ts";
import { CHROMIUM, CHROMIUM_FLAGS } from "../test/web/chromium.ts";
import { addWallet } from "../test/web/wallet.ts";
import { runScript } from "./run-script.ts";

const ROOT = path.join(import.meta.dirname, "..");
const FOLDER = path.join(ROOT, "docs", "screens");

const VIEWS = ["now", "holdings", "transactions", "performance", "invest", "rules"];
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1040, height: 680 }, colorScheme: "light" },
  dark: { viewport: { width: 1040, height: 680 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 780 }, colorScheme: "light" },
};
/** {byte} A picture that is larger makes the repository heavy. */
const LARGEST = 130_000;
/** {ms} For figures, charts and fonts to settle. */
const SETTLE = 1200;

const HELP = `npm run screens

Plays the demo and writes docs/screens/<view>-<light|dark|phone>.png.
`;

await runScript(HELP, async () => {
  mkdirSync(FOLDER, { recursive: true });
  const world = await playedWorld();
  const rpc = await world.market.chain.serve(0);
  const client = createPublicClient({ transport: http(rpc), cacheTime: 0 });
  const fund = { client, deployment: world.fund.deployment() };
  const site = new Site({ fund, file: ":memory:", data: "simulated", rpc, clock: () => performance.now() });
  await site.refresh();
  while (site.state().market.state === "reading") await new Promise((resolve) => setTimeout(resolve, 100));
  const server = await serveSite({ site, host: "127.0.0.1", port: 0, page: PAGE_FOLDER });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_FLAGS] });
  try {
    for (const [look, options] of Object.entries(LOOKS))
      await takeAll(browser, { look, options, world, rpc, url: server.url });
  } finally {
    await browser.close();
    await server.close();
    await site.close();
    await world.market.close();
  }
  return 0;
});

/** The demo's twenty weeks, and the next one's target. */
async function playedWorld(): Promise<World> {
  const history = simulateMarket(DEFAULT_SIMULATION);
  const script = { history, range: DEMO_WINDOW, parameters: DEFAULT_PARAMETERS, steps: 1 };
  let world: World | undefined;
  for await (const scene of playDemo(script)) ({ world } = scene);
  if (world === undefined) throw new TypeError("the demo plays at least a week");
  await prepareNextWeek(world, script);
  return world;
}

type Taking = {
  readonly look: string;
  readonly options: BrowserContextOptions;
  readonly world: World;
  readonly rpc: string;
  readonly url: string;
};

async function takeAll(browser: Browser, { look, options, world, rpc, url }: Taking): Promise<void> {
  const context = await browser.newContext(options);
  const { accounts } = world.market.chain;
  await addWallet(context, { account: accounts.dave, rpc, chainId: world.fund.deployment().chainId });
  const page = await context.newPage();
  for (const view of VIEWS) {
    await page.goto(`${url}/#/${view}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (view === "invest") await connect(page);
    await page.waitForTimeout(SETTLE);
    const picture = await page.screenshot();
    if (picture.length > LARGEST)
      console.error(`${view}-${look}.png has ${picture.length} bytes, more than ${LARGEST}`);
    writeFileSync(path.join(FOLDER, `${view}-${look}.png`), picture);
  }
  await context.close();
}

async function connect(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect Test Wallet" }).click();
  await page.getByLabel("Amount of USDC").fill("1000");
  await page.evaluate(`document.querySelector('[aria-label="Come or go"]').scrollIntoView()`);
}
