// Kills keepers in the middle of rebalances and lets their node answer badly, and says whether anything was done twice.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { UsageError } from "../src/core/errors.ts";
import { misleadKeepers } from "../src/world/chaos/faults.ts";
import { killKeepers } from "../src/world/chaos/kills.ts";
import { openStage } from "../src/world/chaos/stage.ts";
import type { Tally } from "../src/world/chaos/tally.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run chaos -- [options]

  --seed <n>     chooses every moment and every fault (default: 1)
  --kills <n>    how often a keeper is killed (default: 20)
  --cycles <n>   rebalances through a node that answers badly (default: 20)
  --coins <n>    coins of the fund (default: 100, which takes two transactions)
  --minutes <n>  no round begins after it; half of it is for the kills (default: 10)

It ends with 1 when anything was done twice, told wrongly, lost, or cost more than twice the gas.
`;

const MAIN = fileURLToPath(new URL("../src/apps/cli/main.ts", import.meta.url));

await runScript(HELP, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      kills: { type: "string", default: "20" },
      cycles: { type: "string", default: "20" },
      coins: { type: "string", default: "100" },
      minutes: { type: "string", default: "10" },
    },
  });
  const seed = countOf("seed", values.seed, 0);
  const minutes = countOf("minutes", values.minutes, 1);
  const [begun, most] = [Date.now(), minutes * 60_000];
  const [kills, cycles] = [countOf("kills", values.kills, 0), countOf("cycles", values.cycles, 0)];
  const stage = await openStage(countOf("coins", values.coins, 2));
  try {
    console.log("scenario                     rounds  blows  finished  transactions  dearest round  breaches");
    const tallies: Tally[] = [];
    for (const scenario of [
      () => killKeepers(stage, MAIN, { kills, seed, until: begun + most / 2 }),
      () => misleadKeepers(stage, { cycles, seed, until: begun + most }),
    ]) {
      const tally = await scenario();
      tallies.push(tally);
      console.log(line(tally));
      for (const words of tally.breaches) console.log(`  ${words}`);
    }
    return tallies.some(({ breaches }) => breaches.length > 0) ? 1 : 0;
  } finally {
    await stage.close();
  }
});

function countOf(name: string, text: string, least: number): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= least) return count;
  throw new UsageError(`Expected a whole number of ${least} or more as --${name}, found '${text}'.`);
}

function line({ scenario, rounds, blows, finished, transactions, dearest, breaches }: Tally): string {
  const figures = [
    String(rounds).padStart(6),
    String(blows).padStart(6),
    String(finished).padStart(9),
    String(transactions).padStart(13),
    `${dearest.toFixed(2)} x gas`.padStart(14),
    String(breaches.length).padStart(9),
  ];
  return `${scenario.padEnd(28)} ${figures.join(" ")}`;
}
