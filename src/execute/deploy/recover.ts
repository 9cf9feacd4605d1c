// Turns the journal of a deployment that was killed into one that can go on, whatever it was killed at.
import { appendFile, open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { trackTransaction } from "@nomicfoundation/ignition-core";
import { type Hex, type PublicClient, TransactionNotFoundError } from "viem";
import { z } from "zod";

import type { Signed, SigningProvider } from "./provider.ts";

const messageSchema = z.object({
  type: z.string(),
  futureId: z.string().optional(),
  networkInteractionId: z.int().optional(),
  nonce: z.int().optional(),
});
type Message = z.infer<typeof messageSchema>;

const hexSchema = z.custom<Hex>((value) => typeof value === "string" && value.startsWith("0x"));
const signedSchema = z.object({ nonce: z.int(), hash: hexSchema, raw: hexSchema });

/** Ignition's journal, and beside it what was signed. */
const JOURNAL = "journal.jsonl";
const SIGNED = "signed.jsonl";
const LINE_BREAK = 0x0a;

/** Writes down what is about to be sent; it is on the disk when this is done. */
export async function noteSigned(folder: string, signed: Signed): Promise<void> {
  const file = await open(join(folder, SIGNED), "a");
  try {
    await appendFile(file, `\n${JSON.stringify(signed)}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Mends a journal whose process was killed. Ignition writes before it sends that a nonce is taken, and after it the
 * hash: killed in between, it goes on only by a hash that it is told. What was signed is known: it is sent again, which
 * changes nothing if it was sent before, and its hash is told. What was prepared and never signed is taken out.
 */
export async function recoverJournal(folder: string, client: PublicClient, provider: SigningProvider): Promise<void> {
  const path = join(folder, JOURNAL);
  await cutOffPart(path);
  await cutOffPart(join(folder, SIGNED));
  const messages = (await linesOf(path)).map((line) => messageSchema.parse(JSON.parse(line)));
  const lost = messages.filter((message, i) => isUnsent(message, messages.slice(i + 1)));
  const signed = (await linesOf(join(folder, SIGNED))).map((line) => signedSchema.parse(JSON.parse(line)));
  for (const message of lost) {
    const known = signed.findLast(({ nonce }) => nonce === message.nonce);
    if (known === undefined) await takeOut(path, message);
    else {
      await sendAgain(client, known);
      await trackTransaction(folder, known.hash, provider, 1);
    }
  }
}

/** Whether a nonce was taken for a transaction about which nothing follows. */
function isUnsent(message: Message, later: readonly Message[]): boolean {
  if (message.type !== "TRANSACTION_PREPARE_SEND") return false;
  return !later.some((other) => isOfSame(message, other));
}

function isOfSame(one: Message, other: Message): boolean {
  return one.futureId === other.futureId && one.networkInteractionId === other.networkInteractionId;
}

async function sendAgain(client: PublicClient, { hash, raw }: Signed): Promise<void> {
  const found = await client.getTransaction({ hash }).catch((error: unknown) => {
    if (error instanceof TransactionNotFoundError) return undefined;
    throw error;
  });
  if (found === undefined) await client.sendRawTransaction({ serializedTransaction: raw });
}

/** Removes the one line that says that a nonce was taken. */
async function takeOut(path: string, message: Message): Promise<void> {
  const lines = await linesOf(path);
  const kept = lines.filter((line) => {
    const other = messageSchema.parse(JSON.parse(line));
    return !(other.type === message.type && isOfSame(message, other) && other.nonce === message.nonce);
  });
  await writeFile(path, kept.map((line) => `\n${line}`).join(""));
}

/**
 * A line that was being written when the process was killed is no line. In both files each line begins with its line
 * break, as Ignition writes them.
 */
async function cutOffPart(path: string): Promise<void> {
  const bytes = await bytesOf(path);
  const last = bytes.lastIndexOf(LINE_BREAK);
  if (last >= 0 && !isJson(bytes.subarray(last).toString("utf8"))) await truncate(path, last);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function linesOf(path: string): Promise<string[]> {
  return (await bytesOf(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
