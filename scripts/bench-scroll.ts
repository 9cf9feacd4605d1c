// Turns a served list of legs into how smoothly a browser scrolls through it: time of a frame, rows drawn, memory.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type Page, chromium } from "playwright-core";

import { PAGE_FOLDER } from "../src/apps/server/page-folder.ts";
import { linearQuantile } from "../src/core/statistics.ts";
import { CHROMIUM, CHROMIUM_FLAGS } from "../test/web/chromium.ts";

/** {px} Scrolled in a frame, and for how many frames at most. */
type Move = { readonly step: number; readonly frames: number };

/** A swift look through the list, 780 rows a second at 60 frames, and a drag of the scroll bar, 5,200 rows a second. */
const LOOK: Move = { step: 600, frames: 400 };
const DRAG: Move = { step: 4000, frames: 20_000 };
/** {ms} A wait that long has failed. */
const PATIENCE = 60_000;
const MIB = 2 ** 20;

/** How a move through the list went. */
export type Moved = {
  readonly frames: number;
  /** {ms} From one frame to the next. */
  readonly frameMs: { readonly median: number; readonly p95: number; readonly longest: number };
  /** Frames in which a row in sight was still on its way. */
  readonly awaitedFrames: number;
};

/** How the list went. */
export type Scrolled = {
  readonly legs: number;
  readonly look: Moved;
  /** From there to the last leg. */
  readonly drag: Moved;
  /** Rows in the page when there were most of them, and all elements. */
  readonly mostRows: number;
  readonly mostElements: number;
  /** {ms} From the key "End" on the first row to the last leg's row. */
  readonly endKeyMs: number;
  /** {MiB} Of the page's objects after it was at the first and at the last leg. */
  readonly heapMib: { readonly before: number; readonly after: number };
};

/** Why no list can be scrolled here; undefined when it can. */
export function scrollHindrance(): string | undefined {
  if (!existsSync(CHROMIUM)) return `no Chromium at ${CHROMIUM}; name one by TM100_CHROMIUM`;
  return existsSync(path.join(PAGE_FOLDER, "index.html")) ? undefined : "the page is not built; run npm run build";
}

/** Scrolls from the first leg to the last in a browser of its own, then jumps there at once. */
export async function scrollLegs(url: string): Promise<Scrolled> {
  const profile = mkdtempSync(path.join(tmpdir(), "tm100-scroll-"));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...CHROMIUM_FLAGS],
    env: { ...process.env, HOME: profile },
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const before = await openedLegs(page, url);
    const look = await page.evaluate(scrollInPage, LOOK);
    const drag = await page.evaluate(scrollInPage, DRAG);
    const after = await heapOf(page);
    await openedLegs(page, url);
    const endKeyMs = await pressEnd(page, drag.legs);
    const { legs, mostRows, mostElements } = drag;
    const moves = { look: movedOf(look), drag: movedOf(drag) };
    return { legs, ...moves, mostRows, mostElements, endKeyMs, heapMib: { before, after } };
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** {MiB} Of the page's objects when its first legs are there. */
async function openedLegs(page: Page, url: string): Promise<number> {
  await page.goto("about:blank");
  await page.goto(`${url}/#/transactions`);
  await page.locator(".leg").first().waitFor();
  return heapOf(page);
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN) / MIB;
}

/** {ms} Until the last leg is drawn. */
async function pressEnd(page: Page, legs: number): Promise<number> {
  await page.locator(".legs").focus();
  const start = performance.now();
  await page.keyboard.press("End");
  await page.locator(`.leg[aria-rowindex="${legs + 1}"] .pill`).waitFor();
  return performance.now() - start;
}

type Counted = {
  readonly legs: number;
  readonly deltas: number[];
  readonly awaitedFrames: number;
  readonly mostRows: number;
  readonly mostElements: number;
};

/** What of a browser's page is used here. */
type Element = {
  scrollTop: number;
  readonly getAttribute: (name: string) => string | null;
  readonly querySelector: (selector: string) => Element | null;
  readonly getElementsByTagName: (name: string) => { readonly length: number };
  readonly querySelectorAll: (selector: string) => { readonly length: number };
};
type Window = {
  readonly document: Element;
  readonly requestAnimationFrame: (call: (time: number) => void) => void;
};

function movedOf({ deltas, awaitedFrames }: Counted): Moved {
  const [median, p95] = [linearQuantile(deltas, [1, 2]), linearQuantile(deltas, [19, 20])];
  return { frames: deltas.length, frameMs: { median, p95, longest: Math.max(...deltas) }, awaitedFrames };
}

/** Runs in the page: a step a frame until the last leg is there. */
async function scrollInPage({ step, frames }: Move): Promise<Counted> {
  const { document, requestAnimationFrame } = globalThis as unknown as Window;
  const list = document.querySelector(".legs");
  if (list === null) throw new TypeError("the page has no list of legs");
  const frame = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame.call(globalThis, resolve);
    });
  const rowCount = Number(list.getAttribute("aria-rowcount"));
  const deltas: number[] = [];
  let [mostRows, mostElements, awaitedFrames] = [0, 0, 0];
  const isThere = (): boolean => list.querySelector(`.leg[aria-rowindex="${rowCount}"] .pill`) !== null;
  for (let last = await frame(); !isThere() && deltas.length < frames;) {
    list.scrollTop += step;
    const now = await frame();
    deltas.push(now - last);
    last = now;
    if (list.querySelector('[aria-busy="true"]') !== null) awaitedFrames++;
    mostRows = Math.max(mostRows, list.querySelectorAll('[role="row"]').length);
    mostElements = Math.max(mostElements, document.getElementsByTagName("*").length);
  }
  return { legs: rowCount - 1, deltas, awaitedFrames, mostRows, mostElements };
}
