// Prints how long the local chain takes to start with 100 assets, and what leaving all of them costs.
import { parseArgs } from "node:util";

import { benchWorld } from "../src/world/bench.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run bench:world

It takes no options.
`;

await runScript(HELP, async (args) => {
  parseArgs({ args: [...args], options: {} });
  for (const { what, value } of await benchWorld()) console.log(`${what.padEnd(52)} ${value}`);
  return 0;
});
