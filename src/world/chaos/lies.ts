// Turns a node's answer into that of a node that is behind, or of one that says what is not so.
import { numberToHex } from "viem";

/** What is asked of a node. */
export type Question = { readonly method: string; readonly params?: readonly unknown[] | undefined };

/** Asks the node itself. */
export type Ask = (question: Question) => Promise<unknown>;

type Fields = Readonly<Record<string, unknown>>;

/** The answer of a node that is some blocks behind: it does not know yet what came since. */
export async function laggingAnswer(ask: Ask, asked: Question, blocks: number): Promise<unknown> {
  const head = Number(await ask({ method: "eth_blockNumber", params: [] }));
  const before = Math.max(0, head - blocks);
  if (asked.method === "eth_blockNumber") return numberToHex(before);
  const params = (asked.params ?? []).map((one) => (one === "latest" || one === "pending" ? numberToHex(before) : one));
  const answer = await ask({ ...asked, params });
  const block = (answer as Fields | null)?.["blockNumber"];
  if (typeof block !== "string" || Number(block) <= before) return answer;
  return asked.method === "eth_getTransactionByHash" ? { ...(answer as Fields), ...NOT_MINED } : null;
}

const NOT_MINED = { blockHash: null, blockNumber: null, transactionIndex: null };

/**
 * The answer of a node that says what is not so, about all that decides: the head, blocks, nonces, receipts, whether a
 * transaction is there, fees; and the state as it was eight blocks ago.
 *
 * @param shift {1} in [0, 1): which lie.
 */
export async function falseAnswer(ask: Ask, asked: Question, shift: number): Promise<unknown> {
  if (asked.method === "eth_call") return laggingAnswer(ask, asked, 1 + Math.floor(8 * shift));
  const answer = await ask(asked);
  const step = shift < 0.5 ? -1 : 1;
  switch (asked.method) {
    case "eth_blockNumber":
      return numberToHex(Math.max(0, Number(answer) + step * 5));
    case "eth_getTransactionCount":
      return numberToHex(Math.max(0, Number(answer) + step));
    case "eth_getBlockByNumber":
      return answer === null ? null : { ...(answer as Fields), hash: OTHER_HASH };
    case "eth_getTransactionReceipt":
      return falseReceipt(answer as Fields | null, asked, shift);
    case "eth_getTransactionByHash":
      return null;
    case "eth_feeHistory":
      return { ...(answer as Fields), baseFeePerGas: shift < 0.5 ? ["0x0", "0x0"] : [HIGH_FEE, HIGH_FEE] };
    default:
      return answer;
  }
}

const OTHER_HASH = `0x${"ab".repeat(32)}`;
const HIGH_FEE = numberToHex(10n ** 15n);

/** Of a transaction that is not mined that it is; of one that is, that it is not, failed, or is elsewhere. */
function falseReceipt(receipt: Fields | null, { params = [] }: Question, shift: number): Fields | null {
  const place = { blockHash: OTHER_HASH, blockNumber: "0x1", transactionIndex: "0x0" };
  if (receipt === null) return { ...place, transactionHash: params[0], status: "0x1", ...EMPTY_RECEIPT };
  if (shift < 1 / 3) return null;
  return shift < 2 / 3 ? { ...receipt, status: receipt["status"] === "0x1" ? "0x0" : "0x1" } : { ...receipt, ...place };
}

const EMPTY_RECEIPT = {
  ...{ logs: [], logsBloom: `0x${"00".repeat(256)}`, type: "0x2", contractAddress: null },
  ...{ gasUsed: "0x5208", cumulativeGasUsed: "0x5208", effectiveGasPrice: "0x1" },
  ...{ from: `0x${"00".repeat(20)}`, to: null },
};
