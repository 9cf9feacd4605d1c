// Takes the wall clock out of a Hardhat chain: a block without a set time comes one second after the block before it.
import type { HookManager } from "hardhat/types/hooks";
import type { NetworkConnection } from "hardhat/types/network";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

type Next = (method: string, params: unknown[]) => Promise<JsonRpcResponse>;

const MINES = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine"]);
const MOVES_CLOCK = new Set(["evm_revert", "evm_increaseTime", "hardhat_mine", "hardhat_reset"]);

/**
 * Makes the times of `connection`'s blocks a function of the requests alone, also of those that come over HTTP.
 *
 * @returns Ends it.
 */
export function takeOverClock(hooks: HookManager, connection: NetworkConnection): () => void {
  const stamp = blockStamper();
  const handlers: Parameters<typeof hooks.registerHandlers<"network">>[1] = {
    onRequest: async (context, requester, request, next) => {
      if (requester.id !== connection.id) return next(context, requester, request);
      const forward: Next = (method, params) =>
        next(context, requester, { jsonrpc: "2.0", id: request.id, method, params });
      return stamp(request, forward, () => next(context, requester, request));
    },
  };
  hooks.registerHandlers("network", handlers);
  return () => {
    hooks.unregisterHandlers("network", handlers);
  };
}

/** One request that mines after the other: a time set for a block must not be taken by another block. */
function blockStamper() {
  let queue: Promise<unknown> = Promise.resolve();
  let latest: number | undefined; // {s} time of the newest block, when known
  let isTimeSet = false;

  async function stampAndRun(
    request: JsonRpcRequest,
    forward: Next,
    run: () => Promise<JsonRpcResponse>,
  ): Promise<JsonRpcResponse> {
    if (request.method === "evm_setNextBlockTimestamp") {
      isTimeSet = true;
      latest = undefined;
    } else if (MOVES_CLOCK.has(request.method)) {
      isTimeSet = request.method === "evm_increaseTime";
      latest = undefined;
    } else if (!isTimeSet && !hasTimeArgument(request)) {
      latest = (latest ?? (await readLatest(forward))) + 1;
      await forward("evm_setNextBlockTimestamp", [latest]);
    } else {
      isTimeSet = false;
      latest = undefined;
    }
    return run();
  }

  return (request: JsonRpcRequest, forward: Next, run: () => Promise<JsonRpcResponse>): Promise<JsonRpcResponse> => {
    if (!MINES.has(request.method) && !MOVES_CLOCK.has(request.method) && request.method !== "evm_setNextBlockTimestamp") {
      return run();
    }
    const result = queue.then(() => stampAndRun(request, forward, run));
    queue = result.catch(() => {
      latest = undefined;
    });
    return result;
  };
}

function hasTimeArgument(request: JsonRpcRequest): boolean {
  return request.method === "evm_mine" && Array.isArray(request.params) && request.params[0] !== undefined;
}

async function readLatest(forward: Next): Promise<number> {
  const response = await forward("eth_getBlockByNumber", ["latest", false]);
  if (!("result" in response)) throw new Error(response.error.message);
  return Number((response.result as { timestamp: string }).timestamp);
}
