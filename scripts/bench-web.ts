// Prints how fast ten years of a ledger are indexed, how long each answer takes, how the page scrolls, and what load is borne.
import { parseArgs } from "node:util";

import autocannon from "autocannon";

import { PAGE_FOLDER } from "../src/apps/server/page-folder.ts";
import { type SiteServer, serveSite } from "../src/apps/server/server.ts";
import { UsageError } from "../src/core/errors.ts";
import { linearQuantile } from "../src/core/statistics.ts";
import { Site } from "../src/site/site.ts";
import { type BenchFund, benchIndex, openBenchFund } from "../src/world/web-bench.ts";
import { type Moved, scrollHindrance, scrollLegs } from "./bench-scroll.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run bench:web -- [options]

  --weeks <n>    weeks of the ledger (default: 520)
  --legs <n>     legs of a week (default: 100)
  --scroll <n>   legs of a week in the list that a browser scrolls through (default: 200; 0 for none)
  --readers <n>  readers at once (default: 500)
  --seconds <n>  how long they read (default: 60)
  --rate <n>     questions a second of all readers together (default: as fast as they can)
`;

/** Made anew for each question: what a reader waits for who is the first after a new block. */
const QUESTIONS = 31;
const HOST = "127.0.0.1";
const NO_PAGE = "/nonexistent";

await runScript(HELP, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      weeks: { type: "string", default: "520" },
      legs: { type: "string", default: "100" },
      scroll: { type: "string", default: "200" },
      readers: { type: "string", default: "500" },
      seconds: { type: "string", default: "60" },
      rate: { type: "string" },
    },
  });
  const [weeks, legs] = [whole(values.weeks), whole(values.legs)];
  const scrolled = values.scroll === "0" ? undefined : { weeks, legs: whole(values.scroll) };
  const bench = await openBenchFund({ weeks, legs });
  try {
    await printIndex(bench);
    const site = await openSite(bench);
    try {
      await printAnswers(site, bench);
      const rate = values.rate === undefined ? {} : { overallRate: whole(values.rate) };
      await printLoad(site, { connections: whole(values.readers), duration: whole(values.seconds), ...rate });
    } finally {
      await site.close();
    }
  } finally {
    await bench.close();
  }
  await printScroll(scrolled);
  return 0;
});

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100_000) {
    throw new UsageError(`Expected a whole number from 1 to 100000, found '${text}'.`);
  }
  return value;
}

function row(what: string, value: string): void {
  console.log(`${what.padEnd(58)} ${value}`);
}

async function printIndex(bench: BenchFund): Promise<void> {
  const { lines, seconds, processorSeconds, restartSeconds, restartQuestions } = await benchIndex(bench);
  row(`index of ${lines} lines, heads checked`, `${seconds.toFixed(2)} s, ${(lines / seconds).toFixed(0)} lines/s`);
  row("  of processor time, the node's part included", `${(lines / processorSeconds).toFixed(0)} lines/s`);
  row("restart", `${(1000 * restartSeconds).toFixed(0)} ms, ${restartQuestions} questions to the node`);
}

async function openSite({ fund, rpc }: BenchFund): Promise<Site> {
  const site = new Site({ fund, file: ":memory:", data: "simulated", rpc, clock: () => performance.now() });
  do {
    await site.refresh();
    await new Promise((resolve) => setTimeout(resolve, 200));
  } while (site.state().market.state === "reading" || site.state().slow === undefined);
  const { troubles } = site.state();
  if (troubles.length > 0) throw new TypeError(troubles.join("; "));
  return site;
}

async function printAnswers(site: Site, { fund, made }: BenchFund): Promise<void> {
  let version = 0;
  const anew = {
    state: () => site.state(),
    subscribe: (listener: Parameters<Site["subscribe"]>[0]) => site.subscribe(listener),
    get version() {
      return ++version;
    },
  };
  const server = await serveSite({ site: anew, host: HOST, port: 0, page: NO_PAGE });
  const middle = Math.floor(made.end.sequence / 2);
  const paths = [
    ...["/api/site", "/api/now", "/api/gauges", "/api/holdings", "/api/rebalances", "/api/legs"],
    ...[`/api/legs?cursor=${middle}`, "/api/legs?coin=bitcoin", "/api/legs?search=eth", "/api/legs?outcome=skipped"],
    ...["/api/legs?limit=500", `/api/ledger?from=${middle}`, "/api/decisions", "/api/decisions/2022-01-03"],
    ...["/api/performance", "/api/backtest", "/api/invest", "/api/rules", "/api/health"],
    `/api/account/${fund.deployment.addresses.gateway}`,
  ];
  try {
    for (const path of paths)
      row(path, `${linearQuantile(await timesOf(server, path), [1, 2]).toFixed(1)} ms at the median`);
  } finally {
    await server.close();
  }
}

async function timesOf({ url }: SiteServer, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let question = 0; question < QUESTIONS; question++) {
    const start = performance.now();
    const answer = await fetch(`${url}${path}`);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new TypeError(`${path} was answered with ${answer.status}`);
    times.push(performance.now() - start);
  }
  return times;
}

/** A list of its own length, in a real browser. */
async function printScroll(size: { readonly weeks: number; readonly legs: number } | undefined): Promise<void> {
  const hindrance = size === undefined ? "--scroll 0" : scrollHindrance();
  if (hindrance !== undefined) row("scrolling through the legs", `skipped: ${hindrance}`);
  if (size === undefined || hindrance !== undefined) return;
  const bench = await openBenchFund(size);
  const site = await openSite(bench);
  const server = await serveSite({ site, host: HOST, port: 0, page: PAGE_FOLDER });
  try {
    const { legs, look, drag, mostRows, mostElements, endKeyMs, heapMib } = await scrollLegs(server.url);
    row(`scrolling ${legs} legs, 13 rows a frame`, framesWords(look));
    row("  on to the last, 87 rows a frame", framesWords(drag));
    row("  in the page at most", `${mostRows} rows, ${mostElements} elements`);
    row("  memory at the first leg, after the last", `${heapMib.before.toFixed(1)}, ${heapMib.after.toFixed(1)} MiB`);
    row("  from the key End to the last leg", `${endKeyMs.toFixed(0)} ms`);
  } finally {
    await server.close();
    await site.close();
    await bench.close();
  }
}

function framesWords({ frames, frameMs: { median, p95, longest }, awaitedFrames }: Moved): string {
  const times = [median, p95, longest].map((ms) => ms.toFixed(0)).join(", ");
  return `${times} ms a frame: median, p95, longest of ${frames}; ${awaitedFrames} with a row on its way`;
}

async function printLoad(
  site: Site,
  load: { readonly connections: number; readonly duration: number; readonly overallRate?: number },
): Promise<void> {
  const server = await serveSite({ site, host: HOST, port: 0, page: NO_PAGE });
  const paths = ["/api/now", "/api/holdings", "/api/legs", "/api/rebalances", "/api/performance", "/api/health"];
  try {
    const result = await autocannon({
      url: server.url,
      ...load,
      workers: 1,
      requests: paths.map((path) => ({ method: "GET", path })),
    });
    const { requests, latency, errors, timeouts, non2xx } = result;
    row(
      `${load.connections} readers for ${load.duration} s`,
      `${requests.total} answers, ${requests.average.toFixed(0)} a second`,
    );
    row("  errors, timeouts, refusals", `${errors}, ${timeouts}, ${non2xx}`);
    row("  time of an answer, median and p99", `${latency.p50} ms, ${latency.p99} ms`);
  } finally {
    await server.close();
  }
}
