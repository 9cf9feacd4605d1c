// Turns lines and transfers into the shares that each account holds.
import type { Address } from "viem";

import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";
import type { ShareTransfer } from "./transfers.ts";

/** Who has fewer shares after a line, and who has more: an argument's name, the vault, or nobody (minted or burnt). */
type Move = { readonly from: string | undefined; readonly to: string | undefined };

const VAULT = "the vault";

const MOVES: Readonly<Partial<Record<LineEvent, Move>>> = {
  DepositsStruck: { from: undefined, to: VAULT },
  DepositClaimed: { from: VAULT, to: "receiver" },
  RedemptionRequested: { from: "owner", to: VAULT },
  RedemptionCancelled: { from: VAULT, to: "receiver" },
  RedemptionsStruck: { from: VAULT, to: undefined },
  RedeemedInKind: { from: "owner", to: undefined },
  FeeAccrued: { from: undefined, to: "recipient" },
};

/** {share} by account in lower case, the vault included; an account that has none any more has zero. */
export function sharesAfter(
  lines: readonly LedgerLine[],
  transfers: readonly ShareTransfer[],
  vault: Address,
): ReadonlyMap<string, bigint> {
  const shares = new Map<string, bigint>();
  const add = (account: string | undefined, amount: bigint): void => {
    if (account !== undefined) shares.set(account, (shares.get(account) ?? 0n) + amount);
  };
  for (const { event, args } of lines) {
    const move = MOVES[event];
    if (move === undefined) continue;
    const accountOf = (name: string | undefined): string | undefined => {
      if (name === undefined) return undefined;
      return name === VAULT ? vault.toLowerCase() : textOf(args, name);
    };
    const amount = integerOf(args, "shares");
    add(accountOf(move.from), -amount);
    add(accountOf(move.to), amount);
  }
  for (const { from, to, amount } of transfers) {
    add(from, -BigInt(amount));
    add(to, BigInt(amount));
  }
  return shares;
}
