// Rehearses a network's whole life on a local chain, by the code that a real one is operated with.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { readNetwork } from "../src/execute/network.ts";
import type { Account } from "../src/world/rehearsal/account.ts";
import type { Cruelty } from "../src/world/rehearsal/kills.ts";
import type { RehearsalPlace } from "../src/world/rehearsal/open-chain.ts";
import { beginAnew, rehearse, stopRehearsal } from "../src/world/rehearsal/rehearse.ts";
import { runScript } from "./run-script.ts";

const HELP = `npm run rehearse -- <network>

  <network>     a file of deployments/networks: base, ethereum, arbitrum-one, …, or any .json file (default: base)
  --out <dir>   where journal, record, sources and logs go (default: deployments/31337/rehearsal-<network>)
  --fresh       begins anew: ends the chain of an earlier rehearsal in the folder, and removes what is there
  --stop        ends the chain of a rehearsal that is not to go on
  --kill        kills the rehearsal at each of its transactions, before or after the node hears of it in turn, and
                compares what is done in the end with a run that nobody disturbs
  --twice       with --kill: before and after
  --rpc <url>   asks the rehearsal's chain by another address, for example that of a proxy

Deploys on a local chain with what stands in for the network's tokens, feeds and pools, matches the sources, hands over
to a Safe, lives through a deposit, a week in the market and a week out of it, and proves and retells what happened. The
chain is a process of its own: killed at any moment, the same command goes on where the rehearsal stopped.
`;

const ROOT = path.join(import.meta.dirname, "..");

await runScript(HELP, async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string" },
      rpc: { type: "string" },
      fresh: { type: "boolean", default: false },
      stop: { type: "boolean", default: false },
      kill: { type: "boolean", default: false },
      twice: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const name = positionals[0] ?? "base";
  const isFile = name.endsWith(".json");
  const file = isFile ? path.resolve(name) : path.join(ROOT, "deployments", "networks", `${name}.json`);
  const own = `rehearsal-${path.basename(name, ".json")}`;
  const folder = path.resolve(values.out ?? path.join(ROOT, "deployments", "31337", own));
  if (values.stop) {
    console.log((await stopRehearsal(folder)) ? "The chain has ended." : `No chain of a rehearsal in ${folder}.`);
    return 0;
  }
  if (values.fresh || values.kill) await beginAnew(folder);
  const place = { folder, file, network: await readNetwork(file) };
  if (values.kill) return killThrough({ ...place, cruelty: values.twice ? "twice" : "in turn" });
  await rehearse({ ...place, ...(values.rpc === undefined ? {} : { rpc: values.rpc }), say });
  return 0;
});

async function killThrough(place: RehearsalPlace & { readonly cruelty: Cruelty }): Promise<number> {
  const { calmAccountOf, killRehearsal } = await import("../src/world/rehearsal/kills.ts");
  const calm = await calmAccountOf({ ...place, folder: await mkdtemp(path.join(tmpdir(), "calm-")) });
  const begun = Date.now();
  const most = 2 * calm.blocks;
  const { kills, moments, summary, said } = await killRehearsal({ ...place, most, script: import.meta.filename });
  say(said.trimEnd());
  say(`kills        ${kills} at ${moments} moments, in ${Math.round((Date.now() - begun) / 1000)} s`);
  const [found, expected] = [summary, calm].map(wordsOf);
  if (found === expected) say(`calm         a run that nobody disturbed has the same: ${found}`);
  else say(`DIFFERS      found ${found}, expected as in a run that nobody disturbed ${expected}`);
  return found === expected ? 0 : 1;
}

function wordsOf({ transactions, blocks, lines, head, events }: Account): string {
  const { DepositsStruck: deposits = 0, LegExecuted: legs = 0 } = events;
  const counted = `${deposits} strikes of deposits, ${legs} legs, ${lines} lines`;
  return `${transactions} transactions in ${blocks} blocks, ${counted}, head ${head}`;
}

function say(line: string): void {
  console.log(line);
}
