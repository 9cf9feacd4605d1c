// Prints what the fund's transactions cost in gas, beside their limits, bare swaps and Uniswap's router.
import { benchGas } from "../src/world/gas-bench.ts";

process.exitCode = await benchGas(process.argv.slice(2), console);
