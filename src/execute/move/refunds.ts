// Turns a vault's log into what an account got back of deposits that it asked for and then cancelled.
import { type AbiEvent, type Address, type PublicClient, getAbiItem, isAddressEqual } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import { readLogs } from "../logs.ts";

/** Whose requests at which vault, between which blocks, both ends included. */
export type RefundQuery = {
  readonly vault: Address;
  readonly account: Address;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
};

const NAMES = ["DepositRequested", "DepositCancelled"] as const;

type Line = { readonly controller: Address; readonly epoch: bigint; readonly assets: bigint };
type RequestLine =
  | { readonly eventName: "DepositRequested"; readonly args: Line & { readonly owner: Address } }
  | { readonly eventName: "DepositCancelled"; readonly args: Line & { readonly receiver: Address } };

/**
 * {tok} of the deposit coin that came back to the account, of its own requests. One that was made before these blocks is
 * none: what it gives back was not paid in within them.
 */
export async function refundedTo(client: PublicClient, query: RefundQuery): Promise<bigint> {
  const { vault, account, fromBlock, toBlock } = query;
  const events = NAMES.map((name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent);
  const range = { address: vault, fromBlock, toBlock, events };
  const lines = (await readLogs(client, range)) as unknown as readonly RequestLine[];
  let [open, refunded]: [Open, bigint] = [new Map(), 0n];
  for (const { eventName, args } of lines.filter((line) => isOwn(line, account))) {
    const { epoch, assets } = args;
    if (eventName === "DepositRequested") open = new Map([...open, [epoch, (open.get(epoch) ?? 0n) + assets]]);
    else {
      const after = without(open, epoch, assets);
      refunded += sumOf(open) - sumOf(after);
      open = after;
    }
  }
  return refunded;
}

/** {tok} by epoch, oldest first. */
type Open = ReadonlyMap<bigint, bigint>;

/** Taken out of the epoch and then of those before it: what starts passed by is given back as one. */
function without(open: Open, epoch: bigint, assets: bigint): Open {
  const after = new Map(open);
  let left = assets;
  for (const [id, paidIn] of [...open].filter(([one]) => one <= epoch).reverse()) {
    const part = left < paidIn ? left : paidIn;
    after.set(id, paidIn - part);
    left -= part;
  }
  return after;
}

function sumOf(open: Open): bigint {
  return [...open.values()].reduce((sum, paidIn) => sum + paidIn, 0n);
}

/** Paid by the account and for it, or given back to it. */
function isOwn({ eventName, args }: RequestLine, account: Address): boolean {
  const other = eventName === "DepositRequested" ? args.owner : args.receiver;
  return isAddressEqual(args.controller, account) && isAddressEqual(other, account);
}
