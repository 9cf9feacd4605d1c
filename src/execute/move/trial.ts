// Turns calls that an account has not sent into what each of them would do after those before it, and its gas.
import {
  type Address,
  type Hex,
  type PublicClient,
  decodeFunctionResult,
  encodeFunctionData,
  hexToBigInt,
  multicall3Abi,
  size,
} from "viem";

import { AppError } from "../../core/errors.ts";
import { chainError, customErrorOf, wordsOf } from "../errors.ts";
import { MULTICALL3 } from "../read-many.ts";
import type { SafeCall } from "../safe-batch.ts";
import { TRANSACTION_GAS_CAP } from "../send.ts";

/** What a call would do. */
export type Trial = {
  readonly succeeds: boolean;
  readonly gas: bigint; // {gas}
  /** What it returns, or why it reverts. */
  readonly data: Hex;
};

/** The chain lacks the code by which calls are tried, or its node does not lend it to the account. */
export class TrialImpossibleError extends AppError {
  readonly code = "TRIAL_IMPOSSIBLE";
  readonly kind = "chain";

  constructor(found: string, options?: ErrorOptions) {
    super(
      `Expected Multicall3 at ${MULTICALL3} and a node that takes state overrides in eth_call, found ${found}. ` +
        "Name such a node with --rpc.",
      options,
    );
  }
}

/** Where the gas that is left is asked for: an address at which nothing stands. */
const METER: Address = "0x000000000000000000000000000000006a5006a5";
/** GAS PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN: answers with the gas that is left. */
const METER_CODE: Hex = "0x5a60005260206000f3";
/** {gas} Of a batch whatever is in it: the transaction, the multisig's own work with up to ten signatures. */
export const SAFE_GAS = 120_000n;
/** {gas} A byte of calldata, and its way through the multisig's memory. */
const BYTE_GAS = 20n;
/** {gas} What the multisig adds to each call of a batch. */
const CALL_GAS = 3000n;

/**
 * Tries the calls one after the other as if the account sent them, in the newest block; what reverts changes nothing for
 * the calls after it. Nothing is sent. For the length of the trial the account has the code of Multicall3, which calls
 * in the account's name, as a batch of a multisig does.
 *
 * @throws TrialImpossibleError where there is no Multicall3, or a node does not lend its code to the account.
 * @throws ChainCallError when the node does not answer, or all calls together need more than a transaction may use.
 */
export async function tryCalls(client: PublicClient, from: Address, calls: readonly SafeCall[]): Promise<Trial[]> {
  if (calls.length === 0) return [];
  const code = await client.getCode({ address: MULTICALL3 });
  if (code === undefined || code === "0x") throw new TrialImpossibleError("no code there");
  const meter = { target: METER, allowFailure: true, callData: "0x" } as const;
  const tried = calls.flatMap(({ to, data }) => [meter, { target: to, allowFailure: true, callData: data }]);
  const data = encodeFunctionData({ abi: multicall3Abi, functionName: "aggregate3", args: [[...tried, meter]] });
  const stateOverride = [
    { address: from, code },
    { address: METER, code: METER_CODE },
  ];
  const answer = await client
    .call({ account: from, to: from, data, gas: TRANSACTION_GAS_CAP, stateOverride })
    .catch((error: unknown) => {
      throw chainError("try the transactions", error);
    });
  try {
    return trialsIn(answer.data ?? "0x", calls.length);
  } catch (cause) {
    throw new TrialImpossibleError("an answer that is not of Multicall3 at the account", { cause });
  }
}

/** What stands in the answer. @throws what viem throws when the account or the meter answered without its code. */
function trialsIn(data: Hex, count: number): Trial[] {
  const results = decodeFunctionResult({ abi: multicall3Abi, functionName: "aggregate3", data });
  const gasAt = (i: number): bigint => hexToBigInt(results[i]?.returnData ?? "0x");
  return Array.from({ length: count }, (_, i) => {
    const result = results[2 * i + 1];
    // Each answer is 63 parts of 64 of what is left.
    const gas = ((gasAt(2 * i) - gasAt(2 * i + 2)) * 64n) / 63n;
    return { succeeds: result?.success === true, gas, data: result?.returnData ?? "0x" };
  });
}

/** {gas} Of calls in a batch, rounded up: what they use, and what the multisig adds to each. */
export function callsGasOf(calls: readonly SafeCall[], trials: readonly Pick<Trial, "gas">[]): bigint {
  const inner = trials.reduce((sum, { gas }) => sum + gas, 0n);
  const bytes = calls.reduce((sum, { data }) => sum + BigInt(size(data)), 0n);
  return inner + bytes * BYTE_GAS + BigInt(calls.length) * CALL_GAS;
}

/** Why a call would revert. */
export function refusalOf({ data }: Pick<Trial, "data">): string {
  const custom = customErrorOf({ data });
  if (custom === undefined) return "no reason was given";
  // A reason in words: routers and tokens give those.
  return custom.name === "Error" ? String(custom.args[0]) : wordsOf(custom).replace(/\.$/, "");
}
