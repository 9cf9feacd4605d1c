// Turns a hash into a transaction with the lines that it wrote, for chains without an explorer.
import { type Hash, TransactionNotFoundError, TransactionReceiptNotFoundError } from "viem";

import { decimalString } from "../../core/units.ts";
import { timeString } from "../amounts.ts";
import type { TransactionAnswer } from "../answers/transactions.ts";
import { lineAnswer, linesOfTransaction } from "../index/lines.ts";
import { coinsOfBook } from "../index/tokens.ts";
import { wordsOfLine } from "../line-words.ts";
import { depositCoin } from "../money.ts";
import { NotFoundError, type SiteState } from "../state.ts";

const GWEI_DECIMALS = 9;
const ETHER_DECIMALS = 18;

/** Only transactions that wrote to the ledger are shown: this is no explorer of the chain. @throws NotFoundError */
export async function transactionAnswer(state: SiteState, hash: string): Promise<TransactionAnswer> {
  const { database, fund, tokens } = state;
  const lines = linesOfTransaction(database, hash);
  if (lines.length === 0) throw new NotFoundError(`line of the ledger in transaction ${hash}`);
  const receipt = await receiptOf(state, hash as Hash);
  const { blockNumber, blockHash, from, to, status, gasUsed, effectiveGasPrice } = receipt;
  const coins = coinsOfBook(tokens, depositCoin(fund.deployment));
  return {
    hash,
    block: Number(blockNumber),
    blockHash,
    time: timeString(lines[0]?.time ?? 0),
    from,
    to,
    status,
    gas: Number(gasUsed),
    gasPriceGwei: decimalString(effectiveGasPrice, GWEI_DECIMALS),
    gasEther: decimalString(gasUsed * effectiveGasPrice, ETHER_DECIMALS),
    lines: lines.map(lineAnswer),
    words: lines.map((line) => wordsOfLine(line, coins)),
  };
}

async function receiptOf({ fund }: SiteState, hash: Hash) {
  try {
    return await fund.client.getTransactionReceipt({ hash });
  } catch (error) {
    const isUnknown = error instanceof TransactionNotFoundError || error instanceof TransactionReceiptNotFoundError;
    throw isUnknown ? new NotFoundError(`transaction ${hash} on the node's chain`) : error;
  }
}
