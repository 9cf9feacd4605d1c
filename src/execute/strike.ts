// Turns requests that wait while the fund is in stablecoins into a mined strike; anyone may send it.
import type { TransactionReceipt } from "viem";

import { contractsOf } from "./contracts.ts";
import type { Depositor } from "./depositor.ts";
import { send } from "./send.ts";

/** Strikes all requests at once. @throws ContractRefusedError when the fund is not wholly in stablecoins. */
export async function strikeInStablecoins(sender: Depositor): Promise<TransactionReceipt> {
  const { rebalancer } = contractsOf(sender.deployment);
  return send(sender, { ...rebalancer, functionName: "strikeInStablecoins", args: [], action: "strike the requests" });
}
