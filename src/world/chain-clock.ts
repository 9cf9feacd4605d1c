// Takes the wall clock out of a Hardhat chain: a block without a set time comes one second after the block before it.
import type { HookManager } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

/** How a request goes on, and what the clock needs besides. */
type Passage = {
  readonly proceed: () => Promise<JsonRpcResponse>;
  /** {s} Time of the newest block. */
  readonly latestTime: () => Promise<number>;
  /** Sets the next block's time past the clock. */
  readonly setNext: (time: number) => Promise<JsonRpcResponse>;
};

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
    onRequest: async (...[context, requester, request, next]) => {
      const proceed = (): Promise<JsonRpcResponse> => next(context, requester, request);
      if (requester.id !== connection.id) return proceed();
      return clock(request, {
        proceed,
        latestTime: () => latestTime(connection),
        setNext: (time) => next(context, requester, { ...request, method: SET_TIME, params: [time] }),
      });
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

  async function runAndSet(request: JsonRpcRequest, passage: Passage): Promise<JsonRpcResponse> {
    const response = await passage.proceed();
    if (request.method === SET_TIME) {
      if ("result" in response) nextTime = numberIn(request);
      return response;
    }
    nextTime = request.method === INCREASE_TIME ? nextTime + numberIn(request) : (await passage.latestTime()) + 1;
    await passage.setNext(nextTime);
    return response;
  }

  return (request: JsonRpcRequest, passage: Passage): Promise<JsonRpcResponse> => {
    const { method } = request;
    if (!MINES.has(method) && method !== SET_TIME && method !== INCREASE_TIME) return passage.proceed();
    const result = queue.then(() => runAndSet(request, passage));
    queue = result.catch(() => undefined);
    return result;
  };
}

/** The number, decimal or hexadecimal, that is the request's first parameter. */
function numberIn(request: JsonRpcRequest): number {
  return Number((request.params as readonly unknown[])[0]);
}

async function latestTime(connection: NetworkConnection): Promise<number> {
  const block: unknown = await connection.provider.request({
    method: "eth_getBlockByNumber",
    params: ["latest", false],
  });
  return Number((block as { readonly timestamp: string }).timestamp);
}
