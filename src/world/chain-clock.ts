// Takes the wall clock out of a Hardhat chain: a block without a set time comes one second after the block before it.
import type { HookManager } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

/** Sends a request past the clock. */
type Forward = (method: string, params: readonly unknown[]) => Promise<JsonRpcResponse>;

const SET_TIME = "evm_setNextBlockTimestamp";
const INCREASE_TIME = "evm_increaseTime";
const MINES = new Set([
  "eth_sendTransaction",
  "eth_sendRawTransaction",
  "evm_mine",
  "evm_revert",
  "hardhat_mine",
  "hardhat_reset",
]);

/**
 * Makes the times of `connection`'s blocks a function of the requests alone, also of those that come over HTTP. What is
 * called or estimated on the pending block sees the same time as the block that follows.
 *
 * @returns Ends it.
 */
export function takeOverClock(hooks: HookManager, connection: NetworkConnection): () => void {
  const clock = secondByBlock();
  const handlers: Parameters<typeof hooks.registerHandlers<"network">>[1] = {
    onRequest: async (context, requester, request, next) => {
      if (requester.id !== connection.id) return next(context, requester, request);
      const forward: Forward = (method, params) =>
        next(context, requester, { jsonrpc: "2.0", id: request.id, method, params: [...params] });
      return clock(request, forward, () => next(context, requester, request));
    },
  };
  hooks.registerHandlers("network", handlers);
  return () => {
    hooks.unregisterHandlers("network", handlers);
  };
}

/** Runs what touches the clock one after the other, and sets the next block's time after each. */
function secondByBlock() {
  let queue: Promise<unknown> = Promise.resolve();
  let nextTime = 0; // {s}

  async function runAndSet(
    request: JsonRpcRequest,
    forward: Forward,
    run: () => Promise<JsonRpcResponse>,
  ): Promise<JsonRpcResponse> {
    const response = await run();
    if (request.method === SET_TIME) {
      if ("result" in response) nextTime = numberIn(request);
      return response;
    }
    nextTime = request.method === INCREASE_TIME ? nextTime + numberIn(request) : (await latestTime(forward)) + 1;
    await forward(SET_TIME, [nextTime]);
    return response;
  }

  return (request: JsonRpcRequest, forward: Forward, run: () => Promise<JsonRpcResponse>): Promise<JsonRpcResponse> => {
    const { method } = request;
    if (!MINES.has(method) && method !== SET_TIME && method !== INCREASE_TIME) return run();
    const result = queue.then(() => runAndSet(request, forward, run));
    queue = result.catch(() => undefined);
    return result;
  };
}

/** The number, decimal or hexadecimal, that is the request's first parameter. */
function numberIn(request: JsonRpcRequest): number {
  return Number((request.params as readonly unknown[])[0]);
}

async function latestTime(forward: Forward): Promise<number> {
  const response = await forward("eth_getBlockByNumber", ["latest", false]);
  if (!("result" in response)) throw new Error(response.error.message);
  return Number((response.result as { timestamp: string }).timestamp);
}
