import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Hex } from "viem";

import { unixSeconds } from "../../../src/core/units.ts";
import type { NetworkDeployer } from "../../../src/execute/deploy/deploy-network.ts";
import { readNetwork } from "../../../src/execute/network.ts";
import { type Rehearsal, rehearsalOf } from "../../../src/world/rehearsal/stand-ins.ts";

/** 2024-12-30T00:00:00Z, a Monday. */
export const MONDAY = unixSeconds(1_735_516_800);
/** Of the networks. */
export const FILES = join(import.meta.dirname, "..", "..", "..", "deployments", "networks");

/** A rehearsal, and a folder to deploy into. */
export type OpenRehearsal = Rehearsal & {
  readonly folder: string;
  readonly client: NetworkDeployer["client"];
  readonly deployer: NetworkDeployer;
  readonly close: () => Promise<void>;
};

/** Opens a network's rehearsal with a folder of its own. */
export async function openRehearsal(file: string, at = MONDAY): Promise<OpenRehearsal> {
  const rehearsal = await rehearsalOf(await readNetwork(join(FILES, file)), at);
  const folder = await mkdtemp(join(tmpdir(), "deploy-"));
  const { publicClient: client, accounts } = rehearsal.market.chain;
  const deployer = { client, account: accounts.deployer, folder, fund: "1", confirmations: 1, pollingMs: 10 };
  const close = async (): Promise<void> => {
    await rehearsal.market.close();
    await rm(folder, { recursive: true });
  };
  return { ...rehearsal, folder, client, deployer, close };
}

/** One rehearsal for all tests of a `describe`, as new for each. */
export function useRehearsal(file: string): () => OpenRehearsal {
  let open: OpenRehearsal | undefined;
  let snapshot: Hex;
  const now = (): OpenRehearsal => {
    if (open === undefined) throw new TypeError("a rehearsal is open while tests run");
    return open;
  };
  before(async function () {
    open = await openRehearsal(file);
  });
  after(async function () {
    await open?.close();
  });
  beforeEach(async function () {
    snapshot = await now().market.chain.snapshot();
  });
  afterEach(async function () {
    await now().market.chain.revert(snapshot);
    for (const name of await readdir(now().folder)) await rm(join(now().folder, name), { recursive: true });
  });
  return now;
}
