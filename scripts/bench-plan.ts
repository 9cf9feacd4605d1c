// Prints what planned trading costs through a year beside trading without a plan, and how fast and with how many calls
// a plan of 100 assets and 300 pools is made.
import { parseArgs } from "node:util";

import { DEFAULT_PARAMETERS } from "../src/config/schema.ts";
import { UsageError } from "../src/core/errors.ts";
import { isoDate } from "../src/core/time.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../src/market/simulate.ts";
import { openMarket } from "../src/market/sources/open-market.ts";
import { benchPlan } from "../src/world/plan-bench.ts";
import { type WayCost, worthOf } from "../src/world/worth.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run bench:plan -- [options]

  --data <dir|simulated>  market data of the year (default: simulated)
  --from <date>           first day, 2022-01-01 if not given
  --to <date>             the day after the last, 2023-01-01 if not given
  --gas-gwei <gwei>       price of gas (default: 10)
  --only <part>           worth or speed
`;

/** {USD} */
const SIZES = [100_000, 1_000_000, 10_000_000] as const;
const SLICES = 10;
/** {wei} */
const GWEI = 1e9;

await runScript(HELP, async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string", default: "simulated" },
      from: { type: "string", default: "2022-01-01" },
      to: { type: "string", default: "2023-01-01" },
      "gas-gwei": { type: "string", default: "10" },
      only: { type: "string" },
    },
  });
  const gwei = Number(values["gas-gwei"]);
  if (!(gwei > 0)) throw new UsageError(`Expected a price of gas above 0, found '${values["gas-gwei"]}'.`);
  if (![undefined, "worth", "speed"].includes(values.only)) {
    throw new UsageError(`Expected --only worth or --only speed, found '${values.only}'.`);
  }
  const speed = await benchPlan();
  if (values.only !== "worth") {
    for (const { what, value } of speed.figures) console.log(`${what.padEnd(56)} ${value}`);
  }
  if (values.only === "speed") return 0;
  const history =
    values.data === "simulated"
      ? simulateMarket(DEFAULT_SIMULATION)
      : (await openMarket(values.data, () => undefined)).history;
  const range = { from: isoDate(values.from), to: isoDate(values.to) };
  console.log(`\n${range.from} to ${range.to} (${values.data}), in the market all the time; bps of the fund's value`);
  console.log("fund [USD]   way              entry   weekly     exit    total   of it gas   off target [%]");
  for (const navUsd of SIZES) {
    const gasPrice = BigInt(Math.round(gwei * GWEI));
    const script = { history, range, parameters: DEFAULT_PARAMETERS, navUsd, gasPrice, slices: SLICES };
    for (const cost of worthOf({ ...script, routerGas: speed.routerGas })) console.log(line(navUsd, cost));
  }
  return 0;
});

function line(navUsd: number, { way, entry, weekly, exit, total, gas, off }: WayCost): string {
  const figures = [entry, weekly, exit, total].map((bps) => bps.toFixed(1).padStart(8)).join(" ");
  const rest = `${gas.toFixed(1).padStart(11)} ${(off * 100).toFixed(2).padStart(16)}`;
  return `${navUsd.toLocaleString("en-US").padStart(10)}   ${way.padEnd(14)} ${figures} ${rest}`;
}
