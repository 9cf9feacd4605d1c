// Turns Debian's Chromium into pages for tests, or skips the tests where there is none.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from "playwright-core";

import { CHROMIUM, CHROMIUM_FLAGS } from "./chromium.ts";

/** {ms} A wait that long has failed; nothing is measured by it. */
const PATIENCE = Number(process.env["TM100_PATIENCE"] ?? 30_000);

/** A page with what went wrong in it. */
export type Watched = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Refusals of the content security policy, and errors that nothing caught. */
  readonly faults: readonly string[];
  /** Addresses that the page asked, this server's apart. */
  readonly foreign: readonly string[];
};

/** Opens pages; the browser ends with the tests. */
export type TestBrowser = { readonly open: (origin: string, options?: BrowserContextOptions) => Promise<Watched> };

/** A browser for the tests of a `describe`; each test has its own pages. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  let profile: string | undefined;
  const contexts: BrowserContext[] = [];
  before(async function () {
    if (!existsSync(CHROMIUM)) {
      if (process.env["CI"] === "true") throw new TypeError(`Chromium expected at ${CHROMIUM}`);
      return this.skip();
    }
    profile = mkdtempSync(join(tmpdir(), "tm100-chromium-"));
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [...CHROMIUM_FLAGS],
      env: { ...process.env, HOME: profile },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await tellPages(contexts);
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  after(async function () {
    await browser?.close();
    if (profile !== undefined) rmSync(profile, { recursive: true, force: true });
  });
  return {
    open: async (origin, options = {}) => {
      if (browser === undefined) throw new TypeError("the browser is open while tests run");
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE);
      return watched(await context.newPage(), context, origin);
    },
  };
}

/** What a person would have seen when the test failed. */
async function tellPages(contexts: readonly BrowserContext[]): Promise<void> {
  for (const page of contexts.flatMap((context) => context.pages())) {
    console.error(await page.innerText("main").catch(() => "the page shows nothing"));
  }
}

function watched(page: Page, context: BrowserContext, origin: string): Watched {
  const [faults, foreign]: [string[], string[]] = [[], []];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) faults.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith("http") && asked !== origin) foreign.push(request.url());
  });
  return { page, context, faults, foreign };
}
