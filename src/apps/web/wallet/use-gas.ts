// Turns a call into the gas that it takes, estimated by the wallet's own node before anything is signed.
import { useQuery } from "@tanstack/react-query";
import { encodeFunctionData } from "viem";

import type { Call, Sender } from "../../../execute/send.ts";

/** {ms} A node is asked when typing has paused for so long. */
const PAUSE = 300;

/**
 * {gas} That the call would take now, with exactly these arguments.
 *
 * @returns undefined without a call, until the node has answered, and where it cannot tell: what must be approved or
 * signed first makes it refuse.
 */
export function useGas({ client, wallet }: Sender, call: Call | undefined): bigint | undefined {
  const to = call?.address;
  const data = call === undefined ? undefined : encodeFunctionData(call);
  const account = wallet.account.address;
  const query = useQuery({
    queryKey: ["gas", wallet.chain.id, account, to, data],
    queryFn: async ({ signal }) => {
      await pause(signal);
      return client.estimateGas({ account, to, data });
    },
    enabled: call !== undefined,
    retry: false,
  });
  return query.isError ? undefined : query.data;
}

/** Ends early when what was typed has changed meanwhile. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("The question is no longer wanted.", "AbortError"));
    });
  });
}
