// Turns a call of upkeep that is due into a mined transaction; anyone may send it.
import type { TransactionReceipt } from "viem";

import { assertNever } from "../core/errors.ts";
import type { Upkeep } from "../plan/upkeep.ts";
import { type FundContracts, contractsOf } from "./contracts.ts";
import type { Depositor } from "./depositor.ts";
import { type Call, send } from "./send.ts";

/** Simulates, sends and waits. @throws AppError that says why the chain refuses it. */
export async function sendUpkeep(sender: Depositor, upkeep: Upkeep): Promise<TransactionReceipt> {
  const subject = upkeep.kind === "credit" ? upkeep.controller : upkeep.asset;
  const task = `upkeep:${upkeep.kind}:${subject}`;
  return send(sender, { ...callOf(contractsOf(sender.deployment), upkeep), task });
}

function callOf({ vault, rebalancer }: FundContracts, upkeep: Upkeep): Call {
  switch (upkeep.kind) {
    case "write-down":
      return { ...vault, functionName: "writeDown", args: [upkeep.asset], action: "write the books down" };
    case "mature":
      return { ...vault, functionName: "mature", args: [upkeep.asset], action: "end the youth of the asset" };
    case "probe":
      return { ...rebalancer, functionName: "probe", args: [upkeep.asset], action: "probe the token" };
    case "sweep":
      return { ...rebalancer, functionName: "sweep", args: [upkeep.asset], action: "sweep the surplus" };
    case "credit":
      return { ...vault, functionName: "creditInKind", args: [upkeep.controller], action: "credit the units" };
    default:
      return assertNever(upkeep);
  }
}
