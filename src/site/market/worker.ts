// Turns a question about market data into facts on a thread of its own: years of data take seconds.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";

import type { IsoDate } from "../../core/time.ts";
import { NO_OUTSIDE_SERIES } from "../../market/outside-series.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../market/simulate.ts";
import { openMarket, openOutsideSeries } from "../../market/sources/open-market.ts";
import { countTrials, parseRegister } from "../../research/register.ts";
import { type MarketFacts, marketFacts } from "./facts.ts";

/** What is asked of the worker. */
export type WorkerQuestion = { readonly data: string; readonly opened: IsoDate; readonly asOf: IsoDate };

/** The value of `data` that stands for the embedded market. */
export const SIMULATED_DATA = "simulated";

const REGISTER = join(import.meta.dirname, "../../../data/trials.jsonl");

/** Reads the data and computes. */
export async function answerMarket({ data, opened, asOf }: WorkerQuestion): Promise<MarketFacts> {
  const ignore = (): void => undefined;
  const isSimulated = data === SIMULATED_DATA;
  const history = isSimulated ? simulateMarket(DEFAULT_SIMULATION) : (await openMarket(data, ignore)).history;
  const outside = isSimulated ? NO_OUTSIDE_SERIES : await openOutsideSeries(data, ignore);
  const trialsRun = existsSync(REGISTER) ? countTrials(parseRegister(readFileSync(REGISTER, "utf8"))) : 0;
  return marketFacts({ history, outside, opened, asOf, data: isSimulated ? data : "store", trialsRun });
}

if (parentPort !== null && isQuestion(workerData)) parentPort.postMessage(await answerMarket(workerData));

function isQuestion(value: unknown): value is WorkerQuestion {
  return typeof value === "object" && value !== null && "opened" in value;
}
