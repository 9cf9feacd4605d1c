// Turns one node's address into answers, with its health kept and its address, which may hold a secret, in no message.
import { HttpRequestError, RpcRequestError, TimeoutError, http } from "viem";

import { AppError } from "../core/errors.ts";
import { isAboutRate, isBlockMissing } from "./log-refusals.ts";

/** A JSON-RPC request. */
export type RpcRequest = { readonly method: string; readonly params?: unknown };

/** A node gave no usable answer. */
export class EndpointFailedError extends AppError {
  readonly code = "ENDPOINT_FAILED";
  readonly kind = "chain";
  override readonly retryable = true;
  readonly origin: string;

  constructor(origin: string, reason: string) {
    super(`Expected an answer of the node at ${origin}, but ${reason}. Others are asked; check it if that lasts.`);
    this.origin = origin;
  }
}

/** What one endpoint needs to know. */
export type EndpointOptions = {
  /** Asked for once, and again after each failure; not at all when left out. */
  readonly chainId?: number;
  /** {ms} For one answer. */
  readonly timeoutMs: number;
  /** {ms} How long an endpoint that failed is left alone while others answer. */
  readonly restMs: number;
  /** {ms} since 1970. */
  readonly now: () => number;
};

/** How a node does, counted since this process began. */
export type EndpointHealth = {
  /** Without the path of its address, which may hold a secret. */
  readonly origin: string;
  /** Why it was not used lately; undefined when it does well. */
  readonly fault: string | undefined;
  /** It is left alone for now. */
  readonly isResting: boolean;
  /** Requests. */
  readonly asked: number;
  /** Times that it gave no usable answer, or that its answer showed that it cannot be used. */
  readonly failed: number;
  /** Times that enough others said something else about what decides. */
  readonly disagreed: number;
  /** Its newest block when it was last looked at, with its time {s}; undefined before. */
  readonly head: { readonly number: bigint; readonly at: number } | undefined;
};

/** One node and how it does. */
export class Endpoint {
  readonly origin: string;
  readonly #options: EndpointOptions;
  readonly #request: (request: RpcRequest) => Promise<unknown>;
  #isVetted = false;
  #restsUntil = 0;
  #fault: string | undefined;
  #asked = 0;
  #failed = 0;
  #disagreed = 0;
  #head: EndpointHealth["head"];

  constructor(url: string, options: EndpointOptions) {
    this.origin = new URL(url).origin;
    this.#options = options;
    const { request } = http(url, { retryCount: 0, timeout: options.timeoutMs })({ retryCount: 0 });
    this.#request = (asked) => request(asked as never);
  }

  /** Why it was not used lately; undefined when it does well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get isResting(): boolean {
    return this.#options.now() < this.#restsUntil;
  }

  /** How it does. */
  get health(): EndpointHealth {
    const { origin, fault, isResting } = this;
    const counts = { asked: this.#asked, failed: this.#failed, disagreed: this.#disagreed };
    return { origin, fault, isResting, ...counts, head: this.#head };
  }

  /** Notes its newest block. */
  showed(head: NonNullable<EndpointHealth["head"]>): void {
    this.#head = head;
  }

  /** Notes that enough others said something else. */
  contradicted(): void {
    this.#disagreed += 1;
  }

  /**
   * Its answer, after its chain id was checked once.
   *
   * @throws EndpointFailedError when it gives none, or is of another chain; RpcRequestError when it refuses.
   */
  async ask(request: RpcRequest): Promise<unknown> {
    this.#asked += 1;
    if (!this.#isVetted && this.#options.chainId !== undefined) await this.#vet(this.#options.chainId);
    const answer = await this.#answer(request);
    this.#fault = undefined;
    return answer;
  }

  /** Leaves it alone for a while. */
  blame(reason: string): EndpointFailedError {
    this.#fault = reason;
    this.#failed += 1;
    this.#restsUntil = this.#options.now() + this.#options.restMs;
    this.#isVetted = false;
    return new EndpointFailedError(this.origin, reason);
  }

  async #vet(chainId: number): Promise<void> {
    const found = Number(
      await this.#answer({ method: "eth_chainId", params: [] }).catch((error: unknown) => {
        throw error instanceof EndpointFailedError ? error : this.blame("it does not tell its chain");
      }),
    );
    if (found !== chainId) throw this.blame(`it is of chain ${found} instead of ${chainId}`);
    this.#isVetted = true;
  }

  async #answer(request: RpcRequest): Promise<unknown> {
    try {
      return await this.#request(request);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal === undefined) throw this.blame(reasonOf(error));
      if (isAboutRate(refusal.code, refusal.details)) throw this.blame("it limits the rate of requests");
      if (isFinalityQuestion(request)) return null; // the node has no such block, or does not know the tag
      if (isBlockMissing(refusal.details)) throw new EndpointFailedError(this.origin, "it does not have the block");
      const { code, details: message, data } = refusal;
      throw new RpcRequestError({ body: {}, error: { code, message, data }, url: this.origin });
    }
  }
}

/** True when a node is asked which block its chain will keep. */
export function isFinalityQuestion({ method, params }: RpcRequest): boolean {
  const [tag] = (params ?? []) as readonly unknown[];
  return method === "eth_getBlockByNumber" && (tag === "finalized" || tag === "safe");
}

/** The node's own refusal, wherever viem put it in the chain of causes. */
function refusalIn(error: unknown): RpcRequestError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof RpcRequestError) return current;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof TimeoutError) return "it did not answer in time";
  if (error instanceof HttpRequestError && error.status !== undefined) return `it answered with status ${error.status}`;
  return "it could not be reached, or its answer was cut off";
}
