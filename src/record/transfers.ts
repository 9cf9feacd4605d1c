// Turns the vault's logs into the share transfers that no line of the ledger speaks of: from one account to another.
import { type Address, type Hex, decodeEventLog, parseAbi, toEventSelector, zeroAddress } from "viem";

import type { UnixSeconds } from "../core/units.ts";
import { type LedgerLine, LogUnreadableError, type VaultLog } from "./lines.ts";

/** Shares that went from one account to another. No head covers it. */
export type ShareTransfer = {
  /** Number of the last line before it; zero before the first. */
  readonly after: number;
  readonly from: Address;
  readonly to: Address;
  readonly amount: string; // {share}
  readonly block: number;
  readonly transaction: Hex;
  readonly time: UnixSeconds;
};

/** A log of the vault: a line of the ledger, or one that may be a transfer. */
export type OrderedLog = { readonly log: VaultLog; readonly line: LedgerLine | undefined; readonly time: UnixSeconds };

const TRANSFER_ABI = parseAbi(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
const TRANSFER = toEventSelector(TRANSFER_ABI[0]);

/**
 * Transfers between accounts, in the order of the logs. What is minted, burnt, claimed, handed in or taken back follows
 * from lines and is left out.
 *
 * @param logs All logs of the vault in the order of the chain.
 * @throws LogUnreadableError when a transfer does not decode.
 */
export function transfersBetween(logs: readonly OrderedLog[], vault: Address): ShareTransfer[] {
  const own = vault.toLowerCase();
  const handedIn = requestsByTransaction(logs);
  const found: ShareTransfer[] = [];
  let after = 0;
  for (const { log, line, time } of logs) {
    after = line?.sequence ?? after;
    if (log.topics[0] !== TRANSFER) continue;
    const { from, to, value } = decode(log);
    if ([from, to].includes(zeroAddress) || from === own) continue;
    const { transactionHash: transaction } = log;
    const amount = String(value);
    if (to === own && takeOut(handedIn.get(transaction), `${from}:${amount}`)) continue;
    found.push({ after, from, to, amount, block: Number(log.blockNumber), transaction, time });
  }
  return found;
}

/** Owner and amount of the shares that each transaction hands in. */
function requestsByTransaction(logs: readonly OrderedLog[]): Map<Hex, string[]> {
  const requests = new Map<Hex, string[]>();
  for (const { line } of logs) {
    if (line?.event !== "RedemptionRequested") continue;
    const { owner, shares } = line.args;
    const known = requests.get(line.transaction) ?? [];
    requests.set(line.transaction, [...known, `${String(owner)}:${String(shares)}`]);
  }
  return requests;
}

/** Takes a member out of a list, once; true when it was there. */
function takeOut(list: string[] | undefined, member: string): boolean {
  const place = list?.indexOf(member) ?? -1;
  if (place >= 0) list?.splice(place, 1);
  return place >= 0;
}

function decode({ data, topics, transactionHash }: VaultLog) {
  try {
    const { from, to, value } = decodeEventLog({ abi: TRANSFER_ABI, data, topics }).args;
    return { from: from.toLowerCase() as Address, to: to.toLowerCase() as Address, value };
  } catch (cause) {
    throw new LogUnreadableError(transactionHash, "a transfer of shares that does not decode", cause);
  }
}
