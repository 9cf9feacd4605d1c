// Turns a call of upkeep that is due into a mined transaction; anyone may send it.
import type { TransactionReceipt } from "viem";

import { assertNever } from "../core/errors.ts";
import type { Upkeep } from "../plan/upkeep.ts";
import { contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import type { Depositor } from "./depositor.ts";
import { type Call, send } from "./send.ts";

/** Simulates, sends and waits. @throws AppError that says why the chain refuses it. */
export async function sendUpkeep(sender: Depositor, upkeep: Upkeep): Promise<TransactionReceipt> {
  const subject = upkeep.kind === "credit" ? upkeep.controller : upkeep.asset;
  const task = `upkeep:${upkeep.kind}:${subject}`;
  return send(sender, { ...callOf(sender.deployment, upkeep), task });
}

function callOf(deployment: Deployment, upkeep: Upkeep): Call {
  const { vault, rebalancer } = contractsOf(deployment);
  switch (upkeep.kind) {
    case "exit": {
      const token = deployment.assets.find(({ index }) => index === upkeep.asset)?.token;
      const call = { ...rebalancer, functionName: "exitAbandoned", args: [token] };
      return { ...call, action: "sell the asset of an abandoned fund", urgency: "exit" };
    }
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
