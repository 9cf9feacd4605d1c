// Turns the chain options and the environment into nodes that are asked as one, a fund on them, and settings of sending.
import { setTimeout as sleep } from "node:timers/promises";

import type { LocalAccount } from "viem";
import { hardhat } from "viem/chains";

import { loadNodes, loadSending } from "../../config/load.ts";
import type { Fund } from "../../execute/contracts.ts";
import { readDeployment } from "../../execute/deployment.ts";
import type { Journal } from "../../execute/journal.ts";
import { type OpenNodes, openNodes, openTransactor } from "../../execute/open-transactor.ts";
import type { Gate } from "../../execute/sending-context.ts";
import type { SendingSettings } from "../../execute/sending-settings.ts";
import { spendingOf } from "../../execute/spending.ts";
import type { Transactor } from "../../execute/transactor.ts";
import type { ChainOptions, KeyOptions } from "./chain-options.ts";
import { LOCAL_POLLING, withFund } from "./fund-access.ts";
import type { Progress } from "./progress.ts";
import { signerOf } from "./signer.ts";

/** A fund, the nodes that it is looked at through, and the account that signs. */
export type Seat = { readonly fund: Fund; readonly nodes: OpenNodes; readonly account: LocalAccount };

/** As withFund, on the nodes of TM100_RPC_URLS, or on that of `--rpc` when none is set. */
export async function withNodes<Result>(
  options: ChainOptions,
  work: (fund: Fund, progress: Progress, nodes: OpenNodes) => Promise<Result>,
): Promise<Result> {
  const { chainId } = await readDeployment(options.deployment);
  const settings = loadNodes(options.rpc);
  const { pollMs } = sendingOf(chainId);
  const nodes = openNodes({ nodes: settings, chainId, pollMs, clock: clockOfNodes(chainId) });
  const [rpc = options.rpc] = settings.urls;
  return withFund({ ...options, rpc }, (fund, progress) => work(fund, progress, nodes), nodes.client);
}

/** As {@link withNodes}, with the account of the key; a missing key is found before a node is asked. */
export async function withSeat<Result>(
  options: KeyOptions,
  work: (seat: Seat, progress: Progress) => Promise<Result>,
): Promise<Result> {
  const account = await signerOf(options, (await readDeployment(options.deployment)).chainId);
  return withNodes(options, (fund, progress, nodes) => work({ fund, nodes, account }, progress));
}

/** Opens transactors of the seat's account behind a gate. @param clock That of the journal. */
export function transactorsOf(
  { nodes, account }: Seat,
  journal: Journal,
  clock: { now(): number },
): (gate: Gate) => Transactor {
  const sending = sendingOf(nodes.chainId);
  const pause = async (ms: number): Promise<void> => {
    await sleep(ms);
  };
  const spending = spendingOf(journal, sending);
  return (gate) => openTransactor(nodes, { sending, account, journal, clock, pause, gate, spending });
}

/** On a local chain each transaction is mined at once, and time stands still between them. */
function sendingOf(chainId: number): SendingSettings {
  const sending = loadSending();
  return chainId === hardhat.id ? { ...sending, pollMs: LOCAL_POLLING, feePatience: 0 } : sending;
}

/** A local chain's blocks have dates of their own, and are never too old: its nodes rest by the age of this process. */
function clockOfNodes(chainId: number): { now(): number } {
  return chainId === hardhat.id ? { now: () => performance.now() } : { now: () => Date.now() };
}
