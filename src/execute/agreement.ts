// Turns the answers of several nodes into one that enough of them give, for reads that decide what is sent.
import { type Hex, numberToHex } from "viem";

import { AppError } from "../core/errors.ts";
import { type Endpoint, EndpointFailedError, type RpcRequest, isFinalityQuestion } from "./endpoint.ts";

/** Nodes say different things about what decides. */
export class EndpointsDisagreeError extends AppError {
  readonly code = "ENDPOINTS_DISAGREE";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(method: string, answers: readonly Answer[]) {
    const found = answers.map(({ endpoint, key }) => `${endpoint.origin}: ${key}`).join("; ");
    super(`Expected the nodes to agree on ${method}, found ${found}. Nothing is decided on that; asked again later.`);
  }
}

/** Too few nodes answered a read that decides. */
export class EndpointsSilentError extends AppError {
  readonly code = "ENDPOINTS_SILENT";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(method: string, needed: number, endpoints: readonly Endpoint[]) {
    const faults = endpoints.map(({ origin, fault }) => `${origin}: ${fault ?? "well"}`).join("; ");
    super(`Expected answers of ${needed} nodes to ${method}, found fewer (${faults}). Wait, or add nodes.`);
  }
}

/** Rules of agreement. */
export type Agreement = {
  readonly agreement: number;
  readonly maxHeadAge: number; // {s}
  readonly maxLag: number; // {block}
  readonly now: () => number; // {ms}
};

/** What a node said; answers with the same key say the same. */
type Answer = { readonly endpoint: Endpoint; readonly value: unknown; readonly key: string };

type Block = { readonly number: bigint; readonly hash: string; readonly timestamp: number };
type Head = { readonly endpoint: Endpoint; readonly block: Block };
/** A block that enough nodes have. */
type Common = { readonly number: bigint; readonly endpoints: readonly Endpoint[] };

/** True for reads on which it depends what is sent: the head, a block's hash, a nonce, a receipt. */
export function isAgreedMethod({ method }: RpcRequest): boolean {
  return METHODS.has(method);
}

const METHODS: ReadonlySet<string> = new Set([
  "eth_blockNumber",
  "eth_getBlockByNumber",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
]);

/**
 * An answer that `agreement` nodes give. "latest" means the newest block that they have in common.
 *
 * @throws EndpointsDisagreeError, EndpointsSilentError
 */
export async function agreedAnswer(
  endpoints: readonly Endpoint[],
  request: RpcRequest,
  rules: Agreement,
): Promise<unknown> {
  const [first, second] = (request.params ?? []) as readonly unknown[];
  switch (request.method) {
    case "eth_getTransactionReceipt":
      return agreedReceipt(endpoints, request, rules);
    case "eth_getTransactionCount": {
      if (second === "pending") return highest(endpoints, request, rules);
      if (second !== "latest") return agreed(endpoints, request, { rules, keyOf: String });
      const common = await commonHead(endpoints, rules);
      const params = [first, numberToHex(common.number)];
      return agreed(common.endpoints, { ...request, params }, { rules, keyOf: String });
    }
    case "eth_getBlockByNumber": {
      if (isFinalityQuestion(request)) return agreedFinality(endpoints, request, rules);
      if (first !== "latest") return agreed(endpoints, request, { rules, keyOf: hashOf });
      const common = await commonHead(endpoints, rules);
      const params = [numberToHex(common.number), second];
      return agreed(common.endpoints, { ...request, params }, { rules, keyOf: hashOf });
    }
    default:
      return numberToHex((await commonHead(endpoints, rules)).number);
  }
}

/** The newest block that enough nodes say their chain will keep; none when too few know the tag. */
async function agreedFinality(endpoints: readonly Endpoint[], request: RpcRequest, rules: Agreement): Promise<unknown> {
  const answers = await answersOf(endpoints, request, hashOf);
  if (answers.length < rules.agreement) throw failureOf(request, answers, { endpoints, rules });
  const told = answers
    .flatMap(({ endpoint, value }) => (value === null ? [] : [{ endpoint, block: blockOf(value) }]))
    .sort((a, b) => Number(b.block.number - a.block.number));
  const last = told[rules.agreement - 1]?.block.number;
  if (last === undefined) return null;
  const members = told.filter(({ block }) => block.number >= last).map(({ endpoint }) => endpoint);
  const params = [numberToHex(last), false];
  return agreed(members, { ...request, params }, { rules, keyOf: hashOf });
}

