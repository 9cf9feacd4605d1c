// Turns journal lines of one nonce into a transaction under way, and each change of it into the next line.
import type { Hex, TransactionReceipt } from "viem";

import type { Journal, JournalEntry, JournalLine } from "./journal.ts";
import type { Urgency } from "./send.ts";
import { type Signed, readSigned } from "./signing.ts";
import type { Submission } from "./submit.ts";

/** A transaction under way: one nonce, one task, and every version that was signed for it. */
export type Flight = {
  readonly task: string;
  /** After "Expected to". */
  readonly action: string;
  readonly urgency: Urgency;
  readonly nonce: number;
  /** Newest last; any of them may be mined. */
  readonly attempts: readonly [Signed, ...Signed[]];
  /** {block} Head when its fees were chosen. */
  readonly pricedAt: bigint;
  /** Head when it was last sent, and what came of it. */
  readonly last?: { readonly head: bigint; readonly answer: Submission };
  /** {block} Head when it was first seen not to be mined. */
  readonly watchedFrom?: bigint;
  /** Where it was found mined. */
  readonly mined?: { readonly hash: Hex; readonly blockHash: Hex };
  /** True once it is sent to everybody, although there is a private relay. */
  readonly isPublic: boolean;
};

/** The newest version. */
export function newestOf({ attempts }: Flight): Signed {
  return attempts.at(-1) ?? attempts[0];
}

/** True for a version that does nothing but use the nonce. */
export function isIdle({ draft }: Signed): boolean {
  return draft.data === "0x";
}

/** Steps after which a nonce is done with. */
const SETTLED: ReadonlySet<string> = new Set(["final", "failed", "dropped", "reconciled"]);

/**
 * The flight that an earlier process left.
 *
 * @param head {block} The chain's present one.
 * @returns Undefined when the lines hold no signed transaction.
 */
export async function flightOf(journal: Journal, newest: JournalEntry, head: bigint): Promise<Flight | undefined> {
  const entries = (await journal.entries({ task: newest.task })).filter(({ nonce }) => nonce === newest.nonce);
  const start = entries.findLastIndex(({ step }) => SETTLED.has(step)) + 1;
  const lines = entries.slice(start);
  const [first, ...more] = lines.flatMap(({ raw }) => (raw === undefined ? [] : [readSigned(raw)]));
  if (first === undefined || newest.nonce === undefined) return undefined;
  const { urgency, action } = noteOf(lines);
  const blockHash = newest.step === "mined" ? newest.note?.["blockHash"] : undefined;
  const mined = { hash: newest.hash ?? first.hash, blockHash: blockHash as Hex };
  return {
    task: newest.task,
    action,
    urgency,
    nonce: newest.nonce,
    attempts: [first, ...more],
    pricedAt: pricedAt(lines) ?? head,
    isPublic: lines.some(({ note }) => note?.["channel"] === "public"),
    ...(blockHash === undefined ? {} : { mined }),
  };
}

/** {block} When the newest version was first sent; zero when that was too cheap. */
function pricedAt(lines: readonly JournalEntry[]): bigint | undefined {
  const sent = lines.slice(lines.findLastIndex(({ raw }) => raw !== undefined)).filter(({ step }) => step === "sent");
  if (sent.at(-1)?.note?.["answer"] === "underpriced") return 0n;
  const found = sent[0]?.note?.["head"];
  return found === undefined ? undefined : BigInt(String(found));
}

function noteOf(lines: readonly JournalEntry[]): { readonly urgency: Urgency; readonly action: string } {
  const note = lines.find(({ step }) => step === "signed")?.note ?? {};
  const found = note["urgency"];
  const urgency = found === "exit" || found === "trade" ? found : "routine";
  return { urgency, action: String(note["action"] ?? "settle an earlier transaction") };
}

/** The line of a signed version. @param more Of the note. */
export function signedLine(
  flight: Flight,
  step: "signed" | "replaced",
  more: NonNullable<JournalLine["note"]> = {},
): JournalLine {
  const { hash, raw, draft } = newestOf(flight);
  const { maximum, tip } = draft.fees;
  return {
    ...lineOf(flight, step),
    hash,
    raw,
    note: {
      action: flight.action,
      urgency: flight.urgency,
      gas: String(draft.gas),
      maxFeePerGas: String(maximum),
      maxPriorityFeePerGas: String(tip),
      ...more,
    },
  };
}

/** The line of a transaction in a block; `fee` {wei} is what it cost. */
export function minedLine(flight: Flight, receipt: TransactionReceipt): JournalLine {
  const isTakenBack = isTakenBackBy(flight, receipt);
  return {
    ...lineOf(flight, "mined"),
    hash: receipt.transactionHash,
    note: {
      block: String(receipt.blockNumber),
      blockHash: receipt.blockHash,
      status: receipt.status,
      fee: String(receipt.gasUsed * receipt.effectiveGasPrice),
      ...(isTakenBack ? { takenBack: true } : {}),
    },
  };
}

/** True when the version that was mined does nothing. */
export function isTakenBackBy({ attempts }: Flight, { transactionHash }: TransactionReceipt): boolean {
  return attempts.some((attempt) => attempt.hash === transactionHash && isIdle(attempt));
}

/** A line about the newest version. */
export function lineOf(flight: Flight, step: JournalLine["step"], note?: JournalLine["note"]): JournalLine {
  const { task, nonce } = flight;
  return { task, step, nonce, hash: newestOf(flight).hash, ...(note === undefined ? {} : { note }) };
}
