// Turns the embedded market into the whole product at work: depositors, twenty weeks, both switches, the proof.
import { type Command, Option } from "commander";
import type { PublicClient } from "viem";

import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { UsageError } from "../../../core/errors.ts";
import { DEFAULT_SIMULATION, DEMO_WINDOW, simulateMarket } from "../../../market/simulate.ts";
import { type Scene, playDemo, prepareNextWeek } from "../../../world/demo.ts";
import type { Script } from "../../../world/play.ts";
import type { WeekRecord, World } from "../../../world/week.ts";
import { DEFAULT_RPC } from "../deployment-file.ts";
import { requireFreePort } from "../free-port.ts";
import { type ProvenLedger, proofJson, proofText, proveWorld } from "../ledger-report.ts";
import { SIMULATED, jsonOption, parsePort } from "../options.ts";
import { LOOPBACK, PAGE_PORT, openPage } from "../page-server.ts";
import { printJson, printText } from "../output.ts";
import { type ServedChain, serveWorld, untilStopped } from "../serve-chain.ts";
import { weekHeader, weekJson, weekLine } from "../week-report.ts";

type DemoOptions = {
  readonly json: boolean;
  readonly serve: boolean;
  readonly port: number;
  readonly pagePort: number;
};

/** What was told so far. */
type Told = { readonly weeks: WeekRecord[]; readonly events: string[] };

/** The demo's market: embedded, and always the same. */
function scriptOf(): Omit<Script, "between"> {
  return { history: simulateMarket(DEFAULT_SIMULATION), range: DEMO_WINDOW, parameters: DEFAULT_PARAMETERS, steps: 3 };
}

/** Adds `demo` to the program. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("the whole cycle on a local chain with the embedded market")
    .addOption(
      new Option("--serve", "keep chain and page open afterwards, with the next week's target to carry out").default(
        false,
      ),
    )
    .addOption(new Option("--port <port>", "where to serve it on 127.0.0.1").argParser(parsePort).default(8545))
    .addOption(new Option("--page-port <port>", "where to serve the page").argParser(parsePort).default(PAGE_PORT))
    .addOption(jsonOption())
    .action(async (options: DemoOptions, self: Command) => {
      if (!options.serve && self.getOptionValueSource("port") === "cli") {
        throw new UsageError("Expected --serve with --port: without it no chain is kept open.");
      }
      if (options.serve) for (const port of [options.port, options.pagePort]) await requireFreePort(port);
      await demo(options);
    });
}

async function demo(options: DemoOptions): Promise<void> {
  if (!options.json) printText(introduction());
  const script = scriptOf();
  const told: Told = { weeks: [], events: [] };
  let world: World | undefined;
  try {
    for await (const scene of playDemo(script)) {
      ({ world } = scene);
      tell(options, told, scene);
    }
    if (world === undefined) return;
    conclude(options, told, await proveWorld(world));
    if (!options.serve) return;
    await prepareNextWeek(world, script);
    await keepOpen(world, options);
  } finally {
    await world?.market.close();
  }
}

function tell({ json }: DemoOptions, told: Told, { event, week }: Scene): void {
  if (event !== undefined) told.events.push(event);
  if (week !== undefined) told.weeks.push(week);
  if (!json) printText(week === undefined ? `  ${event ?? ""}` : weekLine(week));
}

function conclude({ json }: DemoOptions, { weeks, events }: Told, proven: ProvenLedger): void {
  if (json) printJson({ events, weeks: weeks.map(weekJson), ledger: proofJson(proven) });
  else printText(conclusion(weeks, proven));
}

/** The invitation goes to standard error, so that standard output stays one document with `--json`. */
async function keepOpen(world: World, { port, pagePort }: DemoOptions): Promise<void> {
  const chain = await serveWorld(world, port);
  const client = world.market.chain.publicClient as PublicClient;
  const fund = { client, deployment: world.fund.deployment() };
  const place = { file: ":memory:", data: SIMULATED, rpc: chain.url, port: pagePort, host: LOOPBACK };
  const page = await openPage(fund, place);
  try {
    await untilStopped(() => {
      process.stderr.write(`${invitation({ ...chain, page: page.url })}\n`);
    });
  } finally {
    await page.close();
  }
}

function introduction(): string {
  return [
    "A simulated market of 150 coins, real Uniswap v3 pools, real contracts, one local chain.",
    "Each week: prices move, the engine decides, the signer publishes, the keeper trades, the vault records.",
    "",
    weekHeader(),
  ].join("\n");
}

function conclusion(weeks: readonly WeekRecord[], proven: ProvenLedger): string {
  const exit = weeks.find(({ decision }) => decision.regime === "bear" && decision.previousRegime === "bull");
  const exitLine =
    exit === undefined
      ? []
      : [
          `Out of the market on ${exit.decision.date}: ${exit.legs} legs in ${exit.transactions.length - 1} transaction${exit.transactions.length === 2 ? "" : "s"},`,
          `${exit.transactions
            .filter(({ kind }) => kind === "rebalance")
            .reduce((sum, { gas }) => sum + Number(gas), 0)
            .toLocaleString("en-US")} gas, ${exit.costBps ?? "?"} bps of NAV without gas.`,
          "",
        ];
  return ["", ...exitLine, proofText(proven)].join("\n");
}

/** What a person can do with the chain that stays open. */
export function invitation({ url, deployment, page }: ServedChain & { readonly page: string }): string {
  const node = url === DEFAULT_RPC ? "" : ` --rpc ${url}`;
  const rows = [
    ["plan", "what the next rebalance will do, and cost"],
    ["rebalance --live --account keeper", "carry it out; it strikes the deposit that carol has asked for"],
    ["claim --account carol", "her shares, once it is carried out"],
    ["deposit 1000 --account dave", "ask for shares; they wait for a week that this chain will not see"],
    ["log", "every line of the ledger"],
    ["verify", "prove it"],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    "",
    `The page is open at ${page}.`,
    `The chain stays open at ${url} (deployment file ${deployment}: each port has its own).`,
    "In another terminal:",
    ...rows.map(
      ([command, effect]) => `  npm run -s tm100 -- ${`${command}${node}`.padEnd(width + node.length)}  ${effect}`,
    ),
    "Ctrl-C ends it.",
  ].join("\n");
}
