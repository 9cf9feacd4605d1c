// Turns market history into the weekly cycle on a local chain, week by week.
import { type Command, Option } from "commander";

import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { UsageError } from "../../../core/errors.ts";
import { type IsoDate, addDays, mondayOf } from "../../../core/time.ts";
import { decimalString } from "../../../core/units.ts";
import { type Script, depositNew, playWeeks } from "../../../world/play.ts";
import type { WeekRecord, World } from "../../../world/week.ts";
import { parseAmount } from "../chain-options.ts";
import { requireFreePort } from "../free-port.ts";
import { requireWritable, writeLedger } from "../ledger-output.ts";
import { type ProvenLedger, proofJson, proofText, proveWorld } from "../ledger-report.ts";
import { openHistory, refuseBadWeek } from "../market-data.ts";
import { CASH_DECIMALS, dataOption, jsonOption, parseDate, parsePort, strictOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { serveWorld, untilStopped } from "../serve-chain.ts";
import { countNames, weekHeader, weekJson, weekLine } from "../week-report.ts";

type ReplayOptions = {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly data: string;
  readonly deposit: bigint;
  readonly steps: number;
  readonly log: string | undefined;
  readonly serve: number | undefined;
  readonly strict: boolean;
  readonly json: boolean;
};

const USDC = { symbol: "USDC", decimals: CASH_DECIMALS };

/** Adds `replay` to the program. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("the weekly cycle of a span of history, on a local chain with real Uniswap pools")
    .addOption(
      new Option("--from <date>", "first day; the first Monday from it is played")
        .argParser(parseDate)
        .makeOptionMandatory(),
    )
    .addOption(new Option("--to <date>", "the day after the last").argParser(parseDate).makeOptionMandatory())
    .addOption(
      new Option("--deposit <usdc>", "deposited before the first week")
        .argParser((text) => parseAmount(text, USDC))
        .default(parseAmount("1000000", USDC), "1000000"),
    )
    .addOption(
      new Option("--steps <count>", "parts in which the market goes to each week's prices")
        .argParser(parseCount)
        .default(3),
    )
    .addOption(new Option("--log <file>", "write the ledger, for `verify --log`"))
    .addOption(new Option("--serve <port>", "keep the chain at 127.0.0.1 afterwards").argParser(parsePort))
    .addOption(strictOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(replay);
}

async function replay(options: ReplayOptions): Promise<void> {
  requireMonday(options);
  if (options.log !== undefined) requireWritable(options.log);
  if (options.serve !== undefined) await requireFreePort(options.serve);
  const progress = startProgress();
  const weeks: WeekRecord[] = [];
  let world: World | undefined;
  try {
    for await (const step of playWeeks(await scriptOf(options, progress.step))) {
      if (world === undefined && !options.json) printText(weekHeader());
      ({ world } = step);
      if (step.week === undefined) continue;
      weeks.push(step.week);
      if (options.json) progress.step(`played ${step.week.decision.date}`);
      else printText(weekLine(step.week));
    }
    progress.done();
    if (world !== undefined) await conclude(options, world, weeks);
    for (const { decision } of weeks) refuseBadWeek({ decision }, options.strict);
  } finally {
    progress.done();
    await world?.market.close();
  }
}

/** @throws UsageError when the range ends before it begins, or has no Monday to play. */
function requireMonday({ from, to }: ReplayOptions): void {
  if (from >= to) throw new UsageError(`Expected --from before --to, found ${from} and ${to}.`);
  const monday = mondayOf(addDays(from, 6));
  if (monday < to) return;
  throw new UsageError(
    `Expected a range with a Monday in it, found ${from} to ${to}, the last day not included. The next is ${monday}.`,
  );
}

async function scriptOf(
  { data, from, to, deposit, steps }: ReplayOptions,
  tell: (text: string) => void,
): Promise<Script> {
  return {
    history: await openHistory(data, { step: tell, done: () => undefined }),
    range: { from, to },
    parameters: DEFAULT_PARAMETERS,
    steps,
    between: async (world, weeksDone) => {
      if (weeksDone === 0) await depositNew(world, "alice", deposit);
    },
  };
}

async function conclude(options: ReplayOptions, world: World, weeks: readonly WeekRecord[]): Promise<void> {
  const proven = await proveWorld(world);
  if (options.log !== undefined) writeLedger(options.log, proven.ledger);
  if (options.json)
    printJson({
      deposit: decimalString(options.deposit, CASH_DECIMALS),
      names: countNames(weeks),
      weeks: weeks.map(weekJson),
      ledger: proofJson(proven),
    });
  else printText(conclusionText(options, proven, weeks));
  if (options.serve === undefined) return;
  const { url, deployment } = await serveWorld(world, options.serve);
  await untilStopped(() => {
    process.stderr.write(`The chain stays open at ${url} (deployment file ${deployment}); Ctrl-C ends it.\n`);
  });
}

function conclusionText({ log }: ReplayOptions, proven: ProvenLedger, weeks: readonly WeekRecord[]): string {
  const lines = ["", `${countNames(weeks)} names were in the index during ${weeks.length} weeks.`, proofText(proven)];
  return [
    ...lines,
    ...(log === undefined ? [] : [`The ledger is in ${log}; prove it with: tm100 verify --log ${log}`]),
  ].join("\n");
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw new UsageError(`Expected 1 to 100 steps, found '${text}'.`);
  return count;
}
