// Turns a vault on chain into its ledger, and into the books that the ledger must agree with.
import { type Address, type PublicClient, isAddressEqual } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { unixSeconds } from "../core/units.ts";
import { readBlockTimes, readLogs } from "../execute/logs.ts";
import { type Ledger, ledgerOf } from "./ledger-file.ts";
import { LogUnreadableError, type VaultLog, isLine, lineOf } from "./lines.ts";
import { transfersBetween } from "./transfers.ts";
import type { ChainBooks } from "./verify.ts";

/** Where to read a ledger. */
export type LedgerSource = {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly vault: Address;
  /** Block of the vault's deployment. */
  readonly fromBlock: bigint;
  /** Last block; the newest one when left out. */
  readonly toBlock?: bigint;
};

/** Every bit: asked for all indexes, the vault gives the balances of all. */
const ALL_ASSETS = 2n ** 256n - 1n;

/**
 * Fetches every line that the vault wrote up to a block, and every transfer of shares between accounts.
 *
 * @throws LogUnreadableError when the node gives a log of another contract, or one that does not decode.
 */
export async function fetchLedger(source: LedgerSource): Promise<Ledger> {
  const { client, chainId, vault, fromBlock } = source;
  const toBlock = source.toBlock ?? (await client.getBlockNumber());
  const found = await readLogs(client, { address: vault, fromBlock, toBlock });
  const stranger = found.find(({ address }) => !isAddressEqual(address, vault));
  if (stranger !== undefined) throw new LogUnreadableError(stranger.transactionHash, `one of ${stranger.address}`);
  const logs = found as readonly VaultLog[];
  const times = await readBlockTimes(
    client,
    logs.map(({ blockNumber }) => blockNumber),
  );
  const ordered = logs.map((log) => {
    const time = unixSeconds(times.get(log.blockNumber) ?? 0);
    return { log, time, line: isLine(log) ? lineOf(log, time) : undefined };
  });
  const place = { chainId, vault: vault.toLowerCase() as Address };
  const lines = ordered.flatMap(({ line }) => line ?? []);
  return ledgerOf(place, lines, transfersBetween(ordered, place.vault));
}

/** Reads what the vault itself says at a block: the newest one unless told. */
export async function fetchChainBooks({ client, vault, toBlock }: LedgerSource): Promise<ChainBooks> {
  const contract = { address: vault, abi: indexVaultAbi, ...(toBlock === undefined ? {} : { blockNumber: toBlock }) };
  const [ledger, balances, supply, depositsPending, setAside] = await Promise.all([
    client.readContract({ ...contract, functionName: "ledger" }),
    client.readContract({ ...contract, functionName: "balances", args: [ALL_ASSETS] }),
    client.readContract({ ...contract, functionName: "totalSupply" }),
    client.readContract({ ...contract, functionName: "depositsPending" }),
    client.readContract({ ...contract, functionName: "setAside" }),
  ]);
  const held = balances.map((amount, index) => [index, amount] as const).filter(([, amount]) => amount > 0n);
  const [sequence, head] = ledger;
  return { sequence: Number(sequence), head, balances: new Map(held), supply, depositsPending, setAside };
}
