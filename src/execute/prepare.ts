// Turns a call into a signed transaction: fees within caps and budget, simulated on one exact block, next nonce.
import { type Address, type Hex, encodeFunctionData } from "viem";

import { AppError } from "../core/errors.ts";
import { chainError } from "./errors.ts";
import { type Fees, FeesAboveCapError, capsOf, firstFees, readFeeMarket } from "./fees.ts";
import type { Flight } from "./flight.ts";
import { type Call, TRANSACTION_GAS_CAP, type Urgency } from "./send.ts";
import type { SendingContext } from "./sending-context.ts";
import { signDraft } from "./signing.ts";
import { GasBudgetSpentError } from "./spending.ts";

/** Somebody else uses the same key at this moment. */
export class ForeignTransactionError extends AppError {
  readonly code = "FOREIGN_TRANSACTION";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(address: Address, nonce: number) {
    super(
      `Expected nothing pending from ${address}, but the node has a transaction with nonce ${nonce} that is not in the ` +
        "journal: the key is used by somebody else too. Wait until it is mined, and give each keeper a key of its own.",
    );
  }
}

/** The chain's head changed under every simulation, or an earlier transaction has just vanished from its block. */
export class HeadUnsteadyError extends AppError {
  readonly code = "HEAD_UNSTEADY";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(action: string) {
    super(`Expected to ${action} on a steady head of the chain, but it was reorganized meanwhile. Try later.`);
  }
}

/** A task's call. */
export type Errand = { readonly task: string; readonly call: Call; readonly urgency: Urgency };

/** {1/100} What is added to an estimate of gas. */
const GAS_MARGIN = 25n;
const SIMULATIONS = 3;

/** Signed and not yet kept or sent, and the block {block} on which it was simulated. */
export type Prepared = { readonly flight: Flight; readonly head: bigint };

/**
 * Prepares a call. Nothing is sent.
 *
 * @throws ContractRefusedError when the contract refuses it, FeesAboveCapError when fees stay too high,
 *   GasBudgetSpentError when the budget is used up, ForeignTransactionError when the key is used elsewhere.
 */
export async function prepare(context: SendingContext, errand: Errand): Promise<Prepared> {
  const { task, call, urgency } = errand;
  const to = call.address;
  const data = encodeFunctionData(call);
  const limit = call.gas ?? TRANSACTION_GAS_CAP;
  await affordableFees(context, errand, limit); // waits here, so that what is simulated next is fresh
  const { head, gas } = await simulateOnHead(context, errand, data);
  const fees = await affordableFees(context, errand, gas);
  const nonce = await nextNonce(context, call.action, urgency);
  const signed = await signDraft(context.account, { chainId: context.chainId, nonce, to, data, gas, fees });
  const { action } = call;
  return { flight: { task, action, urgency, nonce, attempts: [signed], pricedAt: head, isPublic: false }, head };
}

/** What to offer; waits while fees are above the cap of what can wait. */
async function affordableFees(context: SendingContext, { task, call, urgency }: Errand, gas: bigint): Promise<Fees> {
  const { client, settings, now, pause, isPressed } = context;
  const until = now() + settings.feePatience * 1000;
  for (;;) {
    const room = await context.roomOf({ task, urgency });
    const caps = capsOf(settings, urgency, { room: room.left, gas });
    const market = await readFeeMarket(client, urgency).catch((error: unknown) => {
      throw chainError("read the fees", error);
    });
    const fees = firstFees(market, caps, urgency);
    const isPoor = room.spent > 0n && caps.maximum < min(settings.fees[urgency].maximumGwei, market.baseFee + caps.tip);
    if (isPoor) throw new GasBudgetSpentError(task, room);
    if (fees !== undefined) return fees;
    if (now() >= until || isPressed()) throw new FeesAboveCapError(call.action, market, caps);
    await pause(settings.pollMs);
  }
}

type Simulated = { readonly head: bigint; readonly gas: bigint };

/** Simulates on the newest block, and again when that block was replaced meanwhile. Keeps it in the journal. */
async function simulateOnHead(context: SendingContext, { task, call }: Errand, data: Hex): Promise<Simulated> {
  const { client, account, journal } = context;
  const from = { account: account.address, to: call.address, data };
  for (let attempt = 0; attempt < SIMULATIONS; attempt++) {
    try {
      const { number, hash } = await client.getBlock({ blockTag: "latest" });
      await client.call({ ...from, blockNumber: number, ...(call.gas === undefined ? {} : { gas: call.gas }) });
      const gas = call.gas ?? withMargin(await client.estimateGas({ ...from, blockNumber: number }));
      if ((await client.getBlock({ blockNumber: number })).hash !== hash) continue;
      await journal.append({ task, step: "simulated", note: { block: String(number), blockHash: hash } });
      return { head: number, gas };
    } catch (error) {
      throw chainError(call.action, error);
    }
  }
  throw new HeadUnsteadyError(call.action);
}

/** {gas} An estimate with room for what changes until it is mined. */
export function withMargin(estimate: bigint): bigint {
  const limit = estimate + (estimate * GAS_MARGIN) / 100n;
  return limit < TRANSACTION_GAS_CAP ? limit : TRANSACTION_GAS_CAP;
}

/**
 * The number of mined transactions: nothing of ours is pending. An exit takes the place of what somebody else sent; what
 * the journal has in a block and the chain does not is settled first, by the next run.
 */
async function nextNonce(context: SendingContext, action: string, urgency: Urgency): Promise<number> {
  const { client, journal, account } = context;
  const { address } = account;
  const mined = await client.getTransactionCount({ address, blockTag: "latest" });
  const isLost = (await journal.unfinished()).some(({ nonce = 0 }) => nonce >= mined);
  if (isLost) throw new HeadUnsteadyError(action);
  const pending = await client.getTransactionCount({ address, blockTag: "pending" });
  if (pending > mined && urgency !== "exit") throw new ForeignTransactionError(address, mined);
  return mined;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
