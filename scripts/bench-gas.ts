// Prints what the fund's transactions cost in gas, beside their limits, bare swaps and Uniswap's router.
import { benchGas } from "../src/world/gas-bench.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run bench:gas -- [--quick] [--breakdown] [--json FILE] [--check | --record]

--quick       leave out the lines of 200 assets, and the exit without feeds
--breakdown   where the gas of each line goes, by groups of instructions
--json FILE   write the figures there
--check       end with 1 when a figure is above the one on record, bench/gas-snapshot.json
--record      put the figures on record
`;

await runScript(HELP, (args) => benchGas(args, console));
