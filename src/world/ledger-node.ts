// Turns made-up logs of a vault into a node over HTTP; whatever is not about them is answered by a real local chain.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type Hex, encodeFunctionResult, encodeFunctionData, toHex } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { type MadeLogs, type RawLog, blockHashOf } from "./ledger-maker.ts";
import type { LocalChain } from "./local-chain.ts";

/** A node that listens. */
export type LedgerNode = { readonly url: string; readonly close: () => Promise<void> };

type Call = { readonly id: number; readonly method: string; readonly params?: readonly unknown[] };
type Range = { readonly fromBlock: Hex; readonly toBlock: Hex; readonly address: string };

/** Asked for by the follower: number and head of the last line. */
const LEDGER_CALL = encodeFunctionData({ abi: indexVaultAbi, functionName: "ledger" });

/** Serves on a free port of this machine. */
export async function serveLedger(made: MadeLogs, chain: LocalChain): Promise<LedgerNode> {
  const byBlock = new Map<number, RawLog[]>();
  for (const log of made.logs) {
    const block = Number(log.blockNumber);
    byBlock.set(block, [...(byBlock.get(block) ?? []), log]);
  }
  const context = { made, byBlock, chain };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Call | readonly Call[];
      const calls = [asked].flat();
      void Promise.all(calls.map((call) => answer(context, call))).then((answers) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Context = {
  readonly made: MadeLogs;
  readonly byBlock: ReadonlyMap<number, readonly RawLog[]>;
  readonly chain: LocalChain;
};

async function answer(context: Context, { id, method, params = [] }: Call): Promise<object> {
  try {
    return { jsonrpc: "2.0", id, result: await resultOf(context, method, params) };
  } catch (error) {
    return { jsonrpc: "2.0", id, error: { code: -32_000, message: String(error) } };
  }
}

async function resultOf(context: Context, method: string, params: readonly unknown[]): Promise<unknown> {
  switch (method) {
    case "eth_blockNumber":
      return toHex(context.made.lastBlock);
    case "eth_getLogs":
      return logsOf(context, params[0] as Range);
    case "eth_getBlockByNumber":
      return blockOf(context, params[0]);
    case "eth_getTransactionReceipt":
      return receiptOf(String(params[0]));
    default:
      return passOn(context.made, context.chain, { method, params });
  }
}

function logsOf({ made, byBlock }: Context, { fromBlock, toBlock, address }: Range): readonly RawLog[] {
  if (address.toLowerCase() !== made.logs[0]?.address.toLowerCase()) return [];
  const [from, to] = [Number(fromBlock), Math.min(Number(toBlock), made.lastBlock)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => byBlock.get(from + i) ?? []).flat();
}

async function blockOf({ made, byBlock, chain }: Context, asked: unknown): Promise<object> {
  const block = asked === "latest" ? made.lastBlock : Number(asked);
  const [log] = byBlock.get(block) ?? byBlock.get(made.lastBlock) ?? [];
  const latest = (await chain.provider.request({
    method: "eth_getBlockByNumber",
    params: ["latest", false],
  })) as object;
  return { ...latest, number: toHex(block), hash: blockHashOf(block), timestamp: log?.blockTimestamp };
}

async function passOn(
  { end }: MadeLogs,
  chain: LocalChain,
  { method, params }: Required<Omit<Call, "id">>,
): Promise<unknown> {
  const [call] = params as readonly { readonly data?: Hex; readonly input?: Hex }[];
  if (method === "eth_call" && (call?.data ?? call?.input) === LEDGER_CALL) {
    const result = [BigInt(end.sequence), end.head] as const;
    return encodeFunctionResult({ abi: indexVaultAbi, functionName: "ledger", result });
  }
  // The real chain's blocks have other numbers: whatever is read of it is its newest state.
  const latest = method === "eth_call" || method === "eth_getCode" ? [params[0], "latest"] : [...params];
  return chain.provider.request({ method, params: latest });
}

function receiptOf(hash: string): object {
  return {
    ...{ transactionHash: hash, transactionIndex: "0x0", blockHash: blockHashOf(1), blockNumber: "0x1" },
    ...{ from: `0x${"00".repeat(20)}`, to: `0x${"00".repeat(20)}`, contractAddress: null, logs: [] },
    ...{ gasUsed: "0xb71b00", cumulativeGasUsed: "0xb71b00", effectiveGasPrice: "0x3b9aca00", status: "0x1" },
    ...{ logsBloom: "0x", type: "0x2" },
  };
}
