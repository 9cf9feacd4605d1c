// Turns what a contract or node refuses into a named error with words for the person who has to act.
import { type Abi, BaseError, type Hex, decodeErrorResult } from "viem";

import {
  delayedAccessManagerAbi,
  depositGatewayAbi,
  indexVaultAbi,
  priceOracleAbi,
  rebalancerAbi,
  targetRegistryAbi,
  uniswapV3VenueAbi,
} from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import { REFUSAL_REMEDIES, type Remedy } from "./refusals.ts";

/** A contract's custom error. */
export type CustomError = { readonly name: string; readonly args: readonly unknown[] };

/** A contract refused a call. */
export class ContractRefusedError extends AppError {
  readonly code: string = "CONTRACT_REFUSED";
  readonly kind = "chain";
  /** Name of the custom error; empty when the contract gave none. */
  readonly errorName: string;
  readonly args: readonly unknown[];
  override readonly retryable: boolean;

  constructor(action: string, error: CustomError, cause: unknown) {
    super(`Expected to ${action}, but the contract refused: ${wordsOf(error)}`, { cause });
    this.errorName = error.name;
    this.args = error.args;
    this.retryable = remedyOf(error.name) === "retry";
  }
}

/** The key lacks the role that the call needs. */
export class RoleMissingError extends ContractRefusedError {
  override readonly code = "ROLE_MISSING";
}

/** The node could not be asked, or did not take the transaction. */
export class ChainCallError extends AppError {
  readonly code = "CHAIN_CALL_FAILED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(action: string, cause: unknown) {
    const found = cause instanceof BaseError ? cause.shortMessage : String(cause);
    super(`Expected to ${action}, but the node answered: ${found} Check the node and try again.`, { cause });
  }
}

const ERRORS: Abi = [
  ...indexVaultAbi,
  ...rebalancerAbi,
  ...targetRegistryAbi,
  ...priceOracleAbi,
  ...uniswapV3VenueAbi,
  ...depositGatewayAbi,
  ...delayedAccessManagerAbi,
].filter((item) => item.type === "error");

