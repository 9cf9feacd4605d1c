// Prints how long the local chain takes to start with 100 assets, and what leaving all of them costs.
import { benchWorld } from "../src/world/bench.ts";

for (const { what, value } of await benchWorld()) console.log(`${what.padEnd(52)} ${value}`);
