// Turns a line of the ledger and the head before it into the head after it, as the vault does.
import { type Address, type Hex, encodeAbiParameters, keccak256, slice, toEventSelector } from "viem";

import { LINE_EVENTS, type LedgerLine, type LineEvent, type LineValue, abiEventOf, fieldsOf } from "./lines.ts";

/** The head before the first line. */
export const FIRST_HEAD: Hex = `0x${"00".repeat(26)}`;

/** Hashes bytes, given and returned as hexadecimal. */
export type Keccak = (bytes: Hex) => Hex;

/** Gives the head after a line. */
export type HeadAfter = (before: Hex, line: Pick<LedgerLine, "sequence" | "event" | "args">, place: LedgerPlace) => Hex;

/** Where a ledger is written. */
export type LedgerPlace = { readonly chainId: number; readonly vault: Address };

const LINK = [
  { type: "bytes26" },
  { type: "uint256" },
  { type: "address" },
  { type: "uint256" },
  { type: "bytes32" },
] as const;

/** What a head covers of each event: looked up for each line of a long ledger, most of the time went there. */
const SHAPES: ReadonlyMap<LineEvent, Shape> = new Map(LINE_EVENTS.map((event) => [event, shapeOf(event)]));

type Shape = {
  readonly topic: Hex;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly names: ReadonlySet<string>;
  readonly types: readonly { readonly type: string }[];
};

/**
 * The head after a line.
 *
 * @throws TypeError or an error of viem when the arguments are not those of the event.
 * @see IIndexVault: keccak256(abi.encode(head, chain id, vault, sequence, keccak256(abi.encode(topic 0, fields)))), cut
 *   to 26 bytes.
 */
export const headAfter: HeadAfter = headAfterBy(keccak256);

/** `headAfter` with another way to hash: the hashes are most of the time of a long ledger. */
export function headAfterBy(keccak: Keccak): HeadAfter {
  return (before, { sequence, event, args }, { chainId, vault }) => {
    const { topic, fields, names, types } = SHAPES.get(event) ?? shapeOf(event);
    const strangers = Object.keys(args).filter((key) => !names.has(key));
    if (strangers.length > 0) throw new TypeError(`${event} has no ${strangers.join(", ")}`);
    const values = fields.map(({ name, type }) => abiValue(type, args[name]));
    const hash = keccak(encodeAbiParameters(types, [topic, ...values]));
    const link = encodeAbiParameters(LINK, [before, BigInt(chainId), vault, BigInt(sequence), hash]);
    return slice(keccak(link), 0, 26);
  };
}

function shapeOf(event: LineEvent): Shape {
  const fields = fieldsOf(event).map(({ name = "", type }) => ({ name, type }));
  return {
    topic: toEventSelector(abiEventOf(event)),
    fields,
    names: new Set(fields.map(({ name }) => name)),
    types: [{ type: "bytes32" }, ...fields.map(({ type }) => ({ type }))],
  };
}

function abiValue(type: string, value: LineValue | undefined): unknown {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) throw new TypeError(`expected a list of ${type}`);
    return (value as readonly (string | boolean)[]).map((member) => abiValue(type.slice(0, -2), member));
  }
  if (type.startsWith("uint")) return BigInt(value as string);
  return value;
}
