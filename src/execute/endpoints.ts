// Turns several nodes into one viem transport: what decides must be agreed on, the rest comes from whoever answers.
import { type CustomTransport, custom } from "viem";

import { AppError } from "../core/errors.ts";
import { agreedAnswer, isAgreedMethod } from "./agreement.ts";
import { Endpoint, EndpointFailedError, type EndpointHealth, type RpcRequest } from "./endpoint.ts";

/** Too few nodes can be used for what has to be agreed on. */
export class EndpointsTooFewError extends AppError {
  readonly code = "ENDPOINTS_TOO_FEW";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(needed: number, endpoints: readonly Endpoint[]) {
    const states = endpoints.map(({ origin, fault }) => `${origin}: ${fault ?? "well"}`).join("; ");
    super(`Expected ${needed} usable nodes, found fewer (${states}). Wait, or add nodes.`);
  }
}

/** How nodes are asked. */
export type EndpointsOptions = {
  /** HTTP addresses of nodes of one chain. */
  readonly urls: readonly string[];
  readonly chainId: number;
  /** How many must say the same about what decides; two, or one when there is only one node, when left out. */
  readonly agreement?: number;
  /** {s} The age at which a node's newest block shows that it has stopped. */
  readonly maxHeadAge: number;
  /** {block} How far a node may be behind the others. */
  readonly maxLag: number;
  /** {ms} For one answer. */
  readonly timeoutMs: number;
  /** {ms} How long a node that failed is left alone. */
  readonly restMs: number;
  /** {ms} since 1970. */
  readonly clock: { now(): number };
};

/** Several nodes as one. */
export type Endpoints = { readonly transport: CustomTransport; readonly health: () => readonly EndpointHealth[] };

/** Several nodes as one transport of viem. Nothing is asked before it is used. */
export function openEndpoints(options: EndpointsOptions): Endpoints {
  const now = (): number => options.clock.now();
  const endpoints = options.urls.map((url) => new Endpoint(url, { ...options, now }));
  const agreement = options.agreement ?? Math.min(2, endpoints.length);
  const rules = { ...options, agreement, now };
  const request = (asked: RpcRequest): Promise<unknown> => {
    const active = awake(endpoints, agreement);
    if (asked.method === "eth_sendRawTransaction") return broadcast(active, asked);
    if (isAgreedMethod(asked)) return agreedAnswer(active, asked, rules);
    return firstAnswer(active, asked);
  };
  return {
    transport: custom({ request }, { retryCount: 0 }),
    health: () => endpoints.map(({ health }) => health),
  };
}

/** Who is not resting; all when those are too few. */
function awake(endpoints: readonly Endpoint[], agreement: number): readonly Endpoint[] {
  const active = endpoints.filter(({ isResting }) => !isResting);
  return active.length >= agreement ? active : endpoints;
}

/**
 * The first answer. What a node does not know of a transaction another may know.
 *
 * @throws EndpointsTooFewError when none gives one; what the node says when it refuses.
 */
async function firstAnswer(endpoints: readonly Endpoint[], request: RpcRequest): Promise<unknown> {
  let isAnswered = false;
  for (const endpoint of endpoints) {
    try {
      const answer = await endpoint.ask(request);
      if (answer !== null || request.method !== "eth_getTransactionByHash") return answer;
      isAnswered = true;
    } catch (error) {
      if (!(error instanceof EndpointFailedError)) throw error;
    }
  }
  if (isAnswered) return null;
  throw new EndpointsTooFewError(1, endpoints);
}

/**
 * Sends to all at once.
 *
 * @throws EndpointFailedError when no node took it and one did not answer: that one may have it. Otherwise what the first
 *   one says.
 */
async function broadcast(endpoints: readonly Endpoint[], request: RpcRequest): Promise<unknown> {
  const results = await Promise.allSettled(endpoints.map((endpoint) => endpoint.ask(request)));
  const taken = results.find((result) => result.status === "fulfilled");
  if (taken !== undefined) return taken.value;
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  throw failures.find((failure) => failure instanceof EndpointFailedError) ?? failures[0];
}
