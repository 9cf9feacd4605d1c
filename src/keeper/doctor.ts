// Turns the fund, the keys, the journal and the clock into what is fit to run and what is not.
import type { Address } from "viem";

import { delayedAccessManagerAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import type { Fund } from "../execute/contracts.ts";
import type { EndpointHealth } from "../execute/endpoint.ts";
import { TRANSACTION_GAS_CAP } from "../execute/send.ts";
import type { KeeperRules } from "./rules.ts";
import type { KeeperStore } from "./store/store.ts";
import { nodeText } from "./watch/nodes.ts";
import { plansLeft } from "./watch/troubles.ts";

/** One thing that was looked at. */
export type Finding = {
  readonly what: string;
  /** `warn`: the keeper runs, with less. `fail`: it does not. */
  readonly state: "ok" | "warn" | "fail";
  readonly found: string;
};

/** Something that the keeper needs is not as it must be. */
export class UnfitError extends AppError {
  readonly code = "UNFIT";
  readonly kind = "risk";

  constructor(findings: readonly Finding[]) {
    const failed = findings.filter(({ state }) => state === "fail").map(({ what }) => what);
    super(`Expected a keeper that can run, but these are not as they must be: ${failed.join(", ")}.`);
  }
}

/** Numbers of the roles in FundConstants.sol. */
const ROLES = { keeper: 1n, signer: 3n } as const;
/** Fewer rebalances than this can be paid: a warning. */
const FEWEST_PLANS = 8;

/** Whether a key holds its role; without a key, what that means. */
export async function checkRole(
  { client, deployment }: Fund,
  role: keyof typeof ROLES,
  address: Address | undefined,
): Promise<Finding> {
  const what = `${role}'s key`;
  if (address === undefined) {
    const missing = role === "signer" ? "decisions must be signed and published elsewhere" : "nothing can be sent";
    return { what, state: "warn", found: `none: ${missing}` };
  }
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [holds] = await client.readContract({ ...manager, functionName: "hasRole", args: [ROLES[role], address] });
  if (holds) return { what, state: "ok", found: `${address} holds the role` };
  return { what, state: "fail", found: `${address} does not hold the ${role} role` };
}

/** Rebalances that the key can pay for, each counted as one full transaction. */
export async function checkMoney({ client }: Fund, address: Address): Promise<Finding> {
  const [balance, price] = await Promise.all([client.getBalance({ address }), client.getGasPrice()]);
  const left = plansLeft({ balance, price, gasPerPlan: Number(TRANSACTION_GAS_CAP) });
  const state = left < 1 ? "fail" : left < FEWEST_PLANS ? "warn" : "ok";
  return { what: "gas money", state, found: `pays ${left} full transactions at the present price` };
}

/** Whether one key is not both. */
export function checkApart(keeper: Address | undefined, signer: Address | undefined): Finding[] {
  if (keeper === undefined || signer === undefined) return [];
  const isSame = keeper.toLowerCase() === signer.toLowerCase();
  if (!isSame) return [{ what: "two keys", state: "ok", found: "keeper and signer have keys of their own" }];
  return [
    { what: "two keys", state: "warn", found: "keeper and signer are one key: whoever steals it may also decide" },
  ];
}

/** Whether the keeper's clock and the chain's agree. @param now {s} */
export async function checkClock({ client }: Fund, now: number, { clockTolerance }: KeeperRules): Promise<Finding> {
  const { timestamp, number } = await client.getBlock();
  const apart = Math.round(now - Number(timestamp));
  const state = Math.abs(apart) > clockTolerance ? "fail" : "ok";
  return { what: "clock", state, found: `${apart} s after block ${number}` };
}

/** How each node did while everything else was looked at. @param now {s} of the chain's clock. */
export function checkNodes(nodes: readonly EndpointHealth[], now: number): Finding[] {
  return nodes.map((node) => {
    const isWell = node.fault === undefined && node.failed === 0 && node.disagreed === 0;
    return { what: `node ${node.origin}`, state: isWell ? "ok" : "warn", found: nodeText(node, now) };
  });
}

/** What is in the journal, and who acts by it. */
export async function checkJournal(store: KeeperStore, names: readonly string[]): Promise<Finding[]> {
  const journals = names.map((name) => store.journal(name));
  const counts = await Promise.all(journals.map(async (journal) => (await journal.entries()).length));
  const open = (await Promise.all(journals.map((journal) => journal.unfinished()))).flat();
  const pause = await store.pause.read();
  return [
    { what: "journal", state: "ok", found: `${counts.reduce((sum, count) => sum + count, 0)} lines at ${store.place}` },
    {
      what: "open transactions",
      state: open.length === 0 ? "ok" : "warn",
      found: open.length === 0 ? "none" : `${open.length}, settled by the next cycle`,
    },
    { what: "pause", state: pause === undefined ? "ok" : "warn", found: pause?.reason ?? "not paused" },
  ];
}

/** The finding of a check that could not be made. */
export function failedCheck(what: string, error: unknown): Finding {
  if (!(error instanceof AppError)) throw error;
  return { what, state: "fail", found: error.message };
}