/** Names of the roles in the AccessManager. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ["0", "admin"],
  ["1", "keeper"],
  ["2", "guardian"],
  ["3", "signer"],
]);

type Wording = (...args: readonly unknown[]) => string;

/** One sentence an error: what was found, and what to do. Times are in seconds since 1970, amounts in raw units. */
const WORDS: Readonly<Record<string, Wording>> = {
  RoleMissing: (caller, role) => {
    const name = ROLES.get(String(role)) ?? `number ${String(role)}`;
    return `the key ${String(caller)} does not hold the ${name} role; use the ${name}'s key.`;
  },
  AccessManagedUnauthorized: (caller) => `the key ${String(caller)} holds no role for this; use the owner's key.`,
  SignerUnknown: (recovered) =>
    `the target was signed by ${String(recovered)}, which does not hold the signer role; sign it with the signer's key.`,
  TargetIdUsed: (id, last) => `target ${String(id)} is not above the last one, ${String(last)}; decide again.`,
  TargetOfOtherWeek: (id, week) =>
    `target ${String(id)} does not belong to week ${String(week)} of the chain's clock; decide for this week.`,
  TargetExpired: (id, until) => `target ${String(id)} was valid until ${moment(until)}; decide again.`,
  TargetNotExecutableYet: (id, at) => `target ${String(id)} may be executed from ${moment(at)} on; wait until then.`,
  TargetNeverExecutable: (id, at, until) =>
    `target ${String(id)} may start from ${moment(at)} on, but ends at ${moment(until)}; sign a later end.`,
  ReturnTooEarly: (until, from) =>
    `the fund may go back into the market from ${moment(from)} on, and the target ends at ${moment(until)}; wait.`,
  WeekPublished: (week) => `week ${String(week)} has its target or level already; decide again next week.`,
  LevelOfOtherWeek: (found, week) => `the level is of week ${String(found)}, and it is week ${String(week)} on chain.`,
  LevelOfOtherRegime: (held) =>
    `a level changes no regime, and the fund is in ${Number(held) === 1 ? "bull" : "bear"}; publish a target.`,
  NotAbandoned: (from) =>
    `anyone may carry out an exit without a target from ${moment(from)} on, if the fund is in the market then.`,
  NothingToSell: (token) => `${String(token)} is a stablecoin, or no more than a unit of it is held; name another.`,
  NoWayOut: (token) =>
    `${String(token)} has no listed pool with a stablecoin near a dollar or with wrapped ether; try again later.`,
  TargetUnknown: (id) => `target ${String(id)} is neither pending nor under way; publish it first.`,
  RebalanceUnderWay: (id, deadline) =>
    `rebalance ${String(id)} is under way until ${moment(deadline)}; finish it first.`,
  NoRebalanceUnderWay: (id) => `rebalance ${String(id)} is not under way; execute it first.`,
  PositionNotExpected: (expected, found) =>
    `the next leg is number ${String(expected)}, not ${String(found)}; another keeper went on: plan again.`,
  TransitLeft: (amount) => `${String(amount)} wei of wrapped ether are still in transit; sell them first.`,
  LossAboveBudget: (spent, limit) =>
    `the rebalance would lose ${percent(spent)} of the fund, more than the ${percent(limit)} allowed; trade less at once.`,
  LossAboveWindow: (loss, left) =>
    `the batch would lose ${percent(loss)} of the fund, and the budget of 30 days has ${percent(left)} left.`,
  NoExitUnderWay: () => "no exit is under way whose budget could be raised.",
  AssetOutsideBand: (asset, value, target) =>
    `asset ${String(asset)} is worth ${dollars(value)} USD but should be ${dollars(target)} USD; trade it first.`,
  PriceMissing: (asset) => `asset ${String(asset)} has no fresh price; wait for its feed, or have it mended.`,
  TooMuchUnpriced: (unpriced, value) =>
    `${dollars(unpriced)} of ${dollars(value)} USD have no fresh price, more than a fiftieth; wait for their feeds.`,
  SweepOutsideMarket: () => "a surplus is swept while the fund is in the market and no rebalance is under way.",
  SweepNotNow: (asset) => `requests are due or asset ${String(asset)} is not held; sweep after the next finish.`,
  NothingToSweep: (asset) => `the token of asset ${String(asset)} has no more than the books say and what is owed.`,
  NothingToWriteDown: (asset) => `the token of asset ${String(asset)} has all that the books say and what is owed.`,
  CashShort: (owed, available) =>
    `redemptions take ${String(owed)} units of the deposit coin and ${String(available)} are there; they wait for the next rebalance.`,
  NotInStablecoins: () => "the fund is not wholly in stablecoins; requests wait for the weekly strike.",
  WeightNotAllowed: (asset) => `asset ${String(asset)} is not listed, or not allowed in this regime.`,
  PartAboveCap: (asset, part, cap) =>
    `asset ${String(asset)} would be ${String(part)} ppm of the fund and may be ${String(cap)}; spread the rest.`,
  PartsWithoutFeedAboveCap: (parts, cap) =>
    `assets without a feed would be ${String(parts)} ppm of the fund and may be ${String(cap)} together.`,
  RequestEmpty: () => "the amount is zero; ask for more.",
  RequestBelowMinimum: (amount, minimum) =>
    `${String(amount)} units were offered and the least is ${String(minimum)}; ask for more.`,
  RequestNotCancellable: (epoch) =>
    `the account has nothing in epoch ${String(epoch)}, or that epoch is closed; a request can be taken back in its week.`,
  AboveClaimable: (amount, claimable) =>
    `${String(amount)} was asked for and ${String(claimable)} is claimable; ask for no more than that.`,
  NotOwnerOrOperator: (caller, owner) =>
    `${String(caller)} may not act for ${String(owner)}; use the owner's key, or have it named operator.`,
  InKindBelowMinimum: (asset, amount, minimum) =>
    `the part of asset ${String(asset)} is ${String(amount)}, less than the ${String(minimum)} demanded.`,
  NothingToClaim: (_owner, asset) => `nothing of asset ${String(asset)} waits for this account.`,
  TransferStillFails: (token) => `the token ${String(token)} still refuses to move; it stays yours: try again later.`,
  GasShort: (left) => `${String(left)} gas are too little for the next transfer; repeat with more.`,
  SharesWithoutValue: () => "the shares are worth nothing, so that no deposit can be priced.",
  ERC20InsufficientBalance: (sender, balance, needed) =>
    `${String(sender)} has ${String(balance)} units and needs ${String(needed)}.`,
  ERC20InsufficientAllowance: (spender, allowance, needed) =>
    `${String(spender)} may take ${String(allowance)} units and needs ${String(needed)}; approve more first.`,
};

