// Plays scenarios of chaos, and says whether anything was done twice, told wrongly, lost, or paid for without bounds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";

import { UsageError } from "../src/core/errors.ts";
import type { ChaosBounds, Scenario } from "../src/world/chaos/scenario.ts";
import { SCENARIOS } from "../src/world/chaos/scenarios.ts";
import { headOfTable, linesOf } from "../src/world/chaos/tally.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run chaos -- [options]

  --scenario <names>  only these, separated by commas (default: all):
${SCENARIOS.map(({ name, about }) => `                      ${name}: ${about}`).join("\n")}
  --seed <n>          chooses every moment and every fault (default: 1)
  --quick             a few rounds of each, within 4 minutes
  --minutes <n>       no round begins after them (default: 45, or 4 with --quick)
  --jobs <n>          scenarios at a time, each in a process of its own (default: 2)

It ends with 1 when anything was done twice, told wrongly, lost, or cost more than it may.
`;

const MINUTE = 60_000; // {ms}

type Order = Omit<ChaosBounds, "until"> & {
  readonly scenarios: readonly Scenario[];
  readonly minutes: number;
  readonly jobs: number;
};

await runScript(HELP, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: "string" },
      seed: { type: "string", default: "1" },
      quick: { type: "boolean", default: false },
      minutes: { type: "string" },
      jobs: { type: "string", default: "2" },
      "without-head": { type: "boolean", default: false },
    },
  });
  const { quick: isQuick, scenario } = values;
  const scenarios = scenario === undefined ? SCENARIOS : scenario.split(",").map(scenarioOf);
  const minutes = countOf("minutes", values.minutes ?? (isQuick ? "4" : "45"), 1);
  const [seed, jobs] = [countOf("seed", values.seed, 0), countOf("jobs", values.jobs, 1)];
  if (!values["without-head"]) console.log(headOfTable());
  const [only, ...more] = scenarios;
  if (only !== undefined && more.length === 0)
    return playHere(only, { seed, isQuick, until: Date.now() + minutes * MINUTE });
  return playApart({ scenarios, seed, isQuick, minutes, jobs });
});

async function playHere(scenario: Scenario, bounds: ChaosBounds): Promise<number> {
  let breaches = 0;
  await scenario.play(bounds, (tally) => {
    breaches += tally.breaches.length;
    console.log(linesOf(tally));
  });
  return breaches > 0 ? 1 : 0;
}

/** Each in a process of its own, the longest first. @returns The worst exit code. */
async function playApart({ scenarios, minutes, jobs, ...order }: Order): Promise<number> {
  const end = Date.now() + minutes * MINUTE;
  const shares = scenarios.reduce((sum, { share }) => sum + share, 0);
  const waiting = [...scenarios].sort((a, b) => b.share - a.share);
  let worst = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const left = (end - Date.now()) / MINUTE;
      const part = Math.max(1, Math.floor(Math.min(left, (minutes * jobs * next.share) / shares)));
      worst = Math.max(worst, await playChild(next, { ...order, minutes: part }));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return worst;
}

async function playChild({ name }: Scenario, { seed, isQuick, minutes }: Omit<Order, "scenarios" | "jobs">) {
  const options = ["--scenario", name, "--seed", String(seed), "--minutes", String(minutes), "--without-head"];
  const child = spawn(process.execPath, [import.meta.filename, ...options, ...(isQuick ? ["--quick"] : [])], {
    stdio: "inherit",
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== null && code <= 1) return code;
  console.log(`${name} ended without a result`);
  return code ?? 2;
}

function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`Expected names of scenarios as --scenario, found '${name}'.`);
}

function countOf(name: string, text: string, least: number): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= least) return count;
  throw new UsageError(`Expected a whole number of ${least} or more as --${name}, found '${text}'.`);
}