/** The newest block that enough nodes have, with the same hash. */
async function commonHead(endpoints: readonly Endpoint[], rules: Agreement): Promise<Common> {
  const request = { method: "eth_getBlockByNumber", params: ["latest", false] };
  const answers = await answersOf(endpoints, request, hashOf);
  const heads = answers.flatMap(({ endpoint, value }) => (value === null ? [] : [{ endpoint, block: blockOf(value) }]));
  for (const { endpoint, block } of heads) endpoint.showed({ number: block.number, at: block.timestamp });
  const fresh = heads.filter((head) => !isOld(head, rules));
  if (fresh.length < rules.agreement) throw new EndpointsSilentError("eth_blockNumber", rules.agreement, endpoints);
  const near = withoutLaggards(fresh, rules);
  const number = near.map(({ block }) => block.number).reduce((a, b) => (a < b ? a : b));
  const params = [numberToHex(number), false];
  const members = near.map(({ endpoint }) => endpoint);
  const blocks = await answersOf(members, { ...request, params }, hashOf);
  const group = majorityOf(blocks, rules);
  if (group === undefined) throw new EndpointsDisagreeError(`block ${number}`, blocks);
  for (const { endpoint, key } of blocks) {
    if (key === group[0].key) continue;
    endpoint.contradicted();
    endpoint.blame(`its block ${number} is another one than the others'`);
  }
  return { number, endpoints: group.map(({ endpoint }) => endpoint) };
}

function isOld({ endpoint, block }: Head, { now, maxHeadAge }: Agreement): boolean {
  const age = Math.floor(now() / 1000) - block.timestamp;
  if (age <= maxHeadAge) return false;
  endpoint.blame(`its newest block is ${age} seconds old`);
  return true;
}

/** Without those that are far behind, as long as enough are left. */
function withoutLaggards(heads: readonly Head[], { agreement, maxLag }: Agreement): readonly Head[] {
  const top = heads.map(({ block }) => block.number).reduce((a, b) => (a > b ? a : b));
  const near = heads.filter(({ block }) => top - block.number <= BigInt(maxLag));
  return near.length >= agreement ? near : heads;
}

/** A receipt that some have and others do not have yet is none. */
async function agreedReceipt(endpoints: readonly Endpoint[], request: RpcRequest, rules: Agreement): Promise<unknown> {
  const answers = await answersOf(endpoints, request, hashOf);
  const group = majorityOf(answers, rules);
  if (group !== undefined) return group[0].value;
  if (answers.some(({ value }) => value === null) && answers.length >= rules.agreement) return null;
  throw failureOf(request, answers, { endpoints, rules });
}

async function agreed(
  endpoints: readonly Endpoint[],
  request: RpcRequest,
  { rules, keyOf }: { readonly rules: Agreement; readonly keyOf: (value: unknown) => string },
): Promise<unknown> {
  const answers = await answersOf(endpoints, request, keyOf);
  const group = majorityOf(answers, rules);
  if (group === undefined) throw failureOf(request, answers, { endpoints, rules });
  for (const { endpoint, key } of answers) if (key !== group[0].key) endpoint.contradicted();
  return group[0].value;
}

/** Nonces of what is pending differ from pool to pool. */
async function highest(endpoints: readonly Endpoint[], request: RpcRequest, rules: Agreement): Promise<Hex> {
  const answers = await answersOf(endpoints, request, String);
  if (answers.length === 0) throw new EndpointsSilentError(request.method, rules.agreement, endpoints);
  return numberToHex(Math.max(...answers.map(({ value }) => Number(value))));
}

function failureOf(
  { method }: RpcRequest,
  answers: readonly Answer[],
  { endpoints, rules }: { readonly endpoints: readonly Endpoint[]; readonly rules: Agreement },
): AppError {
  if (answers.length < rules.agreement) return new EndpointsSilentError(method, rules.agreement, endpoints);
  return new EndpointsDisagreeError(method, answers);
}

/** The largest group that says the same, if it is large enough and no other is as large. */
function majorityOf(answers: readonly Answer[], { agreement }: Agreement): readonly [Answer, ...Answer[]] | undefined {
  const groups = [...Map.groupBy(answers, ({ key }) => key).values()].sort((a, b) => b.length - a.length);
  const [[first, ...more] = [], other = []] = groups;
  if (first === undefined || more.length + 1 < agreement || other.length === more.length + 1) return undefined;
  return [first, ...more];
}

/** What all that answer say, asked at once. Nothing is wrong with these reads: who refuses one is left alone. */
async function answersOf(
  endpoints: readonly Endpoint[],
  request: RpcRequest,
  keyOf: (value: unknown) => string,
): Promise<readonly Answer[]> {
  const answers = await Promise.all(
    endpoints.map(async (endpoint) => {
      try {
        const value = await endpoint.ask(request);
        return { endpoint, value, key: keyOf(value) };
      } catch (error) {
        if (!(error instanceof EndpointFailedError)) endpoint.blame(`it refuses ${request.method}`);
        return undefined;
      }
    }),
  );
  return answers.filter((answer) => answer !== undefined);
}

/** Of a block its own hash, of a receipt its block's and how it ended. */
function hashOf(value: unknown): string {
  if (value === null || typeof value !== "object") return "none";
  const { hash, blockHash, status } = value as Readonly<Record<string, unknown>>;
  return typeof hash === "string" ? hash : `${String(blockHash)} ${String(status)}`;
}

function blockOf(value: unknown): Block {
  const { number, hash, timestamp } = value as Readonly<Record<"number" | "hash" | "timestamp", string>>;
  return { number: BigInt(number), hash, timestamp: Number(timestamp) };
}