/** The custom error behind whatever viem threw; undefined when the contract gave none that is known. */
export function customErrorOf(error: unknown): CustomError | undefined {
  const data = revertData(error);
  if (data === undefined) return undefined;
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data });
    return { name: errorName, args: args ?? [] };
  } catch {
    return undefined;
  }
}

/** Failures of this side after which the task has to be planned on the present state, by their code. */
const REPLAN_CODES: ReadonlySet<string> = new Set(["TRANSACTION_FAILED", "NONCE_TAKEN", "TASK_MOVED_ON", "TAKEN_BACK"]);

/**
 * What helps against a failure: `retry` the same later, `replan` on the present state, or `stop` for a person. A refusal
 * without a known reason is planned anew: nothing was sent, and the state has changed since it was planned. What is no
 * deliberate failure of this project or of the node is a mistake of the program and stops.
 */
export function classOf(error: unknown): Remedy {
  if (error instanceof ContractRefusedError) return remedyOf(error.errorName);
  if (error instanceof BaseError) return classOf(chainError("ask the node", error));
  if (!(error instanceof AppError)) return "stop";
  if (REPLAN_CODES.has(error.code)) return "replan";
  return error.retryable ? "retry" : "stop";
}

function remedyOf(errorName: string): Remedy {
  return REFUSAL_REMEDIES.get(errorName) ?? "replan";
}

/** The error to throw for whatever went wrong while trying to `action` ("publish the target"). */
export function chainError(action: string, error: unknown): AppError {
  const known = appErrorIn(error);
  if (known !== undefined) return known;
  const custom = customErrorOf(error);
  if (custom?.name === "RoleMissing") return new RoleMissingError(action, custom, error);
  if (custom !== undefined) return new ContractRefusedError(action, custom, error);
  if (revertData(error) !== undefined) return new ContractRefusedError(action, { name: "", args: [] }, error);
  return new ChainCallError(action, error);
}

/** A custom error in one sentence. */
export function wordsOf({ name, args }: CustomError): string {
  const words = WORDS[name];
  if (words !== undefined) return words(...args);
  return name === "" ? "it gave no reason." : `${name}(${args.map(String).join(", ")}).`;
}

/** A failure that already has its name, wherever viem put it in the chain of causes. */
function appErrorIn(error: unknown): AppError | undefined {
  for (let current = error; isObject(current); current = current["cause"]) {
    if (current instanceof AppError) return current;
  }
  return undefined;
}

/** The revert data, wherever viem or the node put it in the chain of causes. */
function revertData(error: unknown): Hex | undefined {
  for (let current = error; isObject(current); current = current["cause"]) {
    const found = [current["raw"], current["data"], dataOf(current["data"])].find(isHex);
    if (found !== undefined) return found;
  }
  return undefined;
}

function dataOf(value: unknown): unknown {
  return isObject(value) ? value["data"] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}

function moment(seconds: unknown): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 16)}Z`;
}

/** Whole dollars, for words only. */
function dollars(value: unknown): string {
  return String((value as bigint) / 10n ** 18n);
}

/** D18{1} as a percentage, for words only. */
function percent(value: unknown): string {
  return `${(Number(value) / 1e16).toFixed(2)} %`;
}
