// A server with the page over the demo's twenty weeks, and what the chain itself says of them.
import type { BrowserContextOptions } from "playwright-core";

import { DEFAULT_PARAMETERS } from "../../src/config/schema.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../../src/market/simulate.ts";
import { fetchLedger } from "../../src/record/ledger.ts";
import type { LedgerLine } from "../../src/record/lines.ts";
import { playDemo } from "../../src/world/demo.ts";
import type { World } from "../../src/world/week.ts";
import { type ServedSite, serveTestSite } from "../world/served-site.ts";
import { type TestBrowser, type Watched, useBrowser } from "./browser.ts";
import { PAGE_FOLDER } from "../../src/apps/server/page-folder.ts";
import { openView } from "./support.ts";

/** The demo's fund behind the page. */
export type ServedDemo = {
  readonly world: World;
  readonly rpc: string;
  readonly site: ServedSite;
  /** The whole ledger, as the chain has it. */
  readonly lines: readonly LedgerLine[];
};

/** The tests' way to it. */
export type DemoPage = {
  readonly demo: () => ServedDemo;
  readonly open: TestBrowser["open"];
  /** A view in a browser that was never here. */
  readonly visit: (view: string, options?: BrowserContextOptions) => Promise<Watched>;
  /** Lines of some kinds, oldest first. */
  readonly linesOf: (...events: readonly LedgerLine["event"][]) => LedgerLine[];
};

/** Plays the history once for the tests of a `describe`, which only read. */
export function useDemoPage(): DemoPage {
  const { open } = useBrowser();
  let served: ServedDemo | undefined;
  before(async function () {
    served = await serveDemo();
  });
  after(async function () {
    await served?.site.close();
    await served?.world.market.close();
  });
  const demo = (): ServedDemo => {
    if (served === undefined) throw new TypeError("the demo is served while tests run");
    return served;
  };
  const visit = async (view: string, options: BrowserContextOptions = {}): Promise<Watched> => {
    const { url } = demo().site;
    const watched = await open(url, options);
    await openView(watched.page, url, view);
    return watched;
  };
  return { demo, open, visit, linesOf: (...events) => demo().lines.filter(({ event }) => events.includes(event)) };
}

async function serveDemo(): Promise<ServedDemo> {
  const history = simulateMarket(DEFAULT_SIMULATION);
  const script = { history, range: DEMO_WINDOW, parameters: DEFAULT_PARAMETERS, steps: 1 };
  let world: World | undefined;
  for await (const scene of playDemo(script)) ({ world } = scene);
  if (world === undefined) throw new TypeError("the demo plays at least a week");
  const rpc = await world.market.chain.serve(0);
  const site = await serveTestSite({ rpc, world }, { page: PAGE_FOLDER });
  const { chainId, addresses, block } = world.fund.deployment();
  const client = world.market.chain.publicClient;
  const { lines } = await fetchLedger({ client, chainId, vault: addresses.vault, fromBlock: BigInt(block) });
  return { world, rpc, site, lines };
}
