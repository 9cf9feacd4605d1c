// Turns a vault on chain into its ledger, and into the books that the ledger must agree with.
import { type Address, type PublicClient, isAddressEqual } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { unixSeconds } from "../core/units.ts";
import { readLogTimes, readLogs } from "../execute/logs.ts";
import { type Read, readMany } from "../execute/read-many.ts";
import type { ChainPosition } from "./differences.ts";
import { type Ledger, ledgerOf } from "./ledger-file.ts";
import { LogUnreadableError, type VaultLog, isLine, lineOf } from "./lines.ts";
import { transfersBetween } from "./transfers.ts";
import type { Reconstruction } from "./reconstruct.ts";
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
  const times = await readLogTimes(client, logs);
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

/**
 * Reads what the vault itself says of every account of a reconstruction, at the source's last block. Of units it is asked
 * for the tokens that any line owes to anybody.
 */
export async function fetchChainPositions(
  source: LedgerSource,
  { positions, books }: Pick<Reconstruction, "positions" | "books">,
): Promise<ReadonlyMap<string, ChainPosition>> {
  const blockNumber = source.toBlock ?? (await source.client.getBlockNumber());
  const owed = new Set([...books.undelivered.keys()].map((key) => key.split(":")[1] ?? ""));
  const units = [...books.tokens].filter(([, token]) => owed.has(token));
  const found = await Promise.all(
    [...positions].map(async ([account, position]) => {
      const epochs = [position.deposits, position.redemptions].map(({ pending }) => pending.map(({ epoch }) => epoch));
      const asked = { account: account as Address, epochs, units };
      return [account, await fetchPosition(source, asked, blockNumber)] as const;
    }),
  );
  return new Map(found);
}

/** Of whom, in which epochs of deposits and redemptions, and of which tokens by index. */
type Asked = {
  readonly account: Address;
  readonly epochs: readonly (readonly number[])[];
  readonly units: readonly (readonly [index: number, token: string])[];
};

async function fetchPosition(
  { client, vault }: LedgerSource,
  { account, epochs, units }: Asked,
  blockNumber: bigint,
): Promise<ChainPosition> {
  const [depositEpochs = [], redemptionEpochs = []] = epochs;
  const read = (functionName: string, ...args: unknown[]): Read => ({
    address: vault,
    abi: indexVaultAbi,
    functionName,
    args,
  });
  const reads = [
    ...["balanceOf", "maxDeposit", "maxMint", "maxRedeem", "maxWithdraw"].map((name) => read(name, account)),
    ...depositEpochs.map((epoch) => read("pendingDepositRequest", epoch, account)),
    ...redemptionEpochs.map((epoch) => read("pendingRedeemRequest", epoch, account)),
    ...units.map(([index]) => read("inKindClaimable", account, index)),
  ];
  const answers = [...((await readMany(client, reads, blockNumber)) as readonly bigint[])];
  const next = (): bigint => answers.shift() ?? 0n;
  const [shares, depositsGiven, depositsReceivable] = [next(), next(), next()];
  const [redemptionsGiven, redemptionsReceivable] = [next(), next()];
  return {
    shares,
    depositsGiven,
    depositsReceivable,
    redemptionsGiven,
    redemptionsReceivable,
    depositsPending: new Map(depositEpochs.map((epoch) => [epoch, next()])),
    redemptionsPending: new Map(redemptionEpochs.map((epoch) => [epoch, next()])),
    owed: new Map(units.map(([, token]): [string, bigint] => [token, next()])),
  };
}
